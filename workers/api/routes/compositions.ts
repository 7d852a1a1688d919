import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { completeComposition } from '../../core/compositions/complete-composition';
import { createComposition } from '../../core/compositions/create-composition';
import { createPair } from '../../core/compositions/create-pair';
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../../core/renders/start-render';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { AssetAnswer } from '../contract';
import { CompositionOrder, CompositionTicket, PairAnswer, PairOrder } from '../contract/compositions';
import { refuseInvalid } from '../refuse-invalid';

const postComposition = createRoute({
	method: 'post',
	path: '/v1/compositions',
	tags: ['Compositions'],
	summary: 'An address that takes a reel, a still pair or a poster made on the device; it costs no credits',
	...needs('renders:write'),
	request: takes(CompositionOrder),
	responses: answers(201, CompositionTicket, 'Where to put it, for ten minutes'),
});

const postComplete = createRoute({
	method: 'post',
	path: '/v1/compositions/{id}/complete',
	tags: ['Compositions'],
	summary: 'Say that it has been sent',
	...needs('renders:write'),
	request: { params: z.object({ id: z.string() }) },
	responses: answers(200, AssetAnswer, 'It is kept, as an asset of its order'),
});

const postPair = createRoute({
	method: 'post',
	path: '/v1/pairs',
	tags: ['Compositions'],
	summary: 'Open a genuine pair: two photographs of one patient, attested; it costs no credits',
	...needs('renders:write'),
	request: {
		...takes(PairOrder),
		headers: z.object({
			'idempotency-key': z
				.string('Send an Idempotency-Key, so that a pair that is repeated is not kept twice.')
				.min(1)
				.max(IDEMPOTENCY_KEY_LENGTH_MAX),
		}),
	},
	responses: answers(201, PairAnswer, 'Its render; keep what was made of it with that as compositions'),
});

export const compositionRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postComposition, async (c) => {
		const { deps, caller, whence } = c.var;
		const order = { actor: caller.actor, network: whence.network, ...c.req.valid('json') };
		return c.json(await createComposition(deps, order), 201);
	})
	.openapi(postComplete, async (c) => {
		const { deps, caller } = c.var;
		const input = { actor: caller.actor, compositionId: c.req.valid('param').id };
		return c.json(await completeComposition(deps, input), 200);
	})
	.openapi(postPair, async (c) => {
		const { deps, caller, whence } = c.var;
		const key = c.req.valid('header')['idempotency-key'];
		const { id } = await createPair(deps, {
			actor: caller.actor,
			network: whence.network,
			key,
			...c.req.valid('json'),
		});
		c.header('location', `/v1/renders/${id}`);
		return c.json({ id }, 201);
	});
