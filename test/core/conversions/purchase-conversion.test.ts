import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { billingWorld, givenCustomer, givenPaidPack, tell } from '../billing/billing-world';
import { conversionsOf, says } from './conversions-world';

async function givenBuyer() {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	return { deps, customer, userId: customer.actor.userId };
}

test('a purchase by somebody who allows it is noted with its grant, once, at its price without tax', async () => {
	const { deps, customer, userId } = await givenBuyer();
	await says(deps, userId, 'granted');
	const { sessionId } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	await tell(deps, 'checkout.session.completed', sessionId);
	const pack = deps.studio.pricing.packs.find(({ id }) => id === 'pack.100');
	expect(await conversionsOf(deps, userId)).toMatchObject([
		{ name: 'Purchase', state: 'queued', valueCents: pack?.cents, currency: deps.studio.pricing.currency },
	]);
});

test.each([
	['after a no', 'denied', false],
	['after a yes that came with the signal', 'granted', true],
] as const)('%s a purchase is granted, and nothing of it is noted for Meta', async (_, choice, hasGpc) => {
	const { deps, customer, userId } = await givenBuyer();
	await says(deps, userId, choice, { hasGpc });
	const { sessionId } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	const { results } = await deps.d1
		.prepare('select id from purchases where account_id = ?')
		.bind(customer.accountId)
		.all();
	expect(results).toHaveLength(1);
	expect(await conversionsOf(deps, userId)).toEqual([]);
});

test('a studio that does not list Meta notes no purchase', async () => {
	const { deps, customer, userId } = await givenBuyer();
	await says(deps, userId, 'granted');
	const { sessionId } = await givenPaidPack(deps, customer);
	const { trackers: _, ...policy } = STUDIOS.dental.policy;
	Object.assign(deps, { studio: { ...STUDIOS.dental, policy: { ...policy, trackers: [] } } });
	await tell(deps, 'checkout.session.completed', sessionId);
	expect(await conversionsOf(deps, userId)).toEqual([]);
});
