import { drizzle } from 'drizzle-orm/d1';
import { array, assert, asyncProperty, constantFrom, nat, record, type Arbitrary } from 'fast-check';
import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { stripeEvents } from '../../../schema/billing';
import { creditEntries } from '../../../schema/credits';
import { creditsOfDispute, creditsOfRefunds } from '../../../workers/core/billing/credits-of-cents';
import { handleEvent } from '../../../workers/core/billing/handle-event';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { AppError } from '../../../workers/core/errors';
import { interceptMethods } from '../../support/crash-points';
import { faultyD1, OBJECT_RESET, type D1Fault } from '../../support/faulty-d1';
import { propertyParameters } from '../../support/property';
import {
	billingWorld,
	givenCustomer,
	givenEvent,
	givenPaidPack,
	givenTill,
	moneyOf,
	type BillingWorld,
} from './billing-world';

/*
 * P1, P2, P4: two packs and a plan are paid; refunds and disputes begin, succeed, fail, are won and lost; events of all of it come
 * doubled, late and out of order, several at once on Workers of their own, while D1 and Stripe fail before and after what they were
 * asked. In the end the account has what Stripe's objects, as they are then, are worth: an oracle that knows no events.
 */

const RUNS = 12;
const PURCHASES = 3;

interface Turn {
	/** What happens at Stripe. */
	kind: 'refund' | 'dispute' | 'advance';
	purchase: number;
	/** How many hundredths of what is left are in it. */
	part: number;
	/** Which refund or dispute moves on. */
	which: number;
	/** Which events come afterwards, at once. */
	events: number[];
}

const turn: Arbitrary<Turn> = record({
	kind: constantFrom('refund', 'dispute', 'advance', 'advance'),
	purchase: nat(PURCHASES - 1),
	part: nat(100),
	which: nat(7),
	events: array(nat(30), { maxLength: 5 }),
});
const turns = array(turn, { minLength: 3, maxLength: 14 });
const faults = array(constantFrom<D1Fault | null>('before', 'after', null, null, null, null, null), {
	minLength: 7,
	maxLength: 40,
});

const figures = { runs: 0, handled: 0, broken: 0, refunds: 0, disputes: 0, d1: 0 };

test(
	'whatever comes back, however it is told of, leaves what Stripe’s objects are worth',
	{ timeout: 120_000 },
	async () => {
		await assert(asyncProperty(turns, faults, checkRun), propertyParameters('payments property', RUNS, 3));
		console.log(`payments property: ${JSON.stringify(figures)}, 0 differences`);
		expect(figures.broken).toBeGreaterThan(0);
	},
);

