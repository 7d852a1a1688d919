import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { dental } from '../../../studios/dental';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { faultyD1 } from '../../support/faulty-d1';
import { givenAccount, givenMember, ledgerOf } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { givenPlan, tillWorld, tracesOf, type TillWorld } from './till-world';

function buying(actor: Awaited<ReturnType<typeof givenAccount>>, item = 'pack.100') {
	return { actor, whence: { ...WHENCE, network: `network of ${actor.accountId}` }, item };
}

const LOST = { code: 'upstream_unavailable', isRetryable: true };

test('a till opens for a pack at the studio’s own price, written down here before Stripe is asked', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	let written: unknown;
	world.stripe.before = async (name) => {
		if (name === 'createCustomer') written = (await tracesOf(world, actor)).orders;
	};

	const { id, url } = await openCheckout(world, buying(actor));

	expect(written).toEqual([expect.objectContaining({ id, sessionId: null, state: 'open' })]);
	const [till] = [...world.stripe.checkouts.values()];
	const { orders, customers, audit } = await tracesOf(world, actor);
	expect(url).toContain(till!.id);
	expect(orders).toEqual([
		{
			id,
			accountId: actor.accountId,
			requestedBy: actor.userId,
			item: 'pack.100',
			credits: 100,
			cents: 1900,
			currency: 'usd',
			sessionId: till!.id,
			state: 'open',
			createdAtMs: world.now().getTime(),
			endedAtMs: null,
		},
	]);
	expect(customers).toEqual([expect.objectContaining({ customerId: till!.customerId, status: null, plan: null })]);
	expect(audit).toEqual([
		expect.objectContaining({ action: 'checkout.opened', targetId: id, facts: { item: 'pack.100' } }),
	]);
	const order = world.stripe.calls.find(({ name }) => name === 'openCheckout');
	expect(order?.input).toEqual({
		checkoutId: id,
		customerId: till!.customerId,
		mode: 'payment',
		priceKey: 'afterglow.dental.pack.100.v1',
		unitCents: 1900,
		currency: 'usd',
		successUrl: `https://app.test/credits/bought/${id}`,
		cancelUrl: 'https://app.test/credits/buy?left=1',
	});
});

test('a till alone grants nothing', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const before = await ledgerOf(world, actor.accountId);
	await openCheckout(world, buying(actor));
	expect(await ledgerOf(world, actor.accountId)).toEqual(before);
});

test('a plan is sold as a subscription', async () => {
	const world = tillWorld();
	await openCheckout(world, buying(await givenAccount(world), 'plan.starter'));
	expect(world.stripe.calls.at(-1)?.input).toMatchObject({
		mode: 'subscription',
		priceKey: 'afterglow.dental.plan.starter.v1',
	});
});

test('what is not sold, or not any more, is refused and leaves nothing', async () => {
	const retired = [{ id: 'plan.old', name: 'Old', credits: 10, cents: 100, version: 1 }];
	const world = tillWorld({ studio: { ...dental, pricing: { ...dental.pricing, retired } } });
	const actor = await givenAccount(world);
	const before = await tracesOf(world, actor);
	for (const item of ['pack.1000', 'plan.old', '', 'toString']) {
		await expect(openCheckout(world, buying(actor, item))).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await tracesOf(world, actor)).toEqual(before);
	expect(world.stripe.calls).toEqual([]);
});

test.each(['active', 'trialing', 'past_due', 'unpaid', 'paused'])(
	'beside a plan that is %s no second one is sold, and packs are',
	async (status) => {
		const world = tillWorld();
		const actor = await givenAccount(world);
		await givenPlan(world, actor, { status });
		const before = await tracesOf(world, actor);

		await expect(openCheckout(world, buying(actor, 'plan.group'))).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('Change it under Billing'),
		});
		expect(await tracesOf(world, actor)).toEqual(before);
		expect(world.stripe.count('openCheckout')).toBe(0);
		await expect(openCheckout(world, buying(actor))).resolves.toHaveProperty('url');
	},
);

test.each(['canceled', 'incomplete', 'incomplete_expired'])(
	'after a plan that is %s another one is',
	async (status) => {
		const world = tillWorld();
		const actor = await givenAccount(world);
		const { customerId } = await givenPlan(world, actor, { status });
		await openCheckout(world, buying(actor, 'plan.group'));
		expect([...world.stripe.checkouts.values()].at(-1)).toMatchObject({ customerId, mode: 'subscription' });
	},
);

test('a plan that began between the look and the order is counted', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await openCheckout(world, buying(actor));
	await world.db.run(`update billing_customers set status = 'active' where account_id = '${actor.accountId}'`);
	await expect(openCheckout(world, buying(actor, 'plan.group'))).rejects.toMatchObject({ code: 'conflict' });
});

test('the same pack asked for twice is two tills of one customer, and neither is paid', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const one = await openCheckout(world, buying(actor));
	const two = await openCheckout(world, buying(actor));
	expect(one.id).not.toBe(two.id);
	const tills = [...world.stripe.checkouts.values()];
	expect(tills.map(({ paymentStatus }) => paymentStatus)).toEqual(['unpaid', 'unpaid']);
	expect(new Set(tills.map(({ customerId }) => customerId)).size).toBe(1);
	expect(world.stripe.count('createCustomer')).toBe(1);
});

