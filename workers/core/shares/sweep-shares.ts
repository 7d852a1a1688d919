import { and, lte, sql } from 'drizzle-orm';

import { shares } from '../../../schema/shares';
import { SHARE_LIMITS } from '../../../studios/publish-rules';
import type { Deps } from '../deps';
import { isNotHeld } from '../erasure/is-held';

const DAY_MS = 86_400_000;
/** Of one sweep; what is more goes a minute later. */
const SWEPT_AT_ONCE_MAX = 500;

/** Removes links whose end is 30 days past; until then whoever opens one is told that it has ended. */
export async function sweepShares({ db }: Pick<Deps, 'db'>, { dueMs }: { dueMs: number }): Promise<void> {
	const isOver = and(
		lte(shares.expiresAtMs, dueMs - SHARE_LIMITS.keptDays * DAY_MS),
		isNotHeld(shares.accountId, shares.subjectId),
	);
	await db.delete(shares).where(sql`rowid in (select rowid from ${shares} where ${isOver} limit ${SWEPT_AT_ONCE_MAX})`);
}
