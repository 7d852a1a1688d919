import { eq, sql, type SQL } from 'drizzle-orm';

import { creditBuckets } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/** The bucket that a purchase granted; it never changes which. Refuses a purchase that granted nothing with `not_found`. */
export async function bucketOf(
	{ db }: Pick<Deps, 'db'>,
	purchaseId: string,
): Promise<{ bucketId: string; accountId: string; granted: number }> {
	const [bucket] = await withD1Retry(() =>
		db
			.select({ bucketId: creditBuckets.id, accountId: creditBuckets.accountId, granted: creditBuckets.granted })
			.from(creditBuckets)
			.where(eq(creditBuckets.purchaseId, purchaseId)),
	);
	if (bucket === undefined) throw notFound('purchase');
	return bucket;
}

/** What one entry adds to what is gone of its purchase. */
export const GONE_OF_ENTRY = sql`(case when kind in ('reversal', 'loss', 'expiry') then amount when kind = 'reinstatement' then -amount else 0 end)`;

/**
 * How many of a purchase's credits are gone without having been spent: taken back by refunds and lost disputes, less what was
 * reinstated, and ended unused. What has ended is not taken a second time when its money goes back. `but` is the entry that is
 * being written, which its own parts must not count.
 */
export function goneOf(purchaseId: string, { but }: { but: string }): SQL {
	return sql`(select coalesce(sum(${GONE_OF_ENTRY}), 0) from credit_entries where purchase_id = ${purchaseId} and id <> ${but})`;
}

/** The same as a figure. */
export async function readGone({ db }: Pick<Deps, 'db'>, purchaseId: string): Promise<number> {
	const [row] = await withD1Retry(() =>
		db.all<{ gone: number }>(sql`select ${goneOf(purchaseId, { but: '' })} as gone`),
	);
	return row?.gone ?? 0;
}