async function checkRun(taken: readonly Turn[], planned: readonly (D1Fault | null)[]): Promise<void> {
	figures.runs += 1;
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const packs = [await givenPaidPack(deps, customer), await givenPaidPack(deps, customer)];
	const { sessionId } = await givenTill(deps, customer, 'plan.starter');
	const { invoice } = deps.stripe.payPlan(sessionId);
	const paid = [
		...packs.map(({ payment }) => ({ paymentId: payment.id, paidCents: 1_900, credits: 100, left: 1_900 })),
		{ paymentId: invoice.paymentId!, paidCents: 4_900, credits: 300, left: 4_900 },
	];
	const told: [type: string, objectId: string][] = [
		...packs.map((pack): [string, string] => ['checkout.session.completed', pack.sessionId]),
		['invoice.paid', invoice.id],
		['checkout.session.completed', sessionId],
	];
	const shaky = isolates(deps, planned);
	const eventIds: string[] = [];
	for (const one of taken) {
		const changed = happen(deps, one, paid);
		if (changed !== null) told.push(changed);
		const wave = one.events.map((event) => told[event % told.length]!);
		await Promise.all(
			wave.map(async ([type, objectId], index) => {
				const eventId = await givenEvent(deps, type, objectId);
				eventIds.push(eventId);
				await tryEvent(shaky(index), eventId);
			}),
		);
	}
	// What Stripe tells in the end at the latest, and the queue or the sweep brings until it is done.
	for (const [type, objectId] of told.toReversed()) eventIds.push(await givenEvent(deps, type, objectId));
	for (const eventId of eventIds) await handleEvent(deps, { eventId });
	figures.handled += eventIds.length;

	const { balance, purchases } = await moneyOf(deps, customer.accountId);
	expect(balance).toEqual({ ...oracle(deps, paid), owed: 0 });
	expect(purchases).toHaveLength(PURCHASES);
	const grants = await deps.db.select().from(creditEntries).where(eq(creditEntries.accountId, customer.accountId));
	expect(grants.filter(({ kind }) => kind === 'grant')).toHaveLength(PURCHASES);
	const events = await deps.db
		.select()
		.from(stripeEvents)
		.where(inArray(stripeEvents.id, eventIds.slice(0, 90)));
	expect(events.every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
	expect((await auditLedger(deps)).violations).toEqual([]);
}

interface Paid {
	paymentId: string;
	paidCents: number;
	credits: number;
	/** Neither refunded nor disputed yet: what Stripe refuses beyond that is not its to tell of. */
	left: number;
}

/** Changes something at Stripe and answers what its event is; null when there was nothing to change. */
function happen(
	{ stripe }: BillingWorld,
	{ kind, purchase, part, which }: Turn,
	paid: readonly Paid[],
): [string, string] | null {
	const about = paid[purchase]!;
	const cents = Math.min(about.left, Math.max(1, Math.floor((about.left * part) / 100)));
	if (kind === 'refund' && cents > 0) {
		about.left -= cents;
		figures.refunds += 1;
		const refund = stripe.giveBack(about.paymentId, { cents, status: which % 2 === 0 ? 'succeeded' : 'pending' });
		return ['refund.created', refund.id];
	}
	const hasDispute = [...stripe.disputes.values()].some(({ paymentId }) => paymentId === about.paymentId);
	if (kind === 'dispute' && cents > 0 && !hasDispute) {
		about.left -= cents;
		figures.disputes += 1;
		return ['charge.dispute.created', stripe.dispute(about.paymentId, { cents }).id];
	}
	const disputes = [...stripe.disputes.values()].filter(({ state }) => state !== 'won');
	const dispute = disputes[which % Math.max(1, disputes.length)];
	if (kind === 'dispute' && dispute !== undefined) {
		const state = dispute.state === 'open' && part % 2 === 0 ? 'lost' : 'won';
		stripe.disputes.set(dispute.id, { ...dispute, state });
		return ['charge.dispute.closed', dispute.id];
	}
	const refunds = [...stripe.refunds.values()].filter(({ status }) => status === 'pending' || status === 'succeeded');
	const refund = refunds[which % Math.max(1, refunds.length)];
	if (refund === undefined) return null;
	const status = refund.status === 'pending' && part % 3 !== 0 ? 'succeeded' : 'failed';
	stripe.refunds.set(refund.id, { ...refund, status });
	return [status === 'failed' ? 'refund.failed' : 'refund.updated', refund.id];
}

/** What the account should have, from what lies at Stripe alone. */
function oracle({ stripe }: BillingWorld, paid: readonly Paid[]): { posted: number; held: number } {
	let [posted, held] = [0, 0];
	for (const { paymentId, paidCents, credits } of paid) {
		const refunds = [...stripe.refunds.values()].filter((one) => one.paymentId === paymentId);
		const [dispute] = [...stripe.disputes.values()].filter((one) => one.paymentId === paymentId);
		const worth = [...creditsOfRefunds({ credits, paidCents }, refunds).values()].reduce((sum, each) => sum + each, 0);
		const disputed = dispute === undefined ? 0 : creditsOfDispute({ credits, paidCents }, dispute.cents);
		posted += credits - worth - (dispute?.state === 'lost' ? disputed : 0);
		held += dispute?.state === 'open' ? disputed : 0;
	}
	return { posted, held };
}

/** Workers that share database and Stripe, each with faults of its own. */
function isolates(deps: BillingWorld, planned: readonly (D1Fault | null)[]): (index: number) => BillingWorld {
	let call = 0;
	const next = () => planned[call++ % planned.length] ?? null;
	return () => ({
		...deps,
		db: drizzle(faultyD1(deps.d1, next, OBJECT_RESET).db),
		stripe: interceptMethods(deps.stripe, async (_, run) => {
			const fault = next();
			if (fault === null) return run();
			if (fault === 'after') await run();
			throw new AppError('upstream_unavailable', 'Nobody answers.');
		}),
	});
}

async function tryEvent(deps: BillingWorld, eventId: string): Promise<void> {
	try {
		await handleEvent(deps, { eventId });
	} catch (error) {
		for (let at: unknown = error; at instanceof Error; at = at.cause) {
			const isInjected = at.message === OBJECT_RESET || (at instanceof AppError && at.code === 'upstream_unavailable');
			if (!isInjected) continue;
			figures.broken += 1;
			return;
		}
		throw error;
	}
}

test('one payment, told of by everything at once on eight Workers, is granted once', { timeout: 120_000 }, async () => {
	for (let round = 0; round < 4; round += 1) {
		const deps = await billingWorld();
		const customer = await givenCustomer(deps);
		const { sessionId, payment } = await givenPaidPack(deps, customer);
		const till = await givenTill(deps, customer, 'plan.starter');
		const { invoice, subscription } = deps.stripe.payPlan(till.sessionId);
		const refund = deps.stripe.giveBack(payment.id, { cents: 950 });
		const told: [string, string][] = [
			['checkout.session.completed', sessionId],
			['checkout.session.async_payment_succeeded', sessionId],
			['refund.created', refund.id],
			['refund.updated', refund.id],
			['invoice.paid', invoice.id],
			['invoice.paid', invoice.id],
			['checkout.session.completed', till.sessionId],
			['customer.subscription.created', subscription.id],
		];
		const eventIds = await Promise.all(told.map(([type, objectId]) => givenEvent(deps, type, objectId)));
		let call = round;
		const shaky = faultyD1(
			deps.d1,
			() => ((call += 1) % 7 === 0 ? (call % 2 === 0 ? 'before' : 'after') : null),
			OBJECT_RESET,
		);

		await Promise.all(eventIds.map((eventId) => tryEvent({ ...deps, db: drizzle(shaky.db) }, eventId)));
		await Promise.all(eventIds.map((eventId) => handleEvent(deps, { eventId })));

		figures.d1 += shaky.happened.before + shaky.happened.after;
		const { balance, purchases } = await moneyOf(deps, customer.accountId);
		expect(balance).toEqual({ posted: 350, held: 0, owed: 0 });
		expect(purchases).toHaveLength(2);
		expect((await auditLedger(deps)).violations).toEqual([]);
	}
	expect(figures.d1).toBeGreaterThan(0);
});
