import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { readEvidence } from '../../core/evidence/read-evidence';
import { OPEN_TO_ALL } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { EvidenceAnswer } from '../contract/evidence';
import { badgeSvg } from '../evidence-badge';

/** It is measured by the hour. */
const KEPT_SECONDS = 60;

const getEvidence = createRoute({
	method: 'get',
	path: '/v1/evidence',
	...OPEN_TO_ALL,
	tags: ['Evidence'],
	summary: 'What is held now, against what is promised; of the whole studio and of nobody in it',
	responses: answers(200, EvidenceAnswer, 'The newest measurement'),
});

/** For programs and other sites, which may keep it for a minute: no cookie has anything to do with it. */
function forEverybody(c: Context<ApiEnv>): void {
	c.header('cache-control', `public, max-age=${KEPT_SECONDS}`);
	c.header('access-control-allow-origin', '*');
	c.header('cross-origin-resource-policy', 'cross-origin');
}

export const evidenceRoutes = new OpenAPIHono<ApiEnv>().openapi(getEvidence, async (c) => {
	forEverybody(c);
	return c.json(await readEvidence(c.var.deps), 200);
});

/** The same where its page's visitors look for it, and a picture of it. */
export const publishedEvidenceRoutes = new OpenAPIHono<ApiEnv>()
	.get('/evidence.json', async (c) => {
		forEverybody(c);
		return c.json({ studio: c.var.deps.studio.slug, ...(await readEvidence(c.var.deps)) });
	})
	.get('/evidence/badge.svg', async (c) => {
		const { deps } = c.var;
		const svg = badgeSvg(await readEvidence(deps), deps.now().getTime());
		forEverybody(c);
		return c.body(svg, 200, { 'content-type': 'image/svg+xml' });
	});
