import { drizzle } from 'drizzle-orm/d1';
import { eq, like } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';

import { reconciliations, stripeEvents } from '../../../schema/billing';
import { creditEntries } from '../../../schema/credits';
import { beginReconciliation } from '../../../workers/core/billing/begin-reconciliation';
import { handleEvent } from '../../../workers/core/billing/handle-event';
import { reconcileDay } from '../../../workers/core/billing/reconcile-day';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { toCredits } from '../../../workers/core/money';
import { sweep } from '../../../workers/core/retention/sweep';
import {
	billingWorld,
	givenCustomer,
	givenEvent,
	givenPaidPack,
	givenTill,
	moneyOf,
	tell,
	type BillingWorld,
	type Customer,
} from '../billing/billing-world';
import { crashEverywhere, crashPoints, untilCrash, type Crash, type CrashPoints } from '../../support/crash-points';
import { emptyStores } from '../../support/empty-stores';
import { deliver } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';

/*
 * Each flow of money, broken off at every call that it makes, before the call and after it, with the flow going on and with the
 * Worker gone; then the event comes again and one sweep runs. What is stored afterwards has to be what an unbroken run stores:
 * nothing stuck, nothing doubled.
 */

interface Flow {
	name: string;
	/** What was there before. */
	given: (deps: BillingWorld, customer: Customer) => Promise<{ act: (deps: BillingWorld) => Promise<unknown> }>;
}

const handling = (eventId: string) => ({ act: (deps: BillingWorld) => handleEvent(deps, { eventId }) });

async function givenDispute(deps: BillingWorld, customer: Customer, state: 'open' | 'won' | 'lost') {
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	const dispute = deps.stripe.dispute(payment.id, { cents: 950 });
	if (state !== 'open') {
		await tell(deps, 'charge.dispute.created', dispute.id);
		deps.stripe.disputes.set(dispute.id, { ...dispute, state });
	}
	return handling(await givenEvent(deps, 'charge.dispute.updated', dispute.id));
}

const FLOWS: readonly Flow[] = [
	{
		name: 'a pack is bought',
		given: async (deps, customer) => {
			const { sessionId } = await givenPaidPack(deps, customer);
			return handling(await givenEvent(deps, 'checkout.session.completed', sessionId));
		},
	},
	{
		name: 'an invoice is paid',
		given: async (deps, customer) => {
			const { sessionId } = await givenTill(deps, customer, 'plan.starter');
			const { invoice } = deps.stripe.payPlan(sessionId);
			return handling(await givenEvent(deps, 'invoice.paid', invoice.id));
		},
	},
	{
		name: 'a refund comes before its payment',
		given: async (deps, customer) => {
			const { payment } = await givenPaidPack(deps, customer);
			const refund = deps.stripe.giveBack(payment.id, { cents: 950 });
			return handling(await givenEvent(deps, 'refund.created', refund.id));
		},
	},
	{ name: 'a dispute opens', given: (deps, customer) => givenDispute(deps, customer, 'open') },
	{ name: 'a dispute is won', given: (deps, customer) => givenDispute(deps, customer, 'won') },
	{ name: 'a dispute is lost', given: (deps, customer) => givenDispute(deps, customer, 'lost') },
	{
		name: 'credits end',
		given: async (deps, { accountId }) => {
			const nowMs = deps.now().getTime();
			const grant = { accountId, source: 'plan' as const, expiresAtMs: nowMs - 1 };
			await grantCredits(deps, { ...grant, entryId: `grant:test:${accountId}:1`, amount: toCredits(7) });
			await grantCredits(deps, { ...grant, entryId: `grant:test:${accountId}:2`, amount: toCredits(9) });
			return { act: (crashing) => expireCredits(crashing, { dueMs: nowMs, limit: 10 }) };
		},
	},
];

const figures = { flows: 0, points: 0, runs: 0 };
afterAll(() => console.log(`crash points of money: ${JSON.stringify(figures)}, nothing stuck, nothing doubled`));

test.each(FLOWS)('$name, broken off anywhere', { timeout: 300_000 }, async ({ given }) => {
	await emptyStores();
	const whole = await run(given, null);
	expect(whole.calls.length).toBeGreaterThan(0);
	const runs = await crashEverywhere(whole.calls.length, async (crash) => {
		const broken = await run(given, crash);
		expect({ crash, at: broken.calls.at(-1), ...broken.stored }).toEqual({
			crash,
			at: broken.calls.at(-1),
			...whole.stored,
		});
		return broken;
	});
	expect((await auditLedger(await billingWorld())).violations).toEqual([]);
	figures.flows += 1;
	figures.points += whole.calls.length;
	figures.runs += runs;
});

