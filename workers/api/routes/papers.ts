import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { recordPaper } from '../../core/consents/record-paper';
import { seePaper } from '../../core/consents/see-paper';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { ConsentAnswer } from '../contract';
import { PaperAnswer, PaperRecord } from '../contract/papers';
import { elementsOf } from '../elements-of';
import { refuseInvalid } from '../refuse-invalid';

const ConsentId = z.object({ id: z.string() });

const getPaper = createRoute({
	method: 'get',
	path: '/v1/consents/{id}/paper',
	tags: ['Consent'],
	summary: 'The paper that a consent was signed on, for two minutes; that it was asked for is in the record',
	...needs('consents:read'),
	request: { params: ConsentId },
	responses: answers(200, PaperAnswer, 'The paper, or that there is none'),
});

const postCompletion = createRoute({
	method: 'post',
	path: '/v1/consents/{id}/complete',
	tags: ['Consent'],
	summary: 'Record a draft from its paper, once every element was seen on it',
	...needs('consents:write'),
	request: { params: ConsentId, ...takes(PaperRecord) },
	responses: answers(200, ConsentAnswer, 'The consent, in force'),
});

export const paperRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getPaper, async (c) => {
		const { deps, caller, whence } = c.var;
		const who = { actor: caller.actor, whence };
		return c.json({ paper: await seePaper(deps, { ...who, consentId: c.req.valid('param').id }) }, 200);
	})
	.openapi(postCompletion, async (c) => {
		const { deps, caller, whence } = c.var;
		const { checked, channels, comesOfAgeAt, ...order } = c.req.valid('json');
		const recorded = await recordPaper(deps, {
			actor: caller.actor,
			whence,
			consentId: c.req.valid('param').id,
			elements: elementsOf(order),
			channels,
			comesOfAgeAtMs: comesOfAgeAt === undefined ? null : Date.parse(comesOfAgeAt),
			checked,
		});
		return c.json(recorded, 200);
	});
