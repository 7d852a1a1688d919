import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { replayByOperator, rotateByOperator, sealByOperator } from '../../../core/operations/vault-by-operator';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import { ReplayAnswer, RotationAnswer, SealingAnswer, WalkOrder } from '../../contract/vault';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };

const postRotation = createRoute({
	method: 'post',
	path: '/v1/operations/rotate-vault',
	summary: 'Wrap a page of data keys with the newest secret',
	...OPERATIONS,
	request: takes(WalkOrder),
	responses: answers(200, RotationAnswer, 'What was done, and where to go on'),
});

const postSealing = createRoute({
	method: 'post',
	path: '/v1/operations/seal-earlier',
	summary: 'Seal some rows of versions that sealed nothing',
	...OPERATIONS,
	responses: answers(200, SealingAnswer, 'How many, and how many are left'),
});

const postReplay = createRoute({
	method: 'post',
	path: '/v1/operations/replay-erasures',
	summary: 'Erase again what a restore of the database brought back',
	...OPERATIONS,
	request: takes(WalkOrder),
	responses: answers(200, ReplayAnswer, 'What was begun, and where to go on'),
});

export const vaultOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postRotation, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await rotateByOperator(deps, { whence, ...c.req.valid('json') }), 200);
	})
	.openapi(postSealing, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await sealByOperator(deps, { whence }), 200);
	})
	.openapi(postReplay, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await replayByOperator(deps, { whence, ...c.req.valid('json') }), 200);
	});
