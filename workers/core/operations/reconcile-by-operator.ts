import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { beginReconciliation } from '../billing/begin-reconciliation';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/** Begins a comparison of Stripe with the ledger beside the nightly ones, under a name of the caller's: the same one begins once. */
export async function reconcileByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'queue'>,
	{ whence, key, reason }: { whence: Whence; key: string; reason: string },
): Promise<{ run: string; waiting: number }> {
	const run = `operator:${key}`;
	const entry = { action: 'ledger.reconciled', targetId: run, reason } as const;
	const record = await operatorStatement(deps, { whence, accountId: null, name: `reconcile:${run}`, ...entry });
	await withD1Retry(() => record.statement.run());
	const { waiting } = await beginReconciliation(deps, { run });
	return { run, waiting };
}
