import { eq, isNull, sql, type SQL } from 'drizzle-orm';

import { incidentNotices, incidents } from '../../../schema/incidents';
import { DATA_CLASSES, type DataClass } from '../../../studios/policy/policy';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

export const REPORT_HOURS = 72;
export const HOUR_MS = 3_600_000;

export type IncidentRow = typeof incidents.$inferSelect;
/** `late`: the 72 hours are over, and nothing was reported and no reason was given (Art. 33(1)). */
export type IncidentState = 'open' | 'late' | 'reported' | 'closed';

/** What the authority and those affected are told, in the operator's words. */
export interface IncidentWords {
	happened: string;
	consequences: string;
	measures: string;
	advice: string;
}
export const WORDS_OF_INCIDENT = [
	'happened',
	'consequences',
	'measures',
	'advice',
] as const satisfies readonly (keyof IncidentWords)[];

export interface Incident {
	id: string;
	title: string;
	dataClasses: DataClass[];
	from: string;
	until: string;
	knownAt: string;
	reportBy: string;
	/** Whole hours, rounded down; below zero once they are over. */
	hoursLeft: number;
	state: IncidentState;
	words: { [Name in keyof IncidentWords]: string | null };
	reportedAt: string | null;
	reportReason: string | null;
	/** How many people were told: the processor took their mail, and it did not come back. */
	told: number;
	/** Of how many the mail has not ended yet. */
	underWay: number;
	/** How many no mail reached: they are told by letter or phone. `findAffected` names them. */
	notReached: number;
	/** When everybody affected had been written to. */
	toldAt: string | null;
	closedAt: string | null;
}

type ReadDeps = Pick<Deps, 'db' | 'now'>;

export async function readIncident(deps: ReadDeps, { incidentId }: { incidentId: string }): Promise<Incident> {
	const [incident] = await selectIncidents(deps, eq(incidents.id, incidentId));
	if (incident === undefined) throw notFound('incident');
	return incident;
}

/** At most 100, those first whose hours end first; closed ones only when asked for. */
export async function listIncidents(deps: ReadDeps, { isClosedToo }: { isClosedToo: boolean }): Promise<Incident[]> {
	return selectIncidents(deps, isClosedToo ? undefined : isNull(incidents.closedAtMs));
}

const LIST_MAX = 100;

async function selectIncidents({ db, now }: ReadDeps, where: SQL | undefined): Promise<Incident[]> {
	const told = countOf(sql`n.mail_end = 'taken'`);
	const underWay = countOf(sql`n.mail_end is null`);
	const notReached = countOf(sql`n.mail_end <> 'taken'`);
	const rows = await withD1Retry(() =>
		db
			.select({ row: incidents, told, underWay, notReached })
			.from(incidents)
			.where(where)
			.orderBy(incidents.reportByMs)
			.limit(LIST_MAX),
	);
	return rows.map(({ row, ...notices }) => toIncident(row, notices, now().getTime()));
}

function countOf(ended: SQL): SQL<number> {
	return sql<number>`(select count(*) from ${incidentNotices} n where n.incident_id = ${incidents.id} and ${ended})`;
}

type Notices = Pick<Incident, 'told' | 'underWay' | 'notReached'>;

function toIncident(row: IncidentRow, notices: Notices, nowMs: number): Incident {
	const { id, title, happened, consequences, measures, advice, reportReason } = row;
	return {
		id,
		title,
		dataClasses: classesOf(row),
		from: iso(row.fromMs),
		until: iso(row.untilMs),
		knownAt: iso(row.knownAtMs),
		reportBy: iso(row.reportByMs),
		hoursLeft: Math.floor((row.reportByMs - nowMs) / HOUR_MS),
		state: incidentStateOf(row, nowMs),
		words: { happened, consequences, measures, advice },
		reportedAt: isoOrNull(row.reportedAtMs),
		reportReason,
		...notices,
		toldAt: isoOrNull(row.toldAtMs),
		closedAt: isoOrNull(row.closedAtMs),
	};
}

/** Where an incident stands at a moment. */
export function incidentStateOf(
	row: Pick<IncidentRow, 'closedAtMs' | 'reportedAtMs' | 'reportByMs'>,
	nowMs: number,
): IncidentState {
	if (row.closedAtMs !== null) return 'closed';
	if (row.reportedAtMs !== null) return 'reported';
	return nowMs > row.reportByMs ? 'late' : 'open';
}

export function classesOf({ dataClasses }: Pick<IncidentRow, 'dataClasses'>): DataClass[] {
	return DATA_CLASSES.filter((each) => dataClasses.includes(each));
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
	return ms === null ? null : iso(ms);
}
