import { expect, test } from 'vitest';

import { dental } from '../../../studios/dental';
import type { Actor } from '../../../workers/core/actor';
import { openPortal, type PortalFlow } from '../../../workers/core/billing/open-portal';
import { givenAccount, givenMember } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { givenPlan, tillWorld, tracesOf } from './till-world';

function opening(actor: Actor, flow?: PortalFlow) {
	return { actor, whence: { ...WHENCE, network: `network of ${actor.accountId}` }, flow };
}

test.each([
	[undefined, null],
	['card', { kind: 'card' }],
] as const)('the portal opens with %s, and it is written down who went there', async (flow, expected) => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { customerId } = await givenPlan(world, actor);
	const { url } = await openPortal(world, opening(actor, flow));
	expect(url).toContain('billing.stripe.test');
	expect(world.stripe.calls.at(-1)).toEqual({
		name: 'openPortal',
		input: { customerId, returnUrl: 'https://app.test/credits/billing?back=1', flow: expected },
	});
	expect((await tracesOf(world, actor)).audit).toEqual([
		expect.objectContaining({ action: 'portal.opened', facts: { flow: flow ?? 'overview' } }),
	]);
});

test('it leads straight to ending a plan that runs', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { subscriptionId } = await givenPlan(world, actor, { status: 'past_due' });
	await openPortal(world, opening(actor, 'cancel'));
	expect(world.stripe.calls.at(-1)?.input).toMatchObject({ flow: { kind: 'cancel', subscriptionId } });
});

test.each([
	['ends already', { isEnding: true }],
	['has ended', { status: 'canceled' }],
	['never was', { subscriptionId: null, status: null, plan: null }],
])('a plan that %s cannot be ended, and nothing is asked of Stripe', async (_what, changed) => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await givenPlan(world, actor, changed);
	const before = await tracesOf(world, actor);
	await expect(openPortal(world, opening(actor, 'cancel'))).rejects.toMatchObject({ code: 'conflict' });
	expect(world.stripe.count('openPortal')).toBe(0);
	expect(await tracesOf(world, actor)).toEqual(before);
});

test('who never bought anything has nothing to change there', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await expect(openPortal(world, opening(actor))).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('Buy credits first'),
	});
	expect((await tracesOf(world, actor)).audit).toEqual([]);
	expect(world.stripe.calls).toEqual([]);
});

test('another account’s plan is not reached', async () => {
	const world = tillWorld();
	await givenPlan(world, await givenAccount(world));
	await expect(openPortal(world, opening(await givenAccount(world)))).rejects.toMatchObject({ code: 'conflict' });
});

test('who only works here is not let in', async () => {
	const world = tillWorld();
	const owner = await givenAccount(world);
	await givenPlan(world, owner);
	const { userId, via } = await givenMember(world, { accountId: owner.accountId, role: 'clinician' });
	const before = await tracesOf(world, owner);
	const opened = openPortal(world, opening({ userId, accountId: owner.accountId, via }));
	await expect(opened).rejects.toMatchObject({ code: 'not_allowed' });
	expect(await tracesOf(world, owner)).toEqual(before);
	expect(world.stripe.count('openPortal')).toBe(0);
});

test('portals count as tills do', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await givenPlan(world, actor);
	const { max } = dental.rates.checkout.account;
	for (let count = 0; count < max; count += 1) await openPortal(world, opening(actor));
	const before = await tracesOf(world, actor);
	await expect(openPortal(world, opening(actor))).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(await tracesOf(world, actor)).toEqual(before);
	expect(world.stripe.count('openPortal')).toBe(max);
});

test('where Stripe does not answer it may come again', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await givenPlan(world, actor);
	world.stripe.meet('openPortal', 'lost_before');
	await expect(openPortal(world, opening(actor))).rejects.toMatchObject({ code: 'upstream_unavailable' });
	await expect(openPortal(world, opening(actor))).resolves.toHaveProperty('url');
});
