import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { listPostings } from '../../core/postings/list-postings';
import { notePosting } from '../../core/postings/note-posting';
import { tickPosting } from '../../core/postings/tick-posting';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { PostingAnswer, PostingList, PostingOrder, PostingProof } from '../contract/shares';
import { refuseInvalid } from '../refuse-invalid';

const Id = z.object({ id: z.string() });

const postPosting = createRoute({
	method: 'post',
	path: '/v1/assets/{id}/postings',
	tags: ['Sharing'],
	summary: 'Note a copy that was posted elsewhere, so that it is taken down when the consent ends',
	...needs('assets:share'),
	request: { params: Id, ...takes(PostingOrder) },
	responses: answers(201, PostingAnswer, 'The entry, and whether the copy may stay'),
});

const getPostings = createRoute({
	method: 'get',
	path: '/v1/postings',
	tags: ['Sharing'],
	summary: 'Copies that were posted elsewhere: first those that have to go',
	...needs('assets:read'),
	request: { query: z.object({ renderId: z.string().max(60).optional() }) },
	responses: answers(200, PostingList, 'The entries'),
});

const postRemoval = createRoute({
	method: 'post',
	path: '/v1/postings/{id}/removed',
	tags: ['Sharing'],
	summary: 'Tick an entry: the copy is gone, and this is how you saw it',
	...needs('assets:share'),
	request: { params: Id, ...takes(PostingProof) },
	responses: answers(200, PostingAnswer, 'The entry'),
});

export const postingRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postPosting, async (c) => {
		const { deps, caller } = c.var;
		const { postedAt, ...order } = c.req.valid('json');
		const assetId = c.req.valid('param').id;
		const noted = await notePosting(deps, {
			actor: caller.actor,
			assetId,
			...order,
			postedAtMs: Date.parse(postedAt),
		});
		return c.json(noted, 201);
	})
	.openapi(getPostings, async (c) => {
		const { deps, caller } = c.var;
		return c.json({ items: await listPostings(deps, { actor: caller.actor, ...c.req.valid('query') }) }, 200);
	})
	.openapi(postRemoval, async (c) => {
		const { deps, caller } = c.var;
		const postingId = c.req.valid('param').id;
		return c.json(await tickPosting(deps, { actor: caller.actor, postingId, ...c.req.valid('json') }), 200);
	});
