import { z } from 'zod';

import { table } from './aligned';

const Incident = z.looseObject({
	id: z.string(),
	title: z.string(),
	dataClasses: z.array(z.string()),
	from: z.string(),
	until: z.string(),
	knownAt: z.string(),
	reportBy: z.string(),
	hoursLeft: z.number(),
	state: z.enum(['open', 'late', 'reported', 'closed']),
	words: z.object({
		happened: z.string().nullable(),
		consequences: z.string().nullable(),
		measures: z.string().nullable(),
		advice: z.string().nullable(),
	}),
	reportedAt: z.string().nullable(),
	reportReason: z.string().nullable(),
	told: z.number(),
	underWay: z.number(),
	notReached: z.number(),
	toldAt: z.string().nullable(),
});
export type Incident = z.infer<typeof Incident>;

export const Incidents = z.object({ items: z.array(Incident) });

export const IncidentFile = z.object({
	incident: Incident,
	studio: z.string(),
	controller: z.object({
		name: z.string(),
		address: z.string(),
		email: z.string(),
		dataProtectionOfficer: z.string().nullable(),
	}),
	titles: z.array(z.string()),
});
export type IncidentFile = z.infer<typeof IncidentFile>;

export const Affected = z.object({
	incidentId: z.string(),
	people: z.number(),
	records: z.array(z.object({ dataClass: z.string(), records: z.number() })),
	accounts: z.array(z.object({ accountId: z.string(), subjects: z.array(z.string()) })),
	nextCursor: z.string().nullable(),
	tickets: z.array(z.string()),
	requests: z.array(z.string()),
	unreached: z.array(z.object({ userId: z.string(), accounts: z.array(z.string()), why: z.string() })),
});
export type Affected = z.infer<typeof Affected>;

const RED = '\u001B[31m';
const PLAIN = '\u001B[0m';

/** Incidents with the hours that are left to report each; a late one is red where there is colour, and says LATE anyway. */
export function incidentTable(incidents: readonly Incident[], hasColour: boolean): string {
	if (incidents.length === 0) return 'None is open\n';
	const rows = incidents.map(({ id, state, hoursLeft, reportBy, told, notReached, title }) => {
		const isRunning = state === 'open' || state === 'late';
		return [
			id,
			state === 'late' ? 'LATE' : state,
			isRunning ? `${hoursLeft} h` : '',
			reportBy,
			told,
			notReached,
			title,
		];
	});
	const [head = '', ...lines] = table(
		['incident', 'state', 'left', 'report by', 'told', 'not reached', 'title'],
		rows,
	).split('\n');
	const coloured = lines.map((line, index) =>
		hasColour && incidents[index]?.state === 'late' ? `${RED}${line}${PLAIN}` : line,
	);
	return [head, ...coloured].join('\n');
}
