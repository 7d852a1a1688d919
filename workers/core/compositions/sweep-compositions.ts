import { and, asc, eq, inArray, lte } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { LATE_PUT_MS } from '../media/upload-window';

/** One call to the store and two D1 statements for all of them. */
const SWEEP_COMPOSITIONS = 50;

/**
 * Removes what was announced and never kept, once nothing can come to its address any more (U1): its bytes first, should it
 * have been sent and not been named, then its row, so that a crash in between leaves a row by which both are done again. Answers how
 * many. There is no receipt: none was promised, and nothing of it was ever shown.
 */
export async function sweepCompositions(
	{ db, blobs }: Pick<JobDeps, 'db' | 'blobs'>,
	{ dueMs }: { dueMs: number },
): Promise<number> {
	const over = await db
		.select({ id: assets.id, objectKey: assets.objectKey })
		.from(assets)
		.where(
			and(eq(assets.state, 'pending'), lte(assets.putExpiresAtMs, dueMs - LATE_PUT_MS), isNotHeld(assets.accountId)),
		)
		.orderBy(asc(assets.putExpiresAtMs))
		.limit(SWEEP_COMPOSITIONS);
	if (over.length === 0) return 0;
	await blobs.delete(over.map(({ objectKey }) => objectKey));
	const gone = await db
		.delete(assets)
		.where(
			and(
				inArray(
					assets.id,
					over.map(({ id }) => id),
				),
				eq(assets.state, 'pending'),
			),
		)
		.returning({ id: assets.id });
	return gone.length;
}
