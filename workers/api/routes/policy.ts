import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { acceptPolicy } from '../../core/policy/accept-policy';
import { builtClaimResults } from '../../core/policy/claim-results';
import { readClaim, readPolicy } from '../../core/policy/read-policy';
import { FOR_PERSON, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { AcceptanceAnswer, AcceptanceOrder, ClaimAnswer, PolicyAnswer, VersionList } from '../contract/policy';
import { toClaim, toPolicy, toVersion } from '../policy-answer';

/** Evidence is looked at by the hour and tests by the build. */
const KEPT_SECONDS = 60;

const getPolicy = createRoute({
	method: 'get',
	path: '/v1/policy',
	...OPEN_TO_ALL,
	tags: ['Policy'],
	summary: 'What is promised about data, and of each promise whether it is kept',
	responses: answers(200, PolicyAnswer, 'The policy in force'),
});

const getVersions = createRoute({
	method: 'get',
	path: '/v1/policy/versions',
	...OPEN_TO_ALL,
	tags: ['Policy'],
	summary: 'Every version with what it changed and since when it holds',
	responses: answers(200, VersionList, 'The versions, newest first'),
});

const getClaim = createRoute({
	method: 'get',
	path: '/v1/policy/claims/{id}',
	...OPEN_TO_ALL,
	tags: ['Policy'],
	summary: 'How one promise is kept and shown',
	request: { params: z.object({ id: z.string().openapi({ example: 'DD-25' }) }) },
	responses: answers(200, ClaimAnswer, 'The claim'),
});

const postAcceptance = createRoute({
	method: 'post',
	path: '/v1/policy/acceptances',
	...FOR_PERSON,
	tags: ['Policy'],
	summary: 'Accept the version in force; the same twice is one',
	request: takes(AcceptanceOrder),
	responses: answers(201, AcceptanceAnswer, 'Accepted'),
});

/** For programs and other sites: no cookie has anything to do with it. */
function forEverybody(c: Context<ApiEnv>): void {
	c.header('cache-control', `public, max-age=${KEPT_SECONDS}`);
	c.header('access-control-allow-origin', '*');
	c.header('cross-origin-resource-policy', 'cross-origin');
}

export const policyRoutes = new OpenAPIHono<ApiEnv>()
	.openapi(getPolicy, async (c) => {
		const results = builtClaimResults();
		forEverybody(c);
		return c.json(toPolicy(c.var.deps.studio, await readPolicy(c.var.deps, results), results), 200);
	})
	.openapi(getVersions, async (c) => {
		const { versions } = await readPolicy(c.var.deps, null);
		forEverybody(c);
		return c.json({ items: versions.map(({ version, row }) => toVersion(version, row)) }, 200);
	})
	.openapi(getClaim, async (c) => {
		const results = builtClaimResults();
		const claim = await readClaim(c.var.deps, results, c.req.valid('param'));
		forEverybody(c);
		return c.json(toClaim(claim, results), 200);
	})
	.openapi(postAcceptance, async (c) => {
		const { version } = c.req.valid('json');
		await acceptPolicy(c.var.deps, { userId: c.var.person.userId, version });
		return c.json({ version }, 201);
	});

/** The same where a page's visitors and programs look for it. */
export const publishedPolicyRoutes = new OpenAPIHono<ApiEnv>().get('/policy.json', async (c) => {
	const results = builtClaimResults();
	forEverybody(c);
	return c.json(toPolicy(c.var.deps.studio, await readPolicy(c.var.deps, results), results));
});
