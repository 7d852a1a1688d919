import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { billingCustomers } from '../../../schema/billing';
import { priceKeyOf } from '../../../studios/pricing';
import { creditsOf } from '../../../workers/core/billing/sync-invoice';
import { listStaleSummaries, syncSubscription } from '../../../workers/core/billing/sync-subscription';
import { interceptMethods } from '../../support/crash-points';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import {
	billingWorld,
	DAY_MS,
	findingsAbout,
	givenCustomer,
	givenTill,
	moneyOf,
	tell,
	type BillingWorld,
	type Customer,
} from './billing-world';

const STARTER = 'afterglow.dental.plan.starter.v1';
const PRACTICE = 'afterglow.dental.plan.practice.v1';

async function givenPlan(deps: BillingWorld, customer: Customer) {
	const { sessionId } = await givenTill(deps, customer, 'plan.starter');
	return { sessionId, ...deps.stripe.payPlan(sessionId) };
}

test('a plan’s invoice is granted once, under whichever events, and ends with its period', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, subscription, invoice } = await givenPlan(deps, customer);

	await tell(deps, 'invoice.paid', invoice.id);
	await tell(deps, 'invoice.payment_succeeded', invoice.id);
	await tell(deps, 'checkout.session.completed', sessionId);
	await tell(deps, 'customer.subscription.created', subscription.id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 300, held: 0, owed: 0 },
		buckets: [
			{ id: `grant:stripe:${invoice.id}`, source: 'plan', remaining: 300, expiresAtMs: subscription.periodEndMs },
		],
		purchases: [
			{
				id: invoice.id,
				item: 'plan.starter',
				credits: 300,
				paidCents: 4_900,
				paymentId: invoice.paymentId,
				invoiceId: invoice.id,
			},
		],
		checkouts: [{ state: 'paid' }],
		summary: {
			subscriptionId: subscription.id,
			plan: 'plan.starter',
			status: 'active',
			periodStartMs: subscription.periodStartMs,
			periodEndMs: subscription.periodEndMs,
			isEnding: false,
			cardBrand: 'visa',
			cardLast4: '4242',
		},
	});
	await expectLedgerIsSound(deps.db);
});

test('a till that is done is enough to grant a plan', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPlan(deps, customer);

	await tell(deps, 'checkout.session.completed', sessionId);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 300 },
		summary: { plan: 'plan.starter' },
	});
});

test('each month is granted, and a month that failed to be paid shows and grants nothing', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription, invoice } = await givenPlan(deps, customer);
	await tell(deps, 'invoice.paid', invoice.id);
	const second = deps.stripe.renew(subscription.id);
	await tell(deps, 'invoice.paid', second.id);
	const third = deps.stripe.renew(subscription.id, { status: 'open', paidCents: 0, paymentId: null, paidAtMs: null });
	const running = deps.stripe.subscriptions.get(subscription.id)!;
	deps.stripe.subscriptions.set(subscription.id, { ...running, status: 'past_due' });

	await tell(deps, 'invoice.payment_failed', third.id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 600 },
		summary: { plan: 'plan.starter', status: 'past_due', periodEndMs: running.periodEndMs },
	});
});

test.each([31, 29])('a month that is paid %i days late lasts a whole month from then', async (days) => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription } = await givenPlan(deps, customer);
	const paidAtMs = subscription.periodEndMs! + days * DAY_MS;
	const late = deps.stripe.renew(subscription.id, { createdAtMs: subscription.periodEndMs!, paidAtMs });

	await tell(deps, 'invoice.paid', late.id);

	const { buckets } = await moneyOf(deps, customer.accountId);
	expect(buckets).toMatchObject([{ id: `grant:stripe:${late.id}`, expiresAtMs: paidAtMs + 30 * DAY_MS }]);
});

test('a change to a larger plan grants the difference, and to a smaller one nothing', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription, invoice } = await givenPlan(deps, customer);
	await tell(deps, 'invoice.paid', invoice.id);
	const line = {
		quantity: 1,
		isProration: true,
		periodStartMs: subscription.periodStartMs!,
		periodEndMs: subscription.periodEndMs!,
	};
	const change = (lines: readonly { priceKey: string; cents: number }[]) => {
		const cents = lines.reduce((sum, one) => sum + one.cents, 0);
		return deps.stripe.renew(subscription.id, {
			paidCents: Math.max(0, cents),
			lines: lines.map((one) => ({ ...one, ...line })),
		});
	};
	// Half of the month is left: 150 credits go, 600 come.
	const larger = change([
		{ priceKey: STARTER, cents: -2_450 },
		{ priceKey: PRACTICE, cents: 7_450 },
	]);
	const smaller = change([
		{ priceKey: PRACTICE, cents: -3_725 },
		{ priceKey: STARTER, cents: 1_225 },
	]);

	await tell(deps, 'invoice.paid', larger.id);
	await tell(deps, 'invoice.paid', smaller.id);

	const { balance, purchases } = await moneyOf(deps, customer.accountId);
	expect(balance).toMatchObject({ posted: 300 + 450 });
	expect(purchases).toHaveLength(2);
	expect(purchases.find(({ id }) => id === larger.id)).toMatchObject({
		item: 'plan.practice',
		credits: 450,
		paidCents: 5_000,
	});
});

