import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { chooseAccount } from '../../core/accounts/choose-account';
import { listAccounts } from '../../core/accounts/list-accounts';
import { openAccount } from '../../core/accounts/open-account';
import { FOR_PERSON } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { AccountChoice, AccountList, AccountOrder, ChosenAccount, OpenedAccount } from '../contract';
import { refuseInvalid } from '../refuse-invalid';

const postAccount = createRoute({
	method: 'post',
	path: '/v1/accounts',
	tags: ['Accounts'],
	summary: 'Open a practice or workspace; you are its owner, and this session acts in it',
	...FOR_PERSON,
	request: takes(AccountOrder),
	responses: answers(201, OpenedAccount, 'Opened'),
});

const getAccounts = createRoute({
	method: 'get',
	path: '/v1/accounts',
	tags: ['Accounts'],
	summary: 'What you belong to, and as what',
	...FOR_PERSON,
	responses: answers(200, AccountList, 'The accounts'),
});

const putChoice = createRoute({
	method: 'put',
	path: '/v1/session/account',
	tags: ['Accounts'],
	summary: 'Let this session act in another of your accounts, without signing out',
	...FOR_PERSON,
	request: takes(AccountChoice),
	responses: answers(200, ChosenAccount, 'This session acts in it'),
});

export const accountRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postAccount, async (c) => {
		const { deps, person, whence } = c.var;
		const { name, key, statementVersion } = c.req.valid('json');
		return c.json(await openAccount(deps, { person, whence, name, key, statementVersion }), 201);
	})
	.openapi(getAccounts, async (c) => {
		const { deps, person } = c.var;
		return c.json({ items: await listAccounts(deps, { userId: person.userId }) }, 200);
	})
	.openapi(putChoice, async (c) => {
		const { deps, person } = c.var;
		const { accountId } = c.req.valid('json');
		await chooseAccount(deps, { person, accountId });
		return c.json({ id: accountId }, 200);
	});
