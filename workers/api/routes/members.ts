import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { changeRole } from '../../core/accounts/change-role';
import { listMembers } from '../../core/accounts/list-members';
import { removeMember } from '../../core/accounts/remove-member';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { Done, MemberList, MemberRole, RemovalOrder, RoleChange } from '../contract/account';
import { refuseInvalid } from '../refuse-invalid';

const MemberId = z.object({ id: z.string().max(60).openapi({ description: 'The person’s id.' }) });

const getMembers = createRoute({
	method: 'get',
	path: '/v1/members',
	tags: ['Members'],
	summary: 'Who belongs to what you act in, and as what',
	...needs('members:read'),
	responses: answers(200, MemberList, 'The members'),
});

const patchMember = createRoute({
	method: 'patch',
	path: '/v1/members/{id}',
	tags: ['Members'],
	summary: 'Give a member another role, from their next request on; not the owner’s',
	...needs('members:write'),
	request: { params: MemberId, ...takes(RoleChange) },
	responses: answers(200, MemberRole, 'The member’s role'),
});

const deleteMember = createRoute({
	method: 'delete',
	path: '/v1/members/{id}',
	tags: ['Members'],
	summary: 'Remove a member; what they made stays, and their API keys end',
	...needs('members:write'),
	request: { params: MemberId, body: { content: { 'application/json': { schema: RemovalOrder } } } },
	responses: answers(200, Done, 'Removed'),
});

export const memberRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getMembers, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await listMembers(deps, { actor: caller.actor }), 200);
	})
	.openapi(patchMember, async (c) => {
		const { deps, caller, person, whence } = c.var;
		const { role, reason } = c.req.valid('json');
		const userId = c.req.valid('param').id;
		const order = { actor: caller.actor, whence, byName: person.name, userId, role, reason };
		return c.json(await changeRole(deps, order), 200);
	})
	.openapi(deleteMember, async (c) => {
		const { deps, caller, person, whence } = c.var;
		const { reason } = c.req.valid('json');
		const userId = c.req.valid('param').id;
		const order = { actor: caller.actor, whence, byName: person.name, userId, reason };
		return c.json(await removeMember(deps, order), 200);
	});
