import { and, asc, inArray, lte } from 'drizzle-orm';

import { erasures } from '../../../schema/erasures';
import type { Deps } from '../deps';
import { ERASURE_STATES } from './erasure-state';

/** Longer than any try takes: its message was lost, or it waits for an address to end, a processor, a hold. */
const PAUSE_MS = 60_000;

/** Erasures that are not certified and that nobody works on, the one that waited longest first; each is taken once a minute. */
export async function takeDueErasures(
	{ db }: Pick<Deps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const open = ERASURE_STATES.filter((state) => state !== 'certified');
	const due = await db
		.select({ id: erasures.id })
		.from(erasures)
		.where(
			and(
				inArray(erasures.state, open),
				lte(erasures.triedAtMs, dueMs - PAUSE_MS),
				lte(erasures.requestedAtMs, dueMs - PAUSE_MS),
			),
		)
		.orderBy(asc(erasures.triedAtMs))
		.limit(limit);
	const ids = due.map(({ id }) => id);
	if (ids.length > 0) await db.update(erasures).set({ triedAtMs: dueMs }).where(inArray(erasures.id, ids));
	return ids;
}
