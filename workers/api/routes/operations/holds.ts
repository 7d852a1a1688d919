import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { listHolds, placeHold, releaseHold } from '../../../core/erasure/legal-holds';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import { HoldAnswer, HoldList, HoldOrder } from '../../contract/erasures';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };

const postHold = createRoute({
	method: 'post',
	path: '/v1/operations/holds',
	summary: 'Forbid to delete what is held of somebody, for one matter',
	...OPERATIONS,
	request: takes(HoldOrder),
	responses: answers(200, HoldAnswer, 'Placed, now or before'),
});

const postRelease = createRoute({
	method: 'post',
	path: '/v1/operations/holds/release',
	summary: 'End a hold; an erasure that waited for it goes on',
	...OPERATIONS,
	request: takes(HoldOrder),
	responses: answers(200, HoldAnswer, 'Released'),
});

const getHolds = createRoute({
	method: 'get',
	path: '/v1/operations/holds',
	summary: 'The holds that are in force, the oldest first',
	...OPERATIONS,
	responses: answers(200, HoldList, 'The holds'),
});

export const holdOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postHold, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await placeHold(deps, { whence, ...c.req.valid('json') }), 200);
	})
	.openapi(postRelease, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await releaseHold(deps, { whence, ...c.req.valid('json') }), 200);
	})
	.openapi(getHolds, async (c) => c.json({ items: await listHolds(c.var.deps) }, 200));
