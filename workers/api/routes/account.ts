import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { changeAccount } from '../../core/accounts/change-account';
import { leaveAccount } from '../../core/accounts/leave-account';
import { readAccount } from '../../core/accounts/read-account';
import { setJurisdiction } from '../../core/accounts/set-jurisdiction';
import { removeLogo, setLogo } from '../../core/accounts/set-logo';
import { transferOwnership } from '../../core/accounts/transfer-ownership';
import { FOR_PERSON, needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { AccountAnswer, AccountChange, Done, LogoChoice, MemberRole, TransferOrder } from '../contract/account';
import { JurisdictionChoice } from '../contract/shares';
import { refuseInvalid } from '../refuse-invalid';

const getAccount = createRoute({
	method: 'get',
	path: '/v1/account',
	tags: ['Account'],
	summary: 'The profile of what you act in, with a view of its logo for minutes',
	...needs('members:read'),
	responses: answers(200, AccountAnswer, 'The profile'),
});

const patchAccount = createRoute({
	method: 'patch',
	path: '/v1/account',
	tags: ['Account'],
	summary: 'Change the profile; everything but the name may be empty',
	...needs('account:write'),
	request: takes(AccountChange),
	responses: answers(200, AccountAnswer, 'The profile as it is now'),
});

const putLogo = createRoute({
	method: 'put',
	path: '/v1/account/logo',
	tags: ['Account'],
	summary: 'Show a completed upload of kind `logo`; the logo before it is deleted',
	...needs('account:write'),
	request: takes(LogoChoice),
	responses: answers(200, AccountAnswer, 'The profile with its logo'),
});

const deleteLogo = createRoute({
	method: 'delete',
	path: '/v1/account/logo',
	tags: ['Account'],
	summary: 'Delete the logo',
	...needs('account:write'),
	responses: answers(200, AccountAnswer, 'The profile without a logo'),
});

const putJurisdiction = createRoute({
	method: 'put',
	path: '/v1/account/jurisdiction',
	tags: ['Account'],
	summary: 'Say where you advertise: its rules decide what may be published',
	...needs('account:write'),
	request: takes(JurisdictionChoice),
	responses: answers(200, AccountAnswer, 'The profile as it is now'),
});

const postTransfer = createRoute({
	method: 'post',
	path: '/v1/account/transfer',
	tags: ['Account'],
	summary: 'Make another member the owner; you are a clinician afterwards',
	...needs('members:write', { isProved: true }),
	request: takes(TransferOrder),
	responses: answers(200, MemberRole, 'The new owner'),
});

const postLeave = createRoute({
	method: 'post',
	path: '/v1/accounts/{id}/leave',
	tags: ['Accounts'],
	summary: 'Leave one of your accounts; its owner hands it over first',
	...FOR_PERSON,
	request: { params: z.object({ id: z.string() }) },
	responses: answers(200, Done, 'You do not belong to it any more'),
});

export const profileRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getAccount, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readAccount(deps, { actor: caller.actor }), 200);
	})
	.openapi(patchAccount, async (c) => {
		const { deps, caller, whence } = c.var;
		await changeAccount(deps, { actor: caller.actor, whence, change: c.req.valid('json') });
		return c.json(await readAccount(deps, { actor: caller.actor }), 200);
	})
	.openapi(putLogo, async (c) => {
		const { deps, caller, whence } = c.var;
		await setLogo(deps, { actor: caller.actor, whence, uploadId: c.req.valid('json').uploadId });
		return c.json(await readAccount(deps, { actor: caller.actor }), 200);
	})
	.openapi(deleteLogo, async (c) => {
		const { deps, caller, whence } = c.var;
		await removeLogo(deps, { actor: caller.actor, whence });
		return c.json(await readAccount(deps, { actor: caller.actor }), 200);
	})
	.openapi(putJurisdiction, async (c) => {
		const { deps, caller, whence } = c.var;
		await setJurisdiction(deps, { actor: caller.actor, whence, ...c.req.valid('json') });
		return c.json(await readAccount(deps, { actor: caller.actor }), 200);
	})
	.openapi(postTransfer, async (c) => {
		const { deps, caller, person, whence } = c.var;
		const order = { actor: caller.actor, whence, byName: person.name, ...c.req.valid('json') };
		return c.json(await transferOwnership(deps, order), 200);
	})
	.openapi(postLeave, async (c) => {
		const { deps, person, whence } = c.var;
		return c.json(await leaveAccount(deps, { person, whence, accountId: c.req.valid('param').id }), 200);
	});