test('of two tills for a plan the earlier one closes', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await openCheckout(world, buying(actor, 'plan.starter'));
	await openCheckout(world, buying(actor));
	await openCheckout(world, buying(actor, 'plan.group'));
	const tills = [...world.stripe.checkouts.values()];
	expect(tills.map(({ mode, status }) => [mode, status])).toEqual([
		['subscription', 'expired'],
		['payment', 'open'],
		['subscription', 'open'],
	]);
});

test('a plan that was paid for a moment ago, and of which nobody has told yet, is not sold again', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await openCheckout(world, buying(actor, 'plan.starter'));
	const [sessionId] = [...world.stripe.checkouts.keys()];
	world.stripe.payPlan(sessionId!);
	await expect(openCheckout(world, buying(actor, 'plan.starter'))).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('a moment ago'),
	});
	expect(world.stripe.count('openCheckout')).toBe(1);
});

test('ten who buy at once for one account make one customer', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const opened = await Promise.all(Array.from({ length: 10 }, () => openCheckout(world, buying(actor))));
	expect(new Set(opened.map(({ id }) => id)).size).toBe(10);
	const { customers } = await tracesOf(world, actor);
	expect(customers).toHaveLength(1);
	expect(new Set([...world.stripe.checkouts.values()].map(({ customerId }) => customerId))).toEqual(
		new Set([customers[0]!.customerId]),
	);
});

test('of two customers that were made for one account the row that was written first counts', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	world.stripe.before = async (name) => {
		if (name !== 'createCustomer') return;
		world.stripe.before = () => Promise.resolve();
		await world.db.run(
			`insert into billing_customers (account_id, customer_id, read_at_ms) values ('${actor.accountId}', 'cus_first', 1)`,
		);
	};
	await openCheckout(world, buying(actor));
	expect([...world.stripe.checkouts.values()].map(({ customerId }) => customerId)).toEqual(['cus_first']);
	expect((await tracesOf(world, actor)).customers).toEqual([expect.objectContaining({ customerId: 'cus_first' })]);
});

test('the studio’s rate ends it, with how long to wait and nothing left', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { max } = dental.rates.checkout.account;
	for (let count = 0; count < max; count += 1) await openCheckout(world, buying(actor));
	const before = await tracesOf(world, actor);
	await expect(openCheckout(world, buying(actor))).rejects.toMatchObject({
		code: 'too_many_requests',
		message: expect.stringContaining('The till was opened too often'),
		details: { retryAfterSeconds: expect.any(Number) },
	});
	expect(await tracesOf(world, actor)).toEqual(before);
	expect(world.stripe.count('openCheckout')).toBe(max);
	await expect(openCheckout(world, buying(await givenAccount(world)))).resolves.toHaveProperty('url');
});

test('who only works here opens nothing', async () => {
	const world = tillWorld();
	const owner = await givenAccount(world);
	for (const role of ['staff', 'clinician'] as const) {
		const { userId, via } = await givenMember(world, { accountId: owner.accountId, role });
		const actor = { userId, accountId: owner.accountId, via };
		await expect(openCheckout(world, buying(actor))).rejects.toMatchObject({ code: 'not_allowed' });
	}
	expect((await tracesOf(world, owner)).orders).toEqual([]);
	expect(world.stripe.calls).toEqual([]);
});

/** Where it may stop half-way, and what is left of it then. */
const STOPS: [string, (world: TillWorld) => void, { customers: number; tills: number }][] = [
	[
		'before the customer is made',
		({ stripe }) => stripe.meet('createCustomer', 'lost_before'),
		{ customers: 0, tills: 0 },
	],
	[
		'after the customer was made',
		({ stripe }) => stripe.meet('createCustomer', 'lost_after'),
		{ customers: 0, tills: 0 },
	],
	['before the till opens', ({ stripe }) => stripe.meet('openCheckout', 'lost_before'), { customers: 1, tills: 0 }],
	['after the till opened', ({ stripe }) => stripe.meet('openCheckout', 'lost_after'), { customers: 1, tills: 1 }],
];

test.each(STOPS)('stopped %s the order stays without a till, and buying again works', async (_when, stop, left) => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	stop(world);
	await expect(openCheckout(world, buying(actor))).rejects.toMatchObject(LOST);
	const { orders, customers } = await tracesOf(world, actor);
	expect(orders).toEqual([expect.objectContaining({ state: 'open', sessionId: null, endedAtMs: null })]);
	expect(customers).toHaveLength(left.customers);
	expect(world.stripe.checkouts.size).toBe(left.tills);

	await openCheckout(world, buying(actor));
	expect(new Set(world.stripe.customers.values())).toEqual(new Set([actor.accountId]));
	// One whose answer was lost stays empty at Stripe.
	const stored = (await tracesOf(world, actor)).customers;
	expect(stored).toHaveLength(1);
	expect(world.stripe.customers.has(stored[0]!.customerId)).toBe(true);
	const keys = world.stripe.calls.flatMap(({ name, input }) => (name === 'createCustomer' ? [input] : []));
	expect(new Set(keys.map((input) => JSON.stringify(input))).size).toBe(keys.length);
});

test('where the session could not be stored the till knows the order, and the order waits', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { db } = faultyD1(world.d1, ({ sql }) => (sql[0]?.startsWith('update "checkouts"') === true ? 'before' : null));
	await expect(openCheckout({ ...world, db: drizzle(db) }, buying(actor))).rejects.toThrow('Failed query');
	const { orders } = await tracesOf(world, actor);
	const [order] = orders;
	expect(order).toMatchObject({ state: 'open', sessionId: null });
	expect([...world.stripe.checkouts.values()]).toEqual([expect.objectContaining({ checkoutId: order!.id })]);
});
