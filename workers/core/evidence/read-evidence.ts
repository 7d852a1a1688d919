import { and, asc, eq, gte, sql } from 'drizzle-orm';

import { evidencePoints } from '../../../schema/evidence';
import { withD1Retry } from '../d1-retry';
import type { Deps, PublishedKeys } from '../deps';
import { selectLogState } from '../log/kept-head';
import { readLogStanding, type LogStanding } from '../log/read-standing';

const HOUR_MS = 3_600_000;
/** The chart has a point for so long, the worst of it. */
export const HISTORY_STEP_MS = 4 * HOUR_MS;
const HISTORY_DAYS = 90;

export interface ClassEvidence {
	/** A class of the policy, or one of `EXTRA_CLASSES`. */
	dataClass: string;
	/** What was promised when it was measured; null where no time is. */
	promiseMs: number | null;
	/** At most 10,000, which means as many or more. */
	held: number;
	oldestAgeMs: number | null;
	late: number;
}

export interface Evidence {
	/** Null before the first measurement. */
	measuredAt: string | null;
	/** When the last sweep ended. */
	sweptAt: string | null;
	/** How many receipts the newest signed head covers. */
	receipts: number;
	log: LogStanding;
	classes: ClassEvidence[];
	/** Of the photos, oldest first: by four hours for 30 days, by days before that, 90 days in all. */
	history: { at: string; oldestAgeMs: number | null; late: number }[];
}

/**
 * What is held now against what was promised, of the whole studio and of nobody in it, and whether the log is whole. Three statements in one
 * round trip; one more while the kept head is not the newest of the database.
 */
export async function readEvidence(deps: Pick<Deps, 'db' | 'now' | 'vault'> & PublishedKeys): Promise<Evidence> {
	const { db, now } = deps;

	const fromMs = now().getTime() - HISTORY_DAYS * 24 * HOUR_MS;
	const stepMs = sql<number>`${evidencePoints.atMs} - ${evidencePoints.atMs} % ${HISTORY_STEP_MS}`;
	const [points, history, [logState]] = await withD1Retry(() =>
		db.batch([
			db
				.select({
					dataClass: evidencePoints.dataClass,
					atMs: evidencePoints.atMs,
					promiseMs: evidencePoints.promiseMs,
					held: evidencePoints.held,
					oldestAgeMs: evidencePoints.oldestAgeMs,
					late: evidencePoints.late,
					sweptAtMs: sql<number | null>`(select max(finished_at_ms) from sweeps)`.as('swept_at_ms'),
					receipts: sql<number>`(select coalesce(max(tree_size), 0) from log_heads)`.as('receipts'),
				})
				.from(evidencePoints)
				.where(eq(evidencePoints.atMs, sql`(select max(at_ms) from evidence_points)`)),
			db
				.select({
					atMs: stepMs.as('step_ms'),
					oldestAgeMs: sql<number | null>`max(${evidencePoints.oldestAgeMs})`.as('oldest'),
					late: sql<number>`max(${evidencePoints.late})`.as('most_late'),
				})
				.from(evidencePoints)
				.where(and(eq(evidencePoints.dataClass, 'source'), gte(evidencePoints.atMs, fromMs)))
				.groupBy(sql`step_ms`)
				.orderBy(asc(sql`step_ms`)),
			selectLogState(db),
		]),
	);
	const [first] = points;
	return {
		measuredAt: isoOf(first?.atMs ?? null),
		sweptAt: isoOf(first?.sweptAtMs ?? null),
		receipts: first?.receipts ?? 0,
		log: await readLogStanding(deps, logState),
		classes: points.map(({ dataClass, promiseMs, held, oldestAgeMs, late }) => ({
			dataClass,
			promiseMs,
			held,
			oldestAgeMs,
			late,
		})),
		history: history.map(({ atMs, oldestAgeMs, late }) => ({ at: new Date(atMs).toISOString(), oldestAgeMs, late })),
	};
}

function isoOf(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