test('what a line is worth is added up exactly and rounded down once', () => {
	const third = { cents: 10, item: { id: 'a', credits: 1, cents: 30 } };
	expect(creditsOf([third, third, third])).toBe(1);
	expect(creditsOf([third, third])).toBe(0);
	expect(creditsOf([{ ...third, cents: -10 }])).toBe(0);
	expect(creditsOf([{ cents: 2_449, item: { id: 'b', credits: 300, cents: 4_900 } }])).toBe(149);
	expect(creditsOf([])).toBe(0);
});

test.each([
	[
		'an unknown price',
		'unknown_price',
		{
			lines: [
				{
					priceKey: 'afterglow.image.plan.more.v1',
					cents: 4_900,
					quantity: 1,
					isProration: false,
					periodStartMs: 0,
					periodEndMs: 0,
				},
			],
		},
	],
	[
		'a price without a key',
		'unknown_price',
		{ lines: [{ priceKey: null, cents: 4_900, quantity: 1, isProration: false, periodStartMs: 0, periodEndMs: 0 }] },
	],
	['another currency', 'wrong_currency', { currency: 'eur' }],
	['an unknown customer', 'unknown_customer', { customerId: 'cus_stranger' }],
	['no customer', 'unknown_customer', { customerId: null }],
] as const)('%s on an invoice grants nothing and is reported', async (_, kind, changed) => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { invoice } = await givenPlan(deps, customer);
	deps.stripe.invoices.set(invoice.id, { ...invoice, ...changed });

	await tell(deps, 'invoice.paid', invoice.id);
	await tell(deps, 'invoice.paid', invoice.id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 0 }, purchases: [] });
	expect(await findingsAbout(deps, [invoice.id])).toEqual([
		{ run: 'events', day: '2026-11-21', kind, objectId: invoice.id, isRepaired: false },
	]);
});

test('beside a line of an unknown price the known one is granted, and the other reported', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { invoice } = await givenPlan(deps, customer);
	const extra = { ...invoice.lines[0]!, priceKey: 'something.else', cents: 100 };
	deps.stripe.invoices.set(invoice.id, { ...invoice, lines: [...invoice.lines, extra] });

	await tell(deps, 'invoice.paid', invoice.id);

	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 300 });
	expect(await findingsAbout(deps, [invoice.id])).toMatchObject([{ kind: 'unknown_price' }]);
});

test('an invoice of no plan, and one that is not paid, grant nothing and are no finding', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { invoice } = await givenPlan(deps, customer);
	for (const changed of [{ subscriptionId: null }, { status: 'open' }, { status: 'void' }] as const) {
		deps.stripe.invoices.set(invoice.id, { ...invoice, ...changed });
		await tell(deps, 'invoice.updated', invoice.id);
	}

	expect((await moneyOf(deps, customer.accountId)).purchases).toEqual([]);
	expect(await findingsAbout(deps, [invoice.id])).toEqual([]);
});

test('a retired price goes on granting what it was sold for', async () => {
	const deps = await billingWorld();
	const retired = { id: 'plan.starter', name: 'Starter', credits: 250, cents: 3_900, version: 0 };
	const studio = { ...deps.studio, pricing: { ...deps.studio.pricing, retired: [retired] } };
	const customer = await givenCustomer(deps);
	const { invoice } = await givenPlan(deps, customer);
	const line = { ...invoice.lines[0]!, priceKey: priceKeyOf(studio, retired), cents: 3_900 };
	deps.stripe.invoices.set(invoice.id, { ...invoice, lines: [line], paidCents: 3_900 });

	await tell({ ...deps, studio }, 'invoice.paid', invoice.id);

	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 250 });
});

test('a look at a plan that began earlier does not cover what a later one wrote', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription } = await givenPlan(deps, customer);
	let reads = 0;
	// The first read is the one that is written: before it is, the plan changes, and somebody else reads and writes that.
	const slow = interceptMethods(deps.stripe, async (method, run) => {
		const read = await run();
		if (method !== 'listSubscriptions') return read;
		reads += 1;
		if (reads !== 1) return read;
		deps.stripe.subscriptions.set(subscription.id, { ...subscription, status: 'past_due', isEnding: true });
		await syncSubscription(deps, { subscriptionId: subscription.id });
		return read;
	});

	await syncSubscription({ ...deps, stripe: slow }, { subscriptionId: subscription.id });

	expect(reads).toBe(2);
	expect((await moneyOf(deps, customer.accountId)).summary).toMatchObject({ status: 'past_due', isEnding: true });
});

