import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import packageJson from '../../../package.json';
import { versionOn } from '../../../studios/policy/policy';
import { itemsOf, whatCreditsBuy, type PricedItem } from '../../../studios/pricing';
import type { Studio } from '../../../studios/studio';
import { offeredWays } from '../../core/accounts/offered-ways';
import { OPEN_TO_ALL } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { Health, SessionAnswer, StudioAnswer } from '../contract';
import { readPerson } from '../session';

const health = createRoute({
	method: 'get',
	path: '/healthz',
	...OPEN_TO_ALL,
	tags: ['Studio'],
	summary: 'Whether the API runs, and which studio it is',
	responses: answers(200, Health, 'It runs'),
});

const getStudio = createRoute({
	method: 'get',
	path: '/v1/studio',
	...OPEN_TO_ALL,
	tags: ['Studio'],
	summary: 'The product: its tools with prices, and its limits',
	responses: answers(200, StudioAnswer, 'The studio'),
});

const session = createRoute({
	method: 'get',
	path: '/v1/session',
	...OPEN_TO_ALL,
	tags: ['Studio'],
	summary: 'Who is signed in, with the credit balance',
	responses: answers(200, SessionAnswer, 'The session, or that there is none'),
});

function sold(of: Studio, kind: PricedItem['kind']) {
	return itemsOf(of)
		.filter((item) => item.kind === kind)
		.map(({ id, title, credits, cents }) => ({
			id,
			title,
			credits,
			cents,
			currency: of.pricing.currency,
			buys: whatCreditsBuy(of, credits),
		}));
}

export const studioRoutes = new OpenAPIHono<ApiEnv>()
	.openapi(health, (c) =>
		c.json({ ok: true as const, studio: c.var.deps.studio.slug, version: packageJson.version }, 200),
	)
	.openapi(getStudio, (c) => {
		const { studio } = c.var.deps;
		const { slug, name, policy, welcomeCredits, tools, limits, toCome, tenancy, statement, pricing } = studio;
		return c.json(
			{
				slug,
				name,
				policyVersion: versionOn(policy, c.var.deps.now().getTime()).version,
				welcomeCredits,
				tenancy,
				statement,
				signIn: offeredWays(c.var.deps),
				tools: tools.map(({ id, title, credits, breakdown, stages }) => ({
					id,
					title,
					credits,
					breakdown: [...breakdown],
					stages: stages.map((stage) => ({
						id: stage.id,
						title: stage.title,
						expectedSeconds: stage.expectedSeconds,
					})),
				})),
				packs: sold(studio, 'pack'),
				packMonths: pricing.packMonths,
				plans: sold(studio, 'plan'),
				lowBalanceCredits: pricing.lowBalanceCredits,
				limits,
				toCome: [...toCome],
			},
			200,
		);
	})
	.openapi(session, async (c) => {
		const person = await readPerson(c);
		if (person === null) return c.json({ signedIn: false as const }, 200);
		const { name, email, account, isAccountLost, isRestricted, credits, accountCount } = person;
		const user = { name, email };
		const { isAccepted, announced } = person.policy;
		const shown = { user, account, isAccountLost, isRestricted, credits, accountCount };
		return c.json({ signedIn: true as const, ...shown, policy: { isAccepted, announced } }, 200);
	});
