import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { closeIncident, reportIncident } from '../../../core/incidents/close-incident';
import { findAffected } from '../../../core/incidents/find-affected';
import { listIncidents, readIncident } from '../../../core/incidents/incident-view';
import { describeIncident, openIncident } from '../../../core/incidents/open-incident';
import { tellAffected } from '../../../core/incidents/tell-affected';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import {
	AffectedAnswer,
	AffectedQuery,
	IncidentFile,
	IncidentList,
	IncidentOrder,
	IncidentQuery,
	IncidentStep,
	IncidentWordsOrder,
	OpenedIncident,
	StepDone,
	ToldAnswer,
} from '../../contract/incidents';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };
const params = z.object({ id: z.string().max(60) });

const postIncident = createRoute({
	method: 'post',
	path: '/v1/operations/incidents',
	summary: 'Write a breach of personal data down; its 72 hours run',
	...OPERATIONS,
	request: takes(IncidentOrder),
	responses: answers(200, OpenedIncident, 'Written down, now or before'),
});

const getIncidents = createRoute({
	method: 'get',
	path: '/v1/operations/incidents',
	summary: 'Incidents, the one that has to be reported first on top',
	...OPERATIONS,
	request: { query: IncidentQuery },
	responses: answers(200, IncidentList, 'The incidents'),
});

const getIncident = createRoute({
	method: 'get',
	path: '/v1/operations/incidents/{id}',
	summary: 'An incident, with what a report of it needs',
	...OPERATIONS,
	request: { params },
	responses: answers(200, IncidentFile, 'The incident'),
});

const postWords = createRoute({
	method: 'post',
	path: '/v1/operations/incidents/{id}/words',
	summary: 'Write what is told of an incident',
	...OPERATIONS,
	request: { params, ...takes(IncidentWordsOrder) },
	responses: answers(200, StepDone, 'Written'),
});

const getAffected = createRoute({
	method: 'get',
	path: '/v1/operations/incidents/{id}/affected',
	summary: 'Whom an incident affects, by the data map: counts and ids',
	...OPERATIONS,
	request: { params, query: AffectedQuery },
	responses: answers(200, AffectedAnswer, 'Who had such data in its window'),
});

const postTelling = createRoute({
	method: 'post',
	path: '/v1/operations/incidents/{id}/tell',
	summary: 'Write to the next of those affected, each once; again while some are left',
	...OPERATIONS,
	request: { params },
	responses: answers(200, ToldAnswer, 'How many were written to now, and how many are left'),
});

const postReport = createRoute({
	method: 'post',
	path: '/v1/operations/incidents/{id}/reported',
	summary: 'Note that the authority was told',
	...OPERATIONS,
	request: { params, ...takes(IncidentStep) },
	responses: answers(200, StepDone, 'Noted, now or before'),
});

const postClosing = createRoute({
	method: 'post',
	path: '/v1/operations/incidents/{id}/close',
	summary: 'Close an incident that was reported, or need not be',
	...OPERATIONS,
	request: { params, ...takes(IncidentStep) },
	responses: answers(200, StepDone, 'Closed, now or before'),
});

export const incidentOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postIncident, async (c) => {
		const { deps, whence } = c.var;
		const { title, dataClasses, from, until, knownAt } = c.req.valid('json');
		const times = { fromMs: Date.parse(from), untilMs: Date.parse(until), knownAtMs: Date.parse(knownAt) };
		return c.json(await openIncident(deps, { whence, title, dataClasses, ...times }), 200);
	})
	.openapi(getIncidents, async (c) => {
		const isClosedToo = c.req.valid('query').closed === 'yes';
		return c.json({ items: await listIncidents(c.var.deps, { isClosedToo }) }, 200);
	})
	.openapi(getIncident, async (c) => {
		const { deps } = c.var;
		const incident = await readIncident(deps, { incidentId: c.req.valid('param').id });
		const { name: studio, policy } = deps.studio;
		const { name, address, email, dataProtectionOfficer } = policy.controller;
		const titles = incident.dataClasses.map((each) => policy.data[each].title);
		return c.json({ incident, studio, controller: { name, address, email, dataProtectionOfficer }, titles }, 200);
	})
	.openapi(postWords, async (c) => {
		const { deps, whence } = c.var;
		const incidentId = c.req.valid('param').id;
		await describeIncident(deps, { whence, incidentId, words: c.req.valid('json') });
		return c.json({ incidentId }, 200);
	})
	.openapi(getAffected, async (c) => {
		const { deps, whence } = c.var;
		const incidentId = c.req.valid('param').id;
		return c.json(await findAffected(deps, { whence, incidentId, ...c.req.valid('query') }), 200);
	})
	.openapi(postTelling, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await tellAffected(deps, { whence, incidentId: c.req.valid('param').id }), 200);
	})
	.openapi(postReport, async (c) => {
		const { deps, whence } = c.var;
		const incidentId = c.req.valid('param').id;
		await reportIncident(deps, { whence, incidentId, reason: c.req.valid('json').reason });
		return c.json({ incidentId }, 200);
	})
	.openapi(postClosing, async (c) => {
		const { deps, whence } = c.var;
		const incidentId = c.req.valid('param').id;
		await closeIncident(deps, { whence, incidentId, reason: c.req.valid('json').reason });
		return c.json({ incidentId }, 200);
	});
