import { eq, sql } from 'drizzle-orm';

import { walks } from '../../../schema/retention';
import { DAY_MS, HOUR_MS } from '../../../studios/policy/data-classes';
import type { Deps } from '../deps';

export interface Slice {
	looked: number;
	found: number;
	/** Where the next slice begins; null at the end of the walk. */
	cursor: string | null;
}

/**
 * Goes on with a walk over everything where it stopped, some slices at once, and begins it anew a day after it began (R4). Where it
 * stands is written after each slice, so that what breaks off is gone through again, and never left out.
 */
export async function walk(
	{ db }: Pick<Deps, 'db'>,
	about: {
		name: (typeof walks.$inferSelect)['name'];
		dueMs: number;
		slicesMax: number;
		/** No further slice once so many were found in this go: what is found costs more than what is looked at. */
		foundMax?: number;
		take: (cursor: string | null) => Promise<Slice>;
	},
): Promise<void> {
	const { name, dueMs, slicesMax, foundMax = Infinity, take } = about;
	const [known] = await db.select().from(walks).where(eq(walks.name, name));
	const isOver = known === undefined || known.endedAtMs !== null;
	// It is looked at once an hour: an hour less than a day is the same hour of the next day.
	if (isOver && known !== undefined && known.begunAtMs > dueMs - DAY_MS + HOUR_MS / 2) return;
	if (isOver) {
		const begun = { cursor: null, begunAtMs: dueMs, endedAtMs: null, looked: 0, found: 0 };
		await db
			.insert(walks)
			.values({ name, ...begun })
			.onConflictDoUpdate({ target: walks.name, set: begun });
	}
	let cursor = isOver ? null : known.cursor;
	let found = 0;
	for (let slice = 0; slice < slicesMax; slice += 1) {
		const taken = await take(cursor);
		({ cursor } = taken);
		await db
			.update(walks)
			.set({
				cursor,
				looked: sql`${walks.looked} + ${taken.looked}`,
				found: sql`${walks.found} + ${taken.found}`,
				endedAtMs: cursor === null ? dueMs : null,
			})
			.where(eq(walks.name, name));
		found += taken.found;
		if (cursor === null || found >= foundMax) return;
	}
}
