import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { checkouts, purchases } from '../../../schema/billing';
import { STUDIOS } from '../../../studios/all';
import { givenUser } from '../../support/given';
import { billingWorld, givenCustomer, givenPaidPack, givenTill, tell } from '../billing/billing-world';
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

test('what one member bought is noted for nobody who only looked at the same till later', async () => {
	const { deps, customer, userId } = await givenBuyer();
	await says(deps, userId, 'denied');
	const { sessionId } = await givenPaidPack(deps, customer);
	const { userId: looking } = await givenUser(deps);
	await says(deps, looking, 'granted');
	deps.clock.advance({ seconds: 1 });
	const [paid] = await deps.db.select().from(checkouts).where(eq(checkouts.accountId, customer.accountId));
	if (paid === undefined) throw new Error('The till was opened');
	const later = { id: `${paid.id}2`, requestedBy: looking, sessionId: null, createdAtMs: deps.now().getTime() };
	await deps.db.insert(checkouts).values({ ...paid, ...later });
	await tell(deps, 'checkout.session.completed', sessionId);
	expect(await deps.db.select().from(purchases).where(eq(purchases.accountId, customer.accountId))).toHaveLength(1);
	expect(await conversionsOf(deps, looking)).toEqual([]);
	expect(await conversionsOf(deps, userId)).toEqual([]);
});

test.each(['granted', 'denied'] as const)(
	'a plan is its buyer’s, whose word is "%s", and not of who was there before',
	async (choice) => {
		const { deps, customer, userId } = await givenBuyer();
		await says(deps, userId, choice);
		const { userId: before } = await givenUser(deps);
		await says(deps, before, 'granted');
		await givenTill(deps, { ...customer, actor: { ...customer.actor, userId: before } }, 'plan.starter');
		deps.clock.advance({ seconds: 1 });
		const { sessionId } = await givenTill(deps, customer, 'plan.starter');
		const { invoice } = deps.stripe.payPlan(sessionId);
		await tell(deps, 'invoice.paid', invoice.id);
		expect(await deps.db.select().from(purchases).where(eq(purchases.accountId, customer.accountId))).toHaveLength(1);
		expect(await conversionsOf(deps, before)).toEqual([]);
		expect(await conversionsOf(deps, userId)).toHaveLength(choice === 'granted' ? 1 : 0);
	},
);

test('a studio that does not list Meta notes no purchase', async () => {
	const { deps, customer, userId } = await givenBuyer();
	await says(deps, userId, 'granted');
	const { sessionId } = await givenPaidPack(deps, customer);
	const { trackers: _, ...policy } = STUDIOS.dental.policy;
	Object.assign(deps, { studio: { ...STUDIOS.dental, policy: { ...policy, trackers: [] } } });
	await tell(deps, 'checkout.session.completed', sessionId);
	expect(await conversionsOf(deps, userId)).toEqual([]);
});
