import { auditLedger } from '../../workers/core/credits/audit-ledger';
import type { Database } from '../../workers/core/deps';

/**
 * For every account: posted is the sum of entries, held the sum of unresolved holds, posted − held ≥ 0, and captures and
 * captured holds match one to one in amount. That a hold resolves at most once is its resolution's primary key.
 */
export async function expectLedgerIsSound(db: Database): Promise<void> {
	const { violations } = await auditLedger({ db });
	if (violations.length > 0) throw new Error(`the ledger is not sound:\n${violations.join('\n')}`);
}
