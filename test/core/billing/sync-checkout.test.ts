import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { checkouts, stripeEvents } from '../../../schema/billing';
import { handleEvent } from '../../../workers/core/billing/handle-event';
import { listSilentCheckouts } from '../../../workers/core/billing/end-checkouts';
import { readCheckout } from '../../../workers/core/billing/read-checkout';
import { monthsAfter, syncCheckout } from '../../../workers/core/billing/sync-checkout';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import {
	billingWorld,
	findingsAbout,
	givenCustomer,
	givenEvent,
	givenPaidPack,
	givenTill,
	moneyOf,
	tell,
	type BillingWorld,
} from './billing-world';

function change(
	deps: BillingWorld,
	sessionId: string,
	changed: Partial<Parameters<BillingWorld['stripe']['checkouts']['set']>[1]>,
) {
	const checkout = deps.stripe.checkouts.get(sessionId);
	if (checkout === undefined) throw new Error('no such session');
	deps.stripe.checkouts.set(sessionId, { ...checkout, ...changed });
}

test('a paid pack is granted once, ends a year after the payment, and is an entry of what was bought', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, checkoutId, payment } = await givenPaidPack(deps, customer);

	await tell(deps, 'checkout.session.completed', sessionId);
	await tell(deps, 'checkout.session.async_payment_succeeded', sessionId);
	await tell(deps, 'payment_intent.succeeded', payment.id);

	const money = await moneyOf(deps, customer.accountId);
	expect(money).toMatchObject({
		balance: { posted: 100, held: 0, owed: 0 },
		buckets: [
			{ id: `grant:stripe:${payment.id}`, source: 'pack', remaining: 100, expiresAtMs: Date.UTC(2027, 10, 21, 12) },
		],
		purchases: [
			{
				id: payment.id,
				item: 'pack.100',
				credits: 100,
				paidCents: 1_900,
				currency: 'usd',
				paymentId: payment.id,
				refundedCents: 0,
				disputeState: null,
			},
		],
		checkouts: [{ id: checkoutId, state: 'paid' }],
	});
	await expectLedgerIsSound(deps.db);
});

test('an event whose object could not be read stays undone, and brings the credits when it comes again', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPaidPack(deps, customer);
	const eventId = await givenEvent(deps, 'checkout.session.completed', sessionId);
	const isDone = async () => {
		const [event] = await deps.db.select().from(stripeEvents).where(eq(stripeEvents.id, eventId));
		return event?.doneAtMs != null;
	};
	deps.stripe.meet('readCheckout', 'lost_before');

	await expect(handleEvent(deps, { eventId })).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect(await isDone()).toBe(false);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 0 }, purchases: [] });

	await handleEvent(deps, { eventId });
	expect(await isDone()).toBe(true);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 100 } });
});

test('a payment that takes its time is waited for, and one that fails is said to have failed', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	change(deps, sessionId, { paymentStatus: 'unpaid' });
	deps.stripe.payments.set(payment.id, { ...payment, status: 'processing', receivedCents: 0 });
	const state = async () => (await moneyOf(deps, customer.accountId)).checkouts[0]?.state;

	await tell(deps, 'checkout.session.completed', sessionId);
	expect(await state()).toBe('paying');

	deps.stripe.payments.set(payment.id, { ...payment, status: 'requires_payment_method', receivedCents: 0 });
	await tell(deps, 'checkout.session.async_payment_failed', sessionId);
	expect(await state()).toBe('failed');
	expect((await moneyOf(deps, customer.accountId)).buckets).toEqual([]);
});

test('a late look at an order that is paid moves it nowhere', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, checkoutId } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);

	for (const stale of [
		{ status: 'expired', paymentStatus: 'unpaid', paymentId: null },
		{ status: 'complete', paymentStatus: 'unpaid' },
		{ status: 'open', paymentStatus: 'unpaid' },
	] as const) {
		change(deps, sessionId, stale);
		expect(await syncCheckout(deps, { sessionId })).toEqual({ hasChanged: false, mismatch: null });
	}

	expect((await moneyOf(deps, customer.accountId)).checkouts).toMatchObject([{ id: checkoutId, state: 'paid' }]);
});

test('an order without its session is found by our own id, and paid even when it had been given up', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, checkoutId } = await givenPaidPack(deps, customer);
	await deps.db
		.update(checkouts)
		.set({ sessionId: null, state: 'expired', endedAtMs: 1 })
		.where(eq(checkouts.id, checkoutId));

	await tell(deps, 'checkout.session.completed', sessionId);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100 },
		checkouts: [{ id: checkoutId, state: 'paid', sessionId }],
	});
});

test('a pack that a discount made free is granted for its session', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenTill(deps, customer);
	change(deps, sessionId, { status: 'complete', paymentStatus: 'no_payment_required', totalCents: 0 });

	await tell(deps, 'checkout.session.completed', sessionId);
	await tell(deps, 'checkout.session.completed', sessionId);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100 },
		purchases: [{ id: sessionId, paidCents: 0, paymentId: null }],
	});
});

