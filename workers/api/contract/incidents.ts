import { z } from '@hono/zod-openapi';

import { DATA_CLASSES } from '../../../studios/policy/policy';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const whole = z.number().int();
const dataClass = z.enum(DATA_CLASSES);
const told = z.string().trim().min(3).max(2_000);
const reason = z.string().trim().min(3, 'Say why.').max(300, 'A reason has 300 characters at most.');

export const IncidentOrder = z.object({
	title: z.string().trim().min(3).max(200).openapi({ description: 'In your words, without a person’s name.' }),
	dataClasses: z.array(dataClass).min(1, 'Name at least one class of data.').max(DATA_CLASSES.length),
	from: time,
	until: time,
	knownAt: time.openapi({ description: 'When it became known: the 72 hours run from then.' }),
});

export const OpenedIncident = z.object({ incidentId: z.string() });

export const IncidentWordsOrder = z
	.object({ happened: told, consequences: told, measures: told, advice: told })
	.partial()
	.refine((words) => Object.keys(words).length > 0, 'Nothing is described. Name at least one of them.');

export const IncidentAnswer = z.object({
	id: z.string(),
	title: z.string(),
	dataClasses: z.array(dataClass),
	from: time,
	until: time,
	knownAt: time,
	reportBy: time,
	hoursLeft: whole,
	state: z.enum(['open', 'late', 'reported', 'closed']),
	words: z.object({
		happened: z.string().nullable(),
		consequences: z.string().nullable(),
		measures: z.string().nullable(),
		advice: z.string().nullable(),
	}),
	reportedAt: time.nullable(),
	reportReason: z.string().nullable(),
	told: whole,
	underWay: whole,
	notReached: whole,
	toldAt: time.nullable(),
	closedAt: time.nullable(),
});

/** The incident with what a report about it needs besides. */
export const IncidentFile = z.object({
	incident: IncidentAnswer,
	studio: z.string(),
	controller: z.object({
		name: z.string(),
		address: z.string(),
		email: z.string(),
		dataProtectionOfficer: z.string().nullable(),
	}),
	titles: z.array(z.string()),
});

export const IncidentQuery = z.object({ closed: z.enum(['yes', 'no']).default('no') });

export const IncidentList = z.object({ items: z.array(IncidentAnswer) });

export const AffectedQuery = z.object({ cursor: z.string().max(60).optional() });

export const AffectedAnswer = z.object({
	incidentId: z.string(),
	people: whole,
	records: z.array(z.object({ dataClass, records: whole })),
	accounts: z.array(z.object({ accountId: z.string(), subjects: z.array(z.string()) })),
	nextCursor: z.string().nullable(),
	tickets: z.array(z.string()),
	requests: z.array(z.string()),
	unreached: z.array(
		z.object({
			userId: z.string(),
			accounts: z.array(z.string()),
			why: z.enum(['returned', 'suppressed', 'failed']),
		}),
	),
});

export const ToldAnswer = z.object({ told: whole, left: whole });

export const IncidentStep = z.object({ reason: reason.optional() });

export const StepDone = z.object({ incidentId: z.string() });
