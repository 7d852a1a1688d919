import { eq, sql } from 'drizzle-orm';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { inOneBatch, postEntry } from './post-entry';

/**
 * Gives the credits of a charged render back to the buckets they came from, once; repeating it is a no-op. Refuses a render
 * that was not charged with `not_found`. What has ended meanwhile ends again with the next sweep.
 */
export async function returnCredits(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ renderId }: { renderId: string },
): Promise<{ accountId: string; credits: number }> {
	const captureId = `capture:${renderId}`;
	const [capture] = await withD1Retry(() => db.select().from(creditEntries).where(eq(creditEntries.id, captureId)));
	if (capture === undefined) throw notFound('charged render');
	const statements = postEntry(db, {
		id: sql`${`return:${renderId}`}`,
		accountId: sql`${capture.accountId}`,
		kind: 'return',
		amount: sql`${capture.amount}`,
		parts: sql`select bucket_id, -posted as posted, 0 as held from credit_parts where entry_id = ${captureId}`,
		renderId: sql`${renderId}`,
		resolvesId: sql`${captureId}`,
		when: sql`not exists (select 1 from credit_entries where resolves_id = ${captureId})`,
		nowMs: now().getTime(),
	});
	await withD1Retry(() => db.batch(inOneBatch(statements)));
	return { accountId: capture.accountId, credits: capture.amount };
}
