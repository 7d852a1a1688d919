import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { offeredWays } from '../../core/accounts/offered-ways';
import { unlinkWay } from '../../core/accounts/unlink-way';
import { removePasskey } from '../../core/passkeys/remove-passkey';
import { renamePasskey } from '../../core/passkeys/rename-passkey';
import { FOR_PERSON, FOR_PROVED_PERSON } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { GoneWay, PasskeyChange, WayOrder, WayVisit } from '../contract/ways';
import { visitProvider } from '../provider-visits';
import { refuseInvalid } from '../refuse-invalid';

const ById = { params: z.object({ id: z.string() }) };

const postWay = createRoute({
	method: 'post',
	path: '/v1/me/ways',
	tags: ['Me'],
	summary: 'Link a provider: the address of its page, good for this browser and 10 minutes',
	...FOR_PROVED_PERSON,
	request: takes(WayOrder),
	responses: answers(200, WayVisit, 'Where to go'),
});

const deleteWay = createRoute({
	method: 'delete',
	path: '/v1/me/ways/{id}',
	tags: ['Me'],
	summary: 'Unlink a provider; the last way to sign in stays',
	...FOR_PROVED_PERSON,
	request: ById,
	responses: answers(200, GoneWay, 'Unlinked'),
});

const patchPasskey = createRoute({
	method: 'patch',
	path: '/v1/me/passkeys/{id}',
	tags: ['Me'],
	summary: 'Call a passkey something else',
	...FOR_PERSON,
	request: { ...ById, ...takes(PasskeyChange) },
	responses: answers(200, PasskeyChange, 'Renamed'),
});

const deletePasskey = createRoute({
	method: 'delete',
	path: '/v1/me/passkeys/{id}',
	tags: ['Me'],
	summary: 'Remove a passkey; the last way to sign in stays',
	...FOR_PROVED_PERSON,
	request: ById,
	responses: answers(200, GoneWay, 'Removed'),
});

export const wayRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postWay, async (c) => {
		const { userId, sessionId } = c.var.person;
		const url = await visitProvider(c, { ...c.req.valid('json'), link: { userId, sessionId } });
		return c.json({ url }, 200);
	})
	.openapi(deleteWay, async (c) => {
		const { deps, person, whence } = c.var;
		const { id } = c.req.valid('param');
		await unlinkWay(deps, { changer: { person, whence }, id, offered: offeredWays(deps) });
		return c.json({ id }, 200);
	})
	.openapi(patchPasskey, async (c) => {
		const { deps, person } = c.var;
		const { name } = c.req.valid('json');
		await renamePasskey(deps, { userId: person.userId, id: c.req.valid('param').id, name });
		return c.json({ name }, 200);
	})
	.openapi(deletePasskey, async (c) => {
		const { deps, person, whence } = c.var;
		const { id } = c.req.valid('param');
		await removePasskey(deps, { changer: { person, whence }, id, offered: offeredWays(deps) });
		return c.json({ id }, 200);
	});
