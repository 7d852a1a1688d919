import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { eachByItself } from './each-by-itself';
import { inOneBatch, postEntry } from './post-entry';

/**
 * Ends what is left in buckets whose time is over at `dueMs`, at most `limit` of them; answers how many. What is set aside
 * stays until it is charged or comes back, and ends then. Nothing could be held from them since their time, so a late run costs
 * nobody anything.
 */
export async function expireCredits(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<number> {
	const isOver = sql`expires_at_ms is not null and remaining > 0 and expires_at_ms <= ${dueMs} and remaining > held`;
	const due = await withD1Retry(() =>
		db.all<{ id: string; account_id: string; purchase_id: string | null }>(sql`
			select id, account_id, purchase_id from credit_buckets where ${isOver} order by random() limit ${limit}`),
	);
	await eachByItself(due, async (bucket) => {
		const statements = postEntry(db, {
			id: sql`'expiry:' || ${bucket.id} || ':' || (a.seq + 1)`,
			accountId: sql`${bucket.account_id}`,
			kind: 'expiry',
			amount: sql`-p.posted`,
			parts: sql`select id as bucket_id, held - remaining as posted, 0 as held
				from credit_buckets where id = ${bucket.id} and ${isOver}`,
			purchaseId: sql`${bucket.purchase_id}`,
			when: sql`p.posted < 0`,
			nowMs: now().getTime(),
		});
		await withD1Retry(() => db.batch(inOneBatch(statements)));
	});
	return due.length;
}
