import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { cancelRender } from '../../core/renders/cancel-render';
import { listRenders } from '../../core/renders/list-renders';
import { quoteRender } from '../../core/renders/quote-render';
import { readRender, readRenderView } from '../../core/renders/read-render';
import { IDEMPOTENCY_KEY_LENGTH_MAX, startRender } from '../../core/renders/start-render';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { Order, QuoteAnswer, RenderAnswer, RenderList, RenderPage, RenderView } from '../contract';
import { refuseInvalid } from '../refuse-invalid';
import { streamRender } from '../stream-render';

const RenderId = z.object({ id: z.string() });

const postQuote = createRoute({
	method: 'post',
	path: '/v1/quotes',
	tags: ['Renders'],
	summary: 'What an order would cost; nothing is held',
	...needs('renders:read'),
	request: takes(Order),
	responses: answers(200, QuoteAnswer, 'The price'),
});

const postRender = createRoute({
	method: 'post',
	path: '/v1/renders',
	tags: ['Renders'],
	summary: 'Order: the credits are held, the work begins',
	...needs('renders:write'),
	request: {
		...takes(Order),
		headers: z.object({
			'idempotency-key': z
				.string('Send an Idempotency-Key, so that a repeated order is not made twice.')
				.min(1)
				.max(IDEMPOTENCY_KEY_LENGTH_MAX),
		}),
	},
	responses: answers(
		202,
		z.object({
			id: z.string(),
			/** `queued`; an order that is repeated under its key answers what has become of it. */
			state: RenderAnswer.shape.state,
			credits: z.object({ held: z.number().int() }),
		}),
		'Taken; its page is in Location',
	),
});

const getRenders = createRoute({
	method: 'get',
	path: '/v1/renders',
	tags: ['Renders'],
	summary: 'Your renders, newest first',
	...needs('renders:read'),
	request: { query: RenderPage },
	responses: answers(200, RenderList, 'A page of renders'),
});

const getRender = createRoute({
	method: 'get',
	path: '/v1/renders/{id}',
	tags: ['Renders'],
	summary: 'One render: stage, progress, credits, and when its photo goes',
	...needs('renders:read'),
	request: { params: RenderId },
	responses: answers(200, RenderAnswer, 'The render'),
});

const getRenderView = createRoute({
	method: 'get',
	path: '/v1/renders/{id}/view',
	tags: ['Renders'],
	summary: 'A render with its photo and everything it made, in one answer',
	...needs('renders:read'),
	request: { params: RenderId },
	responses: answers(200, RenderView, 'The render, its photo, its assets'),
});

const postCancel = createRoute({
	method: 'post',
	path: '/v1/renders/{id}/cancel',
	tags: ['Renders'],
	summary: 'Stop a render; its credits come back',
	...needs('renders:write'),
	request: { params: RenderId },
	responses: answers(202, z.object({ id: z.string(), state: z.literal('cancelled') }), 'Cancelled'),
});

const getEvents = createRoute({
	method: 'get',
	path: '/v1/renders/{id}/events',
	tags: ['Renders'],
	summary: 'The same object as it changes, as server-sent `state` events, until the render has ended',
	...needs('renders:read'),
	request: { params: RenderId },
	responses: { 200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } } },
});

export const renderRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postQuote, (c) => c.json(quoteRender(c.var.deps, c.req.valid('json')), 200))
	.openapi(postRender, async (c) => {
		const { deps, caller, whence } = c.var;
		const key = c.req.valid('header')['idempotency-key'];
		const order = { actor: caller.actor, network: whence.network, key, ...c.req.valid('json') };
		const started = await startRender(deps, order);
		c.header('location', `/v1/renders/${started.id}`);
		return c.json({ id: started.id, state: started.state, credits: { held: started.held } }, 202);
	})
	.openapi(getRenders, async (c) => {
		const { deps, caller } = c.var;
		const { cursor, limit, needsAttention } = c.req.valid('query');
		const page = { cursor, limit, needsAttention: needsAttention === 'yes' };
		return c.json(await listRenders(deps, { actor: caller.actor, ...page }), 200);
	})
	.openapi(getRender, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readRender(deps, { actor: caller.actor, renderId: c.req.valid('param').id }), 200);
	})
	.openapi(getRenderView, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readRenderView(deps, { actor: caller.actor, renderId: c.req.valid('param').id }), 200);
	})
	.openapi(postCancel, async (c) => {
		const { deps, caller } = c.var;
		const { id } = c.req.valid('param');
		await cancelRender(deps, { actor: caller.actor, renderId: id });
		return c.json({ id, state: 'cancelled' as const }, 202);
	})
	.openapi(getEvents, (c) => streamRender(c, c.req.valid('param').id));
