import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { acceptInvitation } from '../../core/invitations/accept-invitation';
import { inviteMember } from '../../core/invitations/invite-member';
import { listInvitations } from '../../core/invitations/list-invitations';
import { lookAtInvitation } from '../../core/invitations/look-at-invitation';
import { revokeInvitation } from '../../core/invitations/revoke-invitation';
import { FOR_PERSON, needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	Done,
	InvitationAcceptance,
	InvitationAnswer,
	InvitationList,
	InvitationOrder,
	InvitationToken,
	InvitationView,
	JoinedAccount,
} from '../contract/account';
import { refuseInvalid } from '../refuse-invalid';

const getInvitations = createRoute({
	method: 'get',
	path: '/v1/invitations',
	tags: ['Invitations'],
	summary: 'Invitations that were neither accepted nor revoked',
	...needs('members:read'),
	responses: answers(200, InvitationList, 'The invitations'),
});

const postInvitation = createRoute({
	method: 'post',
	path: '/v1/invitations',
	tags: ['Invitations'],
	summary: 'Mail somebody a link that lets them join, for seven days; again: the older link is dead',
	...needs('members:write'),
	request: takes(InvitationOrder),
	responses: answers(201, InvitationAnswer, 'Invited; the same answer whether anybody here has this address or not'),
});

const deleteInvitation = createRoute({
	method: 'delete',
	path: '/v1/invitations/{id}',
	tags: ['Invitations'],
	summary: 'Revoke an invitation: its link is dead',
	...needs('members:write'),
	request: { params: z.object({ id: z.string() }) },
	responses: answers(200, Done, 'Revoked'),
});

const postLook = createRoute({
	method: 'post',
	path: '/v1/invitations/look',
	tags: ['Invitations'],
	summary: 'What an invitation is about, for whoever holds its link',
	...OPEN_TO_ALL,
	request: takes(InvitationToken),
	responses: answers(200, InvitationView, 'The invitation'),
});

const postAcceptance = createRoute({
	method: 'post',
	path: '/v1/invitations/accept',
	tags: ['Invitations'],
	summary: 'Join, when your own verified address was invited; this session acts in it',
	...FOR_PERSON,
	request: takes(InvitationAcceptance),
	responses: answers(200, JoinedAccount, 'You belong to it'),
});

export const invitationRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getInvitations, async (c) => {
		const { deps, caller } = c.var;
		return c.json({ items: await listInvitations(deps, { actor: caller.actor }) }, 200);
	})
	.openapi(postInvitation, async (c) => {
		const { deps, caller, person, whence } = c.var;
		const { actor, account } = caller;
		const order = { actor, whence, account, byName: person.name, ...c.req.valid('json') };
		return c.json(await inviteMember(deps, order), 201);
	})
	.openapi(deleteInvitation, async (c) => {
		const { deps, caller, whence } = c.var;
		const invitationId = c.req.valid('param').id;
		return c.json(await revokeInvitation(deps, { actor: caller.actor, whence, invitationId }), 200);
	})
	.openapi(postLook, async (c) => {
		return c.json(await lookAtInvitation(c.var.deps, c.req.valid('json')), 200);
	})
	.openapi(postAcceptance, async (c) => {
		const { deps, person, whence } = c.var;
		const { token, statementVersion } = c.req.valid('json');
		return c.json(await acceptInvitation(deps, { person, whence, token, statementVersion }), 200);
	});
