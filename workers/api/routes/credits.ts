import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { listEntries } from '../../core/credits/list-entries';
import { readBalance } from '../../core/credits/read-balance';
import { readUsage } from '../../core/credits/read-usage';
import { usageByMember } from '../../core/credits/usage-by-member';
import { needs } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { CreditsAnswer, EntryList, Page } from '../contract';
import { MemberUsageAnswer, UsageAnswer, UsageQuery } from '../contract/credits';
import { refuseInvalid } from '../refuse-invalid';
import { streamEntries } from '../stream-entries';

const getCredits = createRoute({
	method: 'get',
	path: '/v1/credits',
	tags: ['Credits'],
	summary: 'What can be spent, what is held or owed, and where it came from',
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

const getEntriesFile = createRoute({
	method: 'get',
	path: '/v1/credits/entries.csv',
	tags: ['Credits'],
	summary: 'The whole ledger as CSV, oldest first, every entry with its number and the hash of the chain',
	...needs('credits:read'),
	responses: { 200: { description: 'A file', content: { 'text/csv': { schema: z.string() } } } },
});

const getUsage = createRoute({
	method: 'get',
	path: '/v1/credits/usage',
	tags: ['Credits'],
	summary: 'What was spent on each of the last days',
	...needs('credits:read'),
	request: { query: UsageQuery },
	responses: answers(200, UsageAnswer, 'Every day, the oldest first'),
});

const getMemberUsage = createRoute({
	method: 'get',
	path: '/v1/credits/usage/members',
	tags: ['Credits'],
	summary: 'Who ordered what was spent in the last days',
	...needs('billing:write'),
	request: { query: UsageQuery },
	responses: answers(200, MemberUsageAnswer, 'The most credits first'),
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
	})
	.openapi(getEntriesFile, (c) => {
		const { deps, caller } = c.var;
		const day = deps.now().toISOString().slice(0, 10);
		return c.body(streamEntries(deps, { accountId: caller.actor.accountId }), 200, {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="credits-${day}.csv"`,
		});
	})
	.openapi(getUsage, async (c) => {
		const { deps, caller } = c.var;
		const { days } = c.req.valid('query');
		return c.json(await readUsage(deps, { accountId: caller.actor.accountId, days }), 200);
	})
	.openapi(getMemberUsage, async (c) => {
		const { deps, caller } = c.var;
		const { days } = c.req.valid('query');
		return c.json({ items: await usageByMember(deps, { accountId: caller.actor.accountId, days }) }, 200);
	});
