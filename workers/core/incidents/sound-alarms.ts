import { and, eq, isNull, lte, sql } from 'drizzle-orm';

import { incidents } from '../../../schema/incidents';
import type { Deps } from '../deps';
import { log } from '../log';
import { HOUR_MS } from './incident-view';

/** Hours after it became known: a day is left, and six hours are. */
export const ALARM_HOURS = [48, 66] as const;
const INCIDENTS_AT_ONCE = 50;

/**
 * An alarm in the log for each incident that is neither reported nor closed, at 48 and at 66 hours. Each is marked before it sounds,
 * so a sweep that was missed sounds it late, and none sounds it twice.
 */
export async function soundAlarms({ db }: Pick<Deps, 'db'>, { dueMs }: { dueMs: number }): Promise<void> {
	for (const hours of ALARM_HOURS.toReversed()) {
		const atMs = sql`${incidents.knownAtMs} + ${hours * HOUR_MS}`;
		const isDue = and(
			isNull(incidents.reportedAtMs),
			isNull(incidents.closedAtMs),
			lte(atMs, dueMs),
			sql`coalesce(${incidents.alarmedAtMs}, 0) < ${atMs}`,
		);
		const due = await db
			.select({ id: incidents.id, reportByMs: incidents.reportByMs })
			.from(incidents)
			.where(isDue)
			.limit(INCIDENTS_AT_ONCE);
		for (const { id, reportByMs } of due) {
			const marked = await db
				.update(incidents)
				.set({ alarmedAtMs: dueMs })
				.where(and(eq(incidents.id, id), isDue))
				.returning({ id: incidents.id });
			if (marked.length === 0) continue;
			log('incident_unreported', { incidentId: id, hours, hoursLeft: Math.floor((reportByMs - dueMs) / HOUR_MS) });
		}
	}
}
