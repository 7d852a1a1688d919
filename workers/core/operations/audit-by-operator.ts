import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { auditPurchases } from '../billing/audit-purchases';
import { auditLedger, type LedgerAudit } from '../credits/audit-ledger';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { countUnsealed } from '../vault/seal-earlier';

/**
 * Recomputes every ledger and every chain (`auditLedger`), holds purchases to what they granted, counts rows that nothing sealed
 * (`sealEarlier` does), and records that it was done, with how much was found.
 */
export async function auditByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence }: { whence: Whence },
): Promise<LedgerAudit & { unsealed: number }> {
	const ledger = await auditLedger(deps);
	const violations = [...ledger.violations, ...(await auditPurchases(deps))];
	const audit = { ...ledger, violations, unsealed: await countUnsealed(deps) };
	const facts = { accounts: String(audit.accounts), violations: String(audit.violations.length) };
	const record = await operatorStatement(deps, { whence, accountId: null, action: 'ledger.audited', facts });
	await withD1Retry(() => record.statement.run());
	return audit;
}
