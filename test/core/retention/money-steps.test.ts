import { eq, inArray, isNull } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { checkouts, reconciliationFindings, reconciliations, stripeEvents } from '../../../schema/billing';
import { creditAccounts, creditBuckets, creditSeals } from '../../../schema/credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { toCredits } from '../../../workers/core/money';
import { prune } from '../../../workers/core/retention/prune';
import { sweep } from '../../../workers/core/retention/sweep';
import { countD1 } from '../../support/counting-d1';
import { deliver } from '../../support/render-world';
import {
	billingWorld,
	DAY_MS,
	givenCustomer,
	givenEvent,
	givenPaidPack,
	givenTill,
	moneyOf,
	type BillingWorld,
} from '../billing/billing-world';

/** What the comment over the sweep's figures promises of its steps for money, and a little for a sweep that has nothing else to do. */
const MONEY_QUERIES_MAX = 277;
const EMPTY_SWEEP_QUERIES_MAX = 25;

function sweepNow(deps: BillingWorld) {
	return sweep(deps, { scheduledAtMs: deps.now().getTime() });
}

test('all that a sweep takes on for money stays within its part of the queries of one invocation', async () => {
	const calm = await billingWorld();
	const customers = [];
	for (let index = 0; index < 25; index += 1) customers.push(await givenCustomer(calm, { credits: 20 }));
	const nowMs = calm.now().getTime();
	for (const { accountId } of customers) {
		const ends = { accountId, source: 'plan' as const, expiresAtMs: nowMs + DAY_MS / 2 };
		await grantCredits(calm, { ...ends, entryId: `grant:test:${accountId}`, amount: toCredits(5) });
	}
	for (let index = 0; index < 60; index += 1) await givenEvent(calm, 'customer.updated', `cus_${crypto.randomUUID()}`);
	const silent = [];
	for (const customer of customers.slice(0, 8)) silent.push(await givenPaidPack(calm, customer));
	// The night has come, and the minute at which tills are looked at.
	calm.clock.set(new Date(Math.ceil(nowMs / DAY_MS) * DAY_MS + DAY_MS + (3 * 60 + 22) * 60_000));
	const counted = countD1(calm.d1);
	const deps = {
		...(await billingWorld({ d1: counted.db, stripe: calm.stripe })),
		sent: calm.sent,
		now: calm.now,
		queue: calm.queue,
	};

	await sweepNow(deps);

	expect(counted.count.statements).toBeGreaterThan(MONEY_QUERIES_MAX / 2);
	expect(counted.count.statements).toBeLessThanOrEqual(MONEY_QUERIES_MAX + EMPTY_SWEEP_QUERIES_MAX);
	const types = calm.sent.map(({ message }) => message.type);
	expect(types.filter((type) => type === 'stripe.event')).toHaveLength(50);
	expect(types.filter((type) => type === 'reconcile.day')).toHaveLength(30);
	const orders = await calm.db
		.select()
		.from(checkouts)
		.where(
			inArray(
				checkouts.id,
				silent.map(({ checkoutId }) => checkoutId),
			),
		);
	expect(orders.filter(({ state }) => state === 'paid')).toHaveLength(5);
	const accountIds = customers.map(({ accountId }) => accountId);
	const ended = await calm.db.select().from(creditBuckets).where(inArray(creditBuckets.accountId, accountIds));
	expect(ended.filter(({ source, remaining }) => source === 'plan' && remaining === 0)).toHaveLength(10);
	await calm.db.update(reconciliations).set({ state: 'failed' }).where(eq(reconciliations.state, 'waiting'));
	await calm.db.update(stripeEvents).set({ doneAtMs: 1 }).where(isNull(stripeEvents.doneAtMs));
});

test('what is written is sealed by the next sweep', async () => {
	const deps = await billingWorld();
	deps.clock.set(new Date(Date.UTC(2047, 0, 1, 1)));
	const { accountId } = await givenCustomer(deps, { credits: 20 });
	for (let minute = 0; minute < 5; minute += 1) {
		deps.clock.advance({ minutes: 1 });
		await sweepNow(deps);
	}
	const [account] = await deps.db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId));
	expect(account).toMatchObject({ seq: 1, sealedSeq: 1 });
	expect(await deps.db.select().from(creditSeals).where(eq(creditSeals.accountId, accountId))).toHaveLength(1);
});

