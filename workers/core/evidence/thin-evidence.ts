import { sql } from 'drizzle-orm';

import { evidencePoints } from '../../../schema/evidence';
import type { Deps } from '../deps';

const DAY_MS = 86_400_000;
/** For so long every hour is kept, after it one point a day. */
export const HOURLY_DAYS = 30;
/** More than a day of hours has, several times over; what an outage left is thinned within days. */
const THINNED_AT_ONCE = 5000;

/**
 * Of points older than 30 days leaves one a day and class: the worst, most late first and then the oldest, so that a breach of an
 * hour does not vanish from a chart of years. One statement.
 */
export async function thinEvidence({ db }: Pick<Deps, 'db'>, { dueMs }: { dueMs: number }): Promise<void> {
	// From midnight, so that a day is thinned whole.
	const before = Math.floor((dueMs - HOURLY_DAYS * DAY_MS) / DAY_MS) * DAY_MS;
	await db.delete(evidencePoints).where(
		sql`rowid in (
			select p.rowid from evidence_points p where p.at_ms < ${before} and exists (
				select 1 from evidence_points w
				where w.data_class = p.data_class
					and w.at_ms >= p.at_ms - p.at_ms % ${DAY_MS} and w.at_ms < p.at_ms - p.at_ms % ${DAY_MS} + ${DAY_MS}
					and (w.late, coalesce(w.oldest_age_ms, -1), w.at_ms) > (p.late, coalesce(p.oldest_age_ms, -1), p.at_ms))
			limit ${THINNED_AT_ONCE})`,
	);
}
