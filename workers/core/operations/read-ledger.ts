import { eq } from 'drizzle-orm';

import { creditAccounts } from '../../../schema/credits';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { listEntries, type Entry } from '../credits/list-entries';
import { readBalance, type Balance } from '../credits/read-balance';
import { verifyChains } from '../credits/verify-chains';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/** Reads within this time are one entry of the account's record. */
const TRACE_MS = 3_600_000;

export interface Ledger {
	accountId: string;
	balance: Balance;
	/** `broken`: at the entry of this number the rows are not what was sealed. `entries` counts all, `sealed` those behind a seal. */
	chain: { state: 'verified' | 'broken'; entries: number; sealed: number; brokenAt: number | null };
	entries: { items: Entry[]; nextCursor: string | null };
}

/**
 * An account's ledger for operators: balance, grants, a page of entries, and whether the chain holds, computed anew. No name, no
 * address, no photo. That it was read stands in the account's record, once an hour. Refuses an account that was never opened
 * with `not_found`.
 */
export async function readLedger(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'studio'>,
	input: { whence: Whence; accountId: string; cursor?: string | undefined; limit: number },
): Promise<Ledger> {
	const { db } = deps;
	const { whence, accountId, cursor, limit } = input;
	const [account] = await withD1Retry(() => db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId)));
	if (account === undefined) throw notFound('account');
	const name = `ledger.read:${accountId}:${Math.floor(deps.now().getTime() / TRACE_MS)}`;
	const record = await operatorStatement(deps, { whence, accountId, name, action: 'ledger.read' });
	await withD1Retry(() => record.statement.run());
	const { broken } = await verifyChains(deps, { accountId });
	const brokenAt = broken[0]?.seq ?? null;
	return {
		accountId,
		balance: await readBalance(deps, { accountId }),
		chain: {
			state: brokenAt === null ? 'verified' : 'broken',
			entries: account.seq,
			sealed: account.sealedSeq,
			brokenAt,
		},
		entries: await listEntries(deps, { accountId, cursor, limit }),
	};
}
