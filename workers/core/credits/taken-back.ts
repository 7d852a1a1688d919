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

/**
 * How many of a purchase's credits are gone without having been spent: taken back by refunds and lost disputes, less what was
 * reinstated, and ended unused. What has ended is not taken a second time when its money goes back. `but` is the entry that is
 * being written, which its own parts must not count.
 */
export function goneOf(purchaseId: string, { but }: { but: string }): SQL {
	return sql`(select coalesce(sum(case kind when 'reinstatement' then -amount else amount end), 0) from credit_entries
		where purchase_id = ${purchaseId} and id <> ${but} and kind in ('reversal', 'loss', 'reinstatement', 'expiry'))`;
}
