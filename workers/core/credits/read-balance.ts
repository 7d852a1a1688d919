import { and, asc, eq, sql } from 'drizzle-orm';

import { creditAccounts, creditBuckets } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { bucketTitle } from './bucket-title';
import { endsSoon } from './ends-soon';
import type { GrantSource } from './statements';

export interface Balance {
	/** What can be spent now, in credits; nothing while something is owed. */
	available: number;
	/** Set aside for renders that have not ended, and by disputes. */
	held: number;
	/** What a refund or a lost dispute took back beyond what was left. */
	owed: number;
	/** What is left of each grant, in the order it is spent. `expiresAt` is an ISO time, null for never. */
	buckets: {
		id: string;
		source: GrantSource;
		/** What people know it by: "November plan", "Pack of 3 September". */
		title: string;
		remaining: number;
		held: number;
		expiresAt: string | null;
		/** Within two weeks, and something of it can still be spent. */
		endsSoon: boolean;
		createdAt: string;
	}[];
}

/** An account's credits, of one instant. Refuses an account that was never opened with `not_found`. */
export async function readBalance(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ accountId }: { accountId: string },
): Promise<Balance> {
	const nowMs = now().getTime();
	const [accounts, rows] = await withD1Retry(() =>
		db.batch([
			db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId)),
			db
				.select()
				.from(creditBuckets)
				// As the partial index has it.
				.where(and(eq(creditBuckets.accountId, accountId), sql`${creditBuckets.remaining} > 0`))
				.orderBy(
					sql`${creditBuckets.source} = 'pack'`,
					sql`coalesce(${creditBuckets.expiresAtMs}, 9e15)`,
					asc(creditBuckets.createdAtMs),
					asc(creditBuckets.id),
				),
		]),
	);
	const account = accounts[0];
	if (account === undefined) throw notFound('account');
	// What has ended and is still held comes back to nobody's balance.
	const buckets = rows.filter(({ expiresAtMs, held }) => expiresAtMs === null || expiresAtMs > nowMs || held > 0);
	const free = buckets
		.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs)
		.reduce((sum, { remaining, held }) => sum + remaining - held, 0);
	return {
		available: account.owed > 0 ? 0 : free,
		held: account.held,
		owed: account.owed,
		buckets: buckets.map((bucket) => ({
			id: bucket.id,
			source: bucket.source,
			title: bucketTitle(bucket, nowMs),
			remaining: bucket.remaining,
			held: bucket.held,
			expiresAt: bucket.expiresAtMs === null ? null : new Date(bucket.expiresAtMs).toISOString(),
			endsSoon: endsSoon(bucket, nowMs),
			createdAt: new Date(bucket.createdAtMs).toISOString(),
		})),
	};
}
