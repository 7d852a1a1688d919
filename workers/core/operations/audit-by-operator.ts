import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { auditLedger, type LedgerAudit } from '../credits/audit-ledger';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/** Recomputes every ledger and every chain (`auditLedger`), and records that it was done, with how much was found. */
export async function auditByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence }: { whence: Whence },
): Promise<LedgerAudit> {
	const audit = await auditLedger(deps);
	const facts = { accounts: String(audit.accounts), violations: String(audit.violations.length) };
	const record = await operatorStatement(deps, { whence, accountId: null, action: 'ledger.audited', facts });
	await withD1Retry(() => record.statement.run());
	return audit;
}
