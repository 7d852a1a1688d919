import { eq, sql } from 'drizzle-orm';

import { creditAccounts, creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

export interface Balance {
	/** What can be spent now, in credits. */
	available: number;
	/** Set aside for renders that have not ended. */
	held: number;
	/** What is left of each source; together `available + held`. `expiresAt` is an ISO time, null for never. */
	buckets: { source: 'promo' | 'plan' | 'pack' | 'refund'; remaining: number; expiresAt: string | null }[];
}

/** An account's credits, of one instant. Refuses an account that was never opened with `not_found`. */
export async function readBalance({ db }: Pick<Deps, 'db'>, { accountId }: { accountId: string }): Promise<Balance> {
	const [accounts, sources] = await withD1Retry(() =>
		db.batch([
			db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId)),
			db
				.select({ source: creditEntries.source, remaining: sql<number>`sum(${creditEntries.amount})` })
				.from(creditEntries)
				.where(eq(creditEntries.accountId, accountId))
				.groupBy(creditEntries.source)
				.orderBy(creditEntries.source),
		]),
	);
	const account = accounts[0];
	if (account === undefined) throw notFound('account');
	return {
		available: account.posted - account.held,
		held: account.held,
		// No grant carries an expiry yet, so none is claimed.
		buckets: sources.filter(({ remaining }) => remaining > 0).map((bucket) => ({ ...bucket, expiresAt: null })),
	};
}