/** The world as a flow sees it that is to be broken off. */
function crashingAt(points: CrashPoints, deps: BillingWorld): BillingWorld {
	return {
		...deps,
		db: drizzle(points.d1(deps.d1)),
		queue: points.queue(deps.queue),
		stripe: points.gateway('stripe', deps.stripe),
	};
}

/** One run of a flow with a customer of its own, then what comes after a crash, and what that left. */
async function run(given: Flow['given'], crash: Crash | null) {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps, { credits: 20 });
	const { act } = await given(deps, customer);
	const points = crashPoints(crash);
	await untilCrash(points, () => act(crashingAt(points, deps)));
	expect(points.hasHappened()).toBe(crash !== null);
	await tidyUp(deps);
	return { calls: points.calls, stored: await storedOf(deps, customer) };
}

/** A sweep two minutes later, and whatever it tells the queue. What it logs of the crash is looked at by nobody. */
async function tidyUp(deps: BillingWorld): Promise<void> {
	deps.clock.advance({ minutes: 2 });
	await deliver(deps);
	const { failures } = await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(failures).toBe(0);
	await deliver(deps);
	takeConsoleErrors();
}

function lines(rows: readonly (readonly unknown[])[]): string[] {
	return rows.map((row) => row.join(' ')).toSorted();
}

/** What is stored, without the ids that differ from one customer to the next. */
async function storedOf(deps: BillingWorld, customer: Customer) {
	const { balance, buckets, purchases, checkouts: orders, summary } = await moneyOf(deps, customer.accountId);
	const entries = await deps.db.select().from(creditEntries).where(eq(creditEntries.accountId, customer.accountId));
	const undone = (await deps.db.select().from(stripeEvents)).filter(({ doneAtMs }) => doneAtMs === null);
	return {
		balance,
		buckets: lines(buckets.map(({ source, granted, remaining, held }) => [source, granted, remaining, held])),
		purchases: lines(
			purchases.map(({ item, credits, paidCents, refundedCents, disputeState }) => [
				item,
				credits,
				paidCents,
				refundedCents,
				disputeState,
			]),
		),
		orders: lines(orders.map(({ state }) => [state])),
		plan: [summary.plan, summary.status, summary.cardLast4],
		entries: lines(entries.map(({ kind, amount, posted, held, owed }) => [kind, amount, posted, held, owed])),
		undone: undone.length,
	};
}

test('a night’s comparison, broken off anywhere', { timeout: 300_000 }, async () => {
	const whole = await runNight(null);
	const runs = await crashEverywhere(whole.calls.length, async (crash) => {
		const broken = await runNight(crash);
		expect({ crash, ...broken.stored }).toEqual({ crash, ...whole.stored });
		return broken;
	});
	figures.flows += 1;
	figures.points += whole.calls.length;
	figures.runs += runs;
});

/** One day of a run, as its last: a pack, a refund and a dispute that no event told of. */
async function runNight(crash: Crash | null) {
	// A comparison takes all that is stored of a day, also what other runs left there.
	await emptyStores();
	const deps = await billingWorld();
	const day = deps.now().toISOString().slice(0, 10);
	const customer = await givenCustomer(deps, { credits: 20 });
	await givenPaidPack(deps, customer);
	const refunded = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', refunded.sessionId);
	deps.stripe.giveBack(refunded.payment.id, { cents: 475 });
	deps.stripe.dispute(refunded.payment.id, { cents: 950 });
	// The night that a sweep would begin has begun: it would compare thirty more days each time.
	const begun = { run: day, day: 'none', state: 'done' as const, createdAtMs: deps.now().getTime() };
	await deps.db.insert(reconciliations).values(begun);
	const name = `crash:${crypto.randomUUID()}`;
	await deps.db.insert(reconciliations).values({ run: name, day, state: 'waiting', createdAtMs: deps.now().getTime() });
	const points = crashPoints(crash);
	await untilCrash(points, () => reconcileDay(crashingAt(points, deps), { run: name, day }));
	expect(points.hasHappened()).toBe(crash !== null);
	// The queue brings a message back that was not acknowledged; else a sweep ten minutes later does.
	await beginReconciliation(deps, { run: name });
	await tidyUp(deps);
	const [row] = await deps.db.select().from(reconciliations).where(like(reconciliations.run, name));
	const { undone: _, ...stored } = await storedOf(deps, customer);
	expect((await auditLedger(deps)).violations).toEqual([]);
	return { calls: points.calls, stored: { ...stored, state: row?.state, charged: row?.chargedCredits } };
}