test.each([
	[
		'a price of nobody’s',
		'unknown_price',
		{ line: { priceKey: 'afterglow.dental.pack.1.v1', quantity: 1, unitCents: 1_900, currency: 'usd' } },
	],
	[
		'a price without a key',
		'unknown_price',
		{ line: { priceKey: null, quantity: 1, unitCents: 1_900, currency: 'usd' } },
	],
	[
		'a plan’s price',
		'unknown_price',
		{ line: { priceKey: 'afterglow.dental.plan.starter.v1', quantity: 1, unitCents: 1_900, currency: 'usd' } },
	],
	['several lines', 'unknown_price', { line: null }],
	[
		'two of it',
		'wrong_amount',
		{ line: { priceKey: 'afterglow.dental.pack.100.v1', quantity: 2, unitCents: 1_900, currency: 'usd' } },
	],
	[
		'another amount',
		'wrong_amount',
		{ line: { priceKey: 'afterglow.dental.pack.100.v1', quantity: 1, unitCents: 19, currency: 'usd' } },
	],
	['less arrived than was due', 'wrong_amount', { totalCents: 2_000 }],
	['no payment though something was due', 'wrong_amount', { paymentId: null }],
	['another currency', 'wrong_currency', { currency: 'eur' }],
	[
		'a price in another currency',
		'wrong_currency',
		{ line: { priceKey: 'afterglow.dental.pack.100.v1', quantity: 1, unitCents: 1_900, currency: 'eur' } },
	],
	['a stranger’s customer', 'unknown_customer', { customerId: 'cus_stranger' }],
	['no customer', 'unknown_customer', { customerId: null }],
	['a till that is not ours', 'unknown_checkout', { id: 'cs_other', checkoutId: 'chk_other' }],
] as const)('%s: nothing is granted, and it is reported', async (_, kind, changed) => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPaidPack(deps, customer);
	change(deps, sessionId, changed);
	const objectId = 'id' in changed ? `${changed.id}_${crypto.randomUUID()}` : sessionId;
	if ('id' in changed) {
		change(deps, sessionId, { id: objectId });
		deps.stripe.checkouts.set(objectId, { ...deps.stripe.checkouts.get(sessionId)! });
	}

	await tell(deps, 'checkout.session.completed', objectId);
	await tell(deps, 'checkout.session.completed', objectId);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 0 },
		buckets: [],
		purchases: [],
		checkouts: [{ state: kind === 'unknown_checkout' ? 'open' : 'paying' }],
	});
	expect(await findingsAbout(deps, [objectId])).toEqual([
		{ run: 'events', day: '2026-11-21', kind, objectId, isRepaired: false },
	]);
});

test('another account’s customer pays for nobody', async () => {
	const deps = await billingWorld();
	const [ada, bob] = [await givenCustomer(deps), await givenCustomer(deps)];
	const { sessionId } = await givenPaidPack(deps, ada);
	change(deps, sessionId, { customerId: bob.customerId });

	await tell(deps, 'checkout.session.completed', sessionId);

	for (const { accountId } of [ada, bob]) expect((await moneyOf(deps, accountId)).balance).toMatchObject({ posted: 0 });
	expect(await findingsAbout(deps, [sessionId])).toMatchObject([{ kind: 'unknown_customer' }]);
});

test('a till that ended unpaid ends the order', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenTill(deps, customer);
	await deps.stripe.expireCheckout(sessionId);

	await tell(deps, 'checkout.session.expired', sessionId);

	expect((await moneyOf(deps, customer.accountId)).checkouts).toMatchObject([{ state: 'expired' }]);
});

test('a year after the last of a long month is the last of a shorter one', () => {
	expect(new Date(monthsAfter(Date.UTC(2028, 1, 29, 7), 12)).toISOString()).toBe('2029-02-28T07:00:00.000Z');
	expect(new Date(monthsAfter(Date.UTC(2026, 9, 31), 1)).toISOString()).toBe('2026-11-30T00:00:00.000Z');
	expect(new Date(monthsAfter(Date.UTC(2026, 11, 15), 3)).toISOString()).toBe('2027-03-15T00:00:00.000Z');
});

test('an order whose payment does not fit says so to its buyer, is left alone by the sweep, and is paid once it fits', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, checkoutId } = await givenPaidPack(deps, customer);
	const fits = deps.stripe.checkouts.get(sessionId)!;
	const read = () => readCheckout(deps, { actor: customer.actor, checkoutId });
	expect(await read()).toMatchObject({ state: 'open', isUnderReview: false });
	change(deps, sessionId, { totalCents: 2_000 });

	await tell(deps, 'checkout.session.completed', sessionId);
	await tell(deps, 'checkout.session.completed', sessionId);

	expect(await read()).toMatchObject({ state: 'paying', isUnderReview: true });
	const dueMs = deps.now().getTime() + 3 * 86_400_000;
	const silent = await listSilentCheckouts(deps, { dueMs, limit: 1_000 });
	expect(silent.map(({ id }) => id)).not.toContain(checkoutId);

	deps.stripe.checkouts.set(sessionId, fits);
	await tell(deps, 'checkout.session.completed', sessionId);
	expect(await read()).toMatchObject({ state: 'paid', isUnderReview: false });
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 100 });
});
