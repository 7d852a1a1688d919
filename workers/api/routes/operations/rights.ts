import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { listRequests } from '../../../core/rights/list-requests';
import { endRequest, extendRequest, showRequest } from '../../../core/rights/requests-by-operator';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import { QueueAnswer, QueueQuery, RightsExtension, RightsReply, RightsStep, ShownAnswer } from '../../contract/rights';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };

const getQueue = createRoute({
	method: 'get',
	path: '/v1/operations/rights',
	summary: 'Requests about rights that wait for an answer, a child’s first, then due soonest; 100 a page',
	...OPERATIONS,
	request: { query: QueueQuery },
	responses: answers(200, QueueAnswer, 'The queue, without a word of theirs'),
});

const getRequest = createRoute({
	method: 'get',
	path: '/v1/operations/rights/{id}',
	summary: 'One request, opened; that it was read stands in the record',
	...OPERATIONS,
	request: { params: z.object({ id: z.string().max(60) }) },
	responses: answers(200, ShownAnswer, 'The request'),
});

const postAnswer = createRoute({
	method: 'post',
	path: '/v1/operations/rights/answer',
	summary: 'Answer a request; the words are mailed',
	...OPERATIONS,
	request: takes(RightsReply),
	responses: answers(200, RightsStep, 'Answered, now or before'),
});

const postRefusal = createRoute({
	method: 'post',
	path: '/v1/operations/rights/refuse',
	summary: 'Refuse a request with the reason, which is mailed',
	...OPERATIONS,
	request: takes(RightsReply),
	responses: answers(200, RightsStep, 'Refused, now or before'),
});

const postExtension = createRoute({
	method: 'post',
	path: '/v1/operations/rights/extend',
	summary: 'Take two months more, once, with the reason, which is mailed',
	...OPERATIONS,
	request: takes(RightsExtension),
	responses: answers(200, RightsStep, 'Extended, now or before'),
});

export const rightsOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getQueue, async (c) => c.json(await listRequests(c.var.deps, c.req.valid('query')), 200))
	.openapi(getRequest, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await showRequest(deps, { whence, requestId: c.req.valid('param').id }), 200);
	})
	.openapi(postAnswer, async (c) => {
		const { deps, whence } = c.var;
		const { id: requestId, words } = c.req.valid('json');
		return c.json(await endRequest(deps, { whence, requestId, as: 'answered', words }), 200);
	})
	.openapi(postRefusal, async (c) => {
		const { deps, whence } = c.var;
		const { id: requestId, words } = c.req.valid('json');
		return c.json(await endRequest(deps, { whence, requestId, as: 'refused', words }), 200);
	})
	.openapi(postExtension, async (c) => {
		const { deps, whence } = c.var;
		const { id: requestId, reason } = c.req.valid('json');
		return c.json(await extendRequest(deps, { whence, requestId, reason }), 200);
	});
