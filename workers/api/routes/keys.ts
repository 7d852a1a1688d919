import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { listKeys } from '../../core/keys/list-keys';
import { LIVE_KEYS_MAX, makeKey } from '../../core/keys/make-key';
import { revokeKey } from '../../core/keys/revoke-key';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { RemovalOrder } from '../contract/account';
import { KeyList, KeyOrder, MadeKeyAnswer, RevokedKey } from '../contract/keys';
import { refuseInvalid } from '../refuse-invalid';

const getKeys = createRoute({
	method: 'get',
	path: '/v1/keys',
	tags: ['API keys'],
	summary: 'The account’s keys, those in use first; the keys themselves are not kept',
	...needs('keys:read'),
	responses: answers(200, KeyList, 'The keys'),
});

const postKey = createRoute({
	method: 'post',
	path: '/v1/keys',
	tags: ['API keys'],
	summary: 'Make a key; it is shown in this answer and never again',
	...needs('keys:write', { isProved: true }),
	request: takes(KeyOrder),
	responses: answers(201, MadeKeyAnswer, 'The key, once'),
});

const removeKey = createRoute({
	method: 'delete',
	path: '/v1/keys/{id}',
	tags: ['API keys'],
	summary: 'Revoke a key; its next request is refused',
	...needs('keys:write'),
	request: {
		params: z.object({ id: z.string() }),
		body: { content: { 'application/json': { schema: RemovalOrder } } },
	},
	responses: answers(200, RevokedKey, 'Revoked, now or before'),
});

export const keyRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getKeys, async (c) => {
		const { deps, caller } = c.var;
		return c.json({ items: await listKeys(deps, { actor: caller.actor }), liveMax: LIVE_KEYS_MAX }, 200);
	})
	.openapi(postKey, async (c) => {
		const { deps, caller, person, whence } = c.var;
		const { actor, may, account } = caller;
		const order = { actor, may, maker: person, accountName: account.name, whence };
		return c.json(await makeKey(deps, { ...order, ...c.req.valid('json') }), 201);
	})
	.openapi(removeKey, async (c) => {
		const { deps, caller, whence } = c.var;
		const order = { actor: caller.actor, whence, keyId: c.req.valid('param').id, ...c.req.valid('json') };
		return c.json(await revokeKey(deps, order), 200);
	});