test('events are kept for 90 days and comparisons for 400, and what was never handled stays', async () => {
	const deps = await billingWorld();
	const dueMs = Date.UTC(2046, 5, 1);
	const event = { type: 'invoice.paid', objectId: 'in_1' };
	const ids = {
		old: `evt_${crypto.randomUUID()}`,
		young: `evt_${crypto.randomUUID()}`,
		open: `evt_${crypto.randomUUID()}`,
	};
	await deps.db.insert(stripeEvents).values([
		{ ...event, id: ids.old, receivedAtMs: dueMs - 90 * DAY_MS, doneAtMs: 1 },
		{ ...event, id: ids.young, receivedAtMs: dueMs - 90 * DAY_MS + 1, doneAtMs: 1 },
		{ ...event, id: ids.open, receivedAtMs: dueMs - 91 * DAY_MS },
	]);
	const run = `prune:${crypto.randomUUID()}`;
	const days = [
		{ day: 'old', createdAtMs: dueMs - 400 * DAY_MS },
		{ day: 'young', createdAtMs: dueMs - 400 * DAY_MS + 1 },
	];
	for (const day of days) {
		await deps.db.insert(reconciliations).values({ ...day, run, state: 'done' });
		await deps.db
			.insert(reconciliationFindings)
			.values({ ...day, run, kind: 'ungranted', objectId: 'in_1', isRepaired: true });
	}

	await prune(deps, { dueMs });

	const events = await deps.db
		.select()
		.from(stripeEvents)
		.where(inArray(stripeEvents.id, Object.values(ids)));
	expect(events.map(({ id }) => id).toSorted()).toEqual([ids.young, ids.open].toSorted());
	expect(await deps.db.select().from(reconciliations).where(eq(reconciliations.run, run))).toMatchObject([
		{ day: 'young' },
	]);
	expect(await deps.db.select().from(reconciliationFindings).where(eq(reconciliationFindings.run, run))).toMatchObject([
		{ day: 'young' },
	]);
	await deps.db.delete(stripeEvents).where(eq(stripeEvents.id, ids.open));
});

test('an event whose message was lost is told of again by the next sweep, and then less and less often', async () => {
	const deps = await billingWorld();
	deps.clock.set(new Date(Date.UTC(2049, 0, 1, 12, 1)));
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPaidPack(deps, customer);
	const eventId = await givenEvent(deps, 'checkout.session.completed', sessionId);
	const told = async () => {
		deps.sent.length = 0;
		await sweepNow(deps);
		return deps.sent.filter(({ message }) => message.type === 'stripe.event' && message.eventId === eventId).length;
	};

	expect(await told()).toBe(0);
	deps.clock.advance({ minutes: 1 });
	expect(await told()).toBe(1);
	expect(await told()).toBe(0);
	deps.clock.advance({ minutes: 59 });
	expect(await told()).toBe(1);
	deps.clock.advance({ minutes: 14 });
	expect(await told()).toBe(0);
	deps.clock.advance({ hours: 1 });
	expect(await told()).toBe(1);
	await deliver(deps);
	deps.clock.advance({ hours: 24 });
	expect(await told()).toBe(0);
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 100 });
	deps.sent.length = 0;
});

test('an order that was not heard of is read a day later, and one without a till ends after an hour', async () => {
	const deps = await billingWorld();
	deps.clock.set(new Date(Date.UTC(2048, 0, 1, 12, 22)));
	// What other tests left open would take the places of one sweep.
	await deps.db.update(checkouts).set({ endedAtMs: 1 }).where(isNull(checkouts.endedAtMs));
	const customer = await givenCustomer(deps);
	const paid = await givenPaidPack(deps, customer);
	const left = await givenTill(deps, customer);
	const unknown = await givenTill(deps, customer);
	deps.stripe.checkouts.delete(unknown.sessionId);
	const states = async () => {
		const orders = (await moneyOf(deps, customer.accountId)).checkouts;
		return [paid, left, unknown].map(({ checkoutId }) => orders.find(({ id }) => id === checkoutId)?.state);
	};

	await sweepNow(deps);
	expect(await states()).toEqual(['open', 'open', 'open']);
	deps.clock.advance({ hours: 25 });
	await sweepNow(deps);

	expect(await states()).toEqual(['paid', 'expired', 'expired']);
	expect(deps.stripe.checkouts.get(left.sessionId)?.status).toBe('expired');
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 100 });
});