test('a plan that runs is shown before one that ended, in whichever order they are told of', async () => {
	for (const order of [
		['old', 'new'],
		['new', 'old'],
	] as const) {
		const deps = await billingWorld();
		const customer = await givenCustomer(deps);
		const { subscription } = await givenPlan(deps, customer);
		const ids = { old: `${subscription.id}_old`, new: subscription.id };
		deps.stripe.subscriptions.set(ids.old, {
			...subscription,
			id: ids.old,
			status: 'canceled',
			createdAtMs: subscription.createdAtMs + 1,
		});

		for (const which of order) await tell(deps, 'customer.subscription.updated', ids[which]);

		expect((await moneyOf(deps, customer.accountId)).summary).toMatchObject({
			subscriptionId: ids.new,
			status: 'active',
		});
	}
});

test('of two plans that run the younger is shown and the other is a finding, and when one ends the other is shown', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription: older } = await givenPlan(deps, customer);
	const younger = {
		...older,
		id: `${older.id}_younger`,
		priceKey: PRACTICE,
		createdAtMs: older.createdAtMs + 1,
	};
	const waiting = { ...older, id: `${older.id}_waiting`, status: 'incomplete', createdAtMs: older.createdAtMs + 2 };
	for (const one of [younger, waiting]) deps.stripe.subscriptions.set(one.id, one);

	await tell(deps, 'customer.subscription.created', older.id);
	await tell(deps, 'customer.subscription.created', younger.id);

	expect((await moneyOf(deps, customer.accountId)).summary).toMatchObject({
		subscriptionId: younger.id,
		plan: 'plan.practice',
		status: 'active',
	});
	expect(await findingsAbout(deps, [older.id, younger.id, waiting.id])).toEqual([
		{ run: 'events', day: '2026-11-21', kind: 'two_plans', objectId: older.id, isRepaired: false },
	]);

	deps.stripe.subscriptions.set(younger.id, { ...younger, status: 'canceled' });
	await tell(deps, 'customer.subscription.deleted', younger.id);

	expect((await moneyOf(deps, customer.accountId)).summary).toMatchObject({
		subscriptionId: older.id,
		plan: 'plan.starter',
		status: 'active',
	});
});

test('a customer deleted at Stripe has no plan and no card any more, also for events that come later', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription } = await givenPlan(deps, customer);
	await tell(deps, 'customer.subscription.created', subscription.id);
	deps.stripe.subscriptions.set(subscription.id, { ...subscription, status: 'canceled' });
	deps.stripe.cards.delete(customer.customerId);

	await tell(deps, 'customer.deleted', customer.customerId);
	await tell(deps, 'customer.subscription.deleted', subscription.id);

	expect((await moneyOf(deps, customer.accountId)).summary).toEqual({
		accountId: customer.accountId,
		customerId: customer.customerId,
		subscriptionId: null,
		plan: null,
		status: null,
		periodStartMs: null,
		periodEndMs: null,
		isEnding: false,
		cardBrand: null,
		cardLast4: null,
		readAtMs: 0,
	});
});

test('a plan nobody was told about for a day is read again unless it is over', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { subscription } = await givenPlan(deps, customer);
	await tell(deps, 'customer.subscription.created', subscription.id);
	const dueMs = deps.now().getTime() + DAY_MS;

	expect(await listStaleSummaries(deps, { dueMs: dueMs - 1, limit: 1_000 })).not.toContain(customer.customerId);
	expect(await listStaleSummaries(deps, { dueMs: dueMs + 1, limit: 1_000 })).toContain(customer.customerId);
	for (const [status, isRead] of [
		['past_due', true],
		['canceled', false],
		['incomplete_expired', false],
		[null, true],
	] as const) {
		await deps.db.update(billingCustomers).set({ status }).where(eq(billingCustomers.accountId, customer.accountId));
		const stale = await listStaleSummaries(deps, { dueMs: dueMs + 1, limit: 1_000 });
		expect([status, stale.includes(customer.customerId)]).toEqual([status, isRead]);
	}
	await deps.db
		.update(billingCustomers)
		.set({ subscriptionId: null })
		.where(eq(billingCustomers.accountId, customer.accountId));
	expect(await listStaleSummaries(deps, { dueMs: dueMs + 1, limit: 1_000 })).not.toContain(customer.customerId);
});
