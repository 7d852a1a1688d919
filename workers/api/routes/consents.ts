import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { createConsent } from '../../core/consents/create-consent';
import { narrowConsent } from '../../core/consents/narrow-consent';
import { createSubject } from '../../core/consents/create-subject';
import { listConsents, readConsent } from '../../core/consents/read-consent';
import { revokeConsent } from '../../core/consents/revoke-consent';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	ConsentAnswer,
	ConsentDetail,
	ConsentList,
	ConsentOrder,
	RevocationAnswer,
	SubjectAnswer,
	SubjectOrder,
} from '../contract';
import { NarrowedConsent, NarrowOrder } from '../contract/shares';
import { elementsOf } from '../elements-of';
import { refuseInvalid } from '../refuse-invalid';

const ConsentId = z.object({ id: z.string() });

const postSubject = createRoute({
	method: 'post',
	path: '/v1/subjects',
	tags: ['Consent'],
	summary: 'A patient under your own reference; the same reference answers the same patient',
	...needs('consents:write'),
	request: takes(SubjectOrder),
	responses: answers(201, SubjectAnswer, 'The subject'),
});

const postConsent = createRoute({
	method: 'post',
	path: '/v1/consents',
	tags: ['Consent'],
	summary: 'Record a signed authorization (45 CFR 164.508(c)); what is missing is named',
	...needs('consents:write'),
	request: takes(ConsentOrder),
	responses: answers(201, ConsentAnswer, 'The consent: active, or a draft with what is missing'),
});

const getConsents = createRoute({
	method: 'get',
	path: '/v1/consents',
	tags: ['Consent'],
	summary: 'A patient’s consents, newest first',
	...needs('consents:read'),
	request: { query: z.object({ subjectId: z.string() }) },
	responses: answers(200, ConsentList, 'The consents'),
});

const getConsent = createRoute({
	method: 'get',
	path: '/v1/consents/{id}',
	tags: ['Consent'],
	summary: 'One consent: the words that were signed, and what ends with it',
	...needs('consents:read'),
	request: { params: ConsentId },
	responses: answers(200, ConsentDetail, 'The consent'),
});

const postRevocation = createRoute({
	method: 'post',
	path: '/v1/consents/{id}/revoke',
	tags: ['Consent'],
	summary:
		'End a consent at once: its photos and all that was made from them are deleted, its renders cancelled, its links ended',
	...needs('consents:write'),
	request: { params: ConsentId },
	responses: answers(202, RevocationAnswer, 'Revoked'),
});

const postNarrowing = createRoute({
	method: 'post',
	path: '/v1/consents/{id}/narrow',
	tags: ['Consent'],
	summary: 'Take uses away from a consent; nothing can be added',
	...needs('consents:write'),
	request: { params: ConsentId, ...takes(NarrowOrder) },
	responses: answers(200, NarrowedConsent, 'What is still allowed'),
});

export const consentRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postSubject, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await createSubject(deps, { actor: caller.actor, ...c.req.valid('json') }), 201);
	})
	.openapi(postConsent, async (c) => {
		const { deps, caller } = c.var;
		const { subjectId, comesOfAgeAt, channels, ...order } = c.req.valid('json');
		const elements = elementsOf(order);
		const comesOfAgeAtMs = comesOfAgeAt === undefined ? null : Date.parse(comesOfAgeAt);
		const consent = { actor: caller.actor, subjectId, elements, channels, comesOfAgeAtMs };
		return c.json(await createConsent(deps, consent), 201);
	})
	.openapi(getConsents, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await listConsents(deps, { actor: caller.actor, ...c.req.valid('query') }), 200);
	})
	.openapi(getConsent, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readConsent(deps, { actor: caller.actor, consentId: c.req.valid('param').id }), 200);
	})
	.openapi(postNarrowing, async (c) => {
		const { deps, caller } = c.var;
		const order = { consentId: c.req.valid('param').id, ...c.req.valid('json') };
		return c.json(await narrowConsent(deps, { actor: caller.actor, ...order }), 200);
	})
	.openapi(postRevocation, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await revokeConsent(deps, { actor: caller.actor, consentId: c.req.valid('param').id }), 202);
	});
