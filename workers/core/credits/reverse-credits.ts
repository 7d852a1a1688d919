import { eq, sql } from 'drizzle-orm';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { inOneBatch, postEntry, takeFrom } from './post-entry';
import { bucketOf, goneOf } from './taken-back';

/**
 * Takes back what a refund of money (`re_…`) was granted for: so much that `targetCredits` of the purchase's credits are gone
 * in all. The difference is computed inside the write, so neither order nor repetition changes the sum (P2). The purchase's own
 * credits go first, then others; what is missing is owed, and nobody's balance falls below zero (L3). With `creditsMax` it takes
 * no more than that, its own part: of two refunds the one that fails later has to find what it took, and no more. Answers how many
 * credits this refund took, 0 when the target was met already. Refuses a purchase that granted nothing with `not_found`.
 */
export async function reverseCredits(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { refundId: string; purchaseId: string; targetCredits: number; creditsMax?: number },
): Promise<number> {
	const { db, now } = deps;
	const { refundId, purchaseId, targetCredits, creditsMax = targetCredits } = input;
	const { bucketId, ...bucket } = await bucketOf(deps, purchaseId);
	const nowMs = now().getTime();
	const id = `reversal:${refundId}`;
	const accountId = sql`${bucket.accountId}`;
	const missing = sql`min(${targetCredits}, ${bucket.granted}) - ${goneOf(purchaseId, { but: id })}`;
	const amount = sql`max(0, min(${creditsMax}, ${missing}))`;
	const statements = postEntry(db, {
		id: sql`${id}`,
		accountId,
		kind: 'reversal',
		amount,
		parts: sql`select bucket_id, -take as posted, 0 as held
			from (${takeFrom({ accountId, amount, nowMs, first: sql`${bucketId}` })})`,
		owed: sql`${amount} + p.posted`,
		purchaseId: sql`${purchaseId}`,
		causeId: sql`${refundId}`,
		when: sql`${amount} > 0 and not exists (select 1 from credit_entries where id = ${id})`,
		nowMs,
	});
	await withD1Retry(() => db.batch(inOneBatch(statements)));
	const [entry] = await withD1Retry(() =>
		db.select({ amount: creditEntries.amount }).from(creditEntries).where(eq(creditEntries.id, id)),
	);
	return entry?.amount ?? 0;
}
