import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { listEntries } from '../../core/credits/list-entries';
import { readBalance } from '../../core/credits/read-balance';
import { needs } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { CreditsAnswer, EntryList, Page } from '../contract';
import { refuseInvalid } from '../refuse-invalid';

const getCredits = createRoute({
	method: 'get',
	path: '/v1/credits',
	tags: ['Credits'],
	summary: 'What can be spent, what is held, and where it came from',
	...needs('credits:read'),
	responses: answers(200, CreditsAnswer, 'The balance'),
});

const getEntries = createRoute({
	method: 'get',
	path: '/v1/credits/entries',
	tags: ['Credits'],
	summary: 'The ledger, newest first, each entry with a sentence',
	...needs('credits:read'),
	request: { query: Page },
	responses: answers(200, EntryList, 'A page of entries'),
});

export const creditRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getCredits, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readBalance(deps, { accountId: caller.actor.accountId }), 200);
	})
	.openapi(getEntries, async (c) => {
		const { deps, caller } = c.var;
		const { cursor, limit } = c.req.valid('query');
		const page = { accountId: caller.actor.accountId, limit, ...(cursor === undefined ? {} : { cursor }) };
		return c.json(await listEntries(deps, page), 200);
	});
