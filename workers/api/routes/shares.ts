import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { createShare } from '../../core/shares/create-share';
import { listShares } from '../../core/shares/list-shares';
import { openShare } from '../../core/shares/open-share';
import { revokeShare } from '../../core/shares/revoke-share';
import { needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { CreatedShare, OpenedShare, RevokedShare, ShareList, ShareOpening, ShareOrder } from '../contract/shares';
import { limitedLook } from '../limit';
import { refuseInvalid } from '../refuse-invalid';
import { readPerson } from '../session';

const Id = z.object({ id: z.string() });

const postShare = createRoute({
	method: 'post',
	path: '/v1/assets/{id}/shares',
	tags: ['Sharing'],
	summary: 'A link that shows it until it ends; the link is answered this once',
	...needs('assets:share'),
	request: { params: Id, ...takes(ShareOrder) },
	responses: answers(201, CreatedShare, 'The link'),
});

const getShares = createRoute({
	method: 'get',
	path: '/v1/shares',
	tags: ['Sharing'],
	summary: 'The links, newest first, with how often each was opened',
	...needs('assets:read'),
	request: { query: z.object({ renderId: z.string().max(60).optional() }) },
	responses: answers(200, ShareList, 'The links'),
});

const deleteShare = createRoute({
	method: 'delete',
	path: '/v1/shares/{id}',
	tags: ['Sharing'],
	summary: 'End a link at once',
	...needs('assets:share'),
	request: { params: Id },
	responses: answers(200, RevokedShare, 'Ended'),
});

const postOpening = createRoute({
	method: 'post',
	path: '/v1/shares/open',
	tags: ['Sharing'],
	summary: 'What a link shows, for whoever holds it',
	...OPEN_TO_ALL,
	request: takes(ShareOpening),
	responses: answers(200, OpenedShare, 'What it shows, for minutes, or that it asks for a passcode'),
});

export const shareRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postShare, async (c) => {
		const { deps, caller } = c.var;
		const { expiresInHours, passcode, shows } = c.req.valid('json');
		const order = { assetId: c.req.valid('param').id, expiresInHours, passcode, showsSmile: shows === 'smile' };
		return c.json(await createShare(deps, { actor: caller.actor, ...order }), 201);
	})
	.openapi(getShares, async (c) => {
		const { deps, caller } = c.var;
		return c.json({ items: await listShares(deps, { actor: caller.actor, ...c.req.valid('query') }) }, 200);
	})
	.openapi(deleteShare, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await revokeShare(deps, { actor: caller.actor, shareId: c.req.valid('param').id }), 200);
	})
	.openapi(postOpening, async (c) => {
		const { deps, whence } = c.var;
		await limitedLook(c);
		const { token, passcode = null } = c.req.valid('json');
		const person = await readPerson(c);
		const viewer = { network: whence.network, viewerId: person?.userId ?? null };
		return c.json(await openShare(deps, { token, passcode, ...viewer }), 200);
	});
