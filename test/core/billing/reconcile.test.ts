import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { reconciliations } from '../../../schema/billing';
import { creditEntries } from '../../../schema/credits';
import { attempts, renders } from '../../../schema/renders';
import { REPAIRS_MAX } from '../../../workers/core/billing/comparison';
import { readReconciliation } from '../../../workers/core/billing/read-reconciliation';
import { reconcileDay } from '../../../workers/core/billing/reconcile-day';
import { dayOf } from '../../../workers/core/billing/sync-result';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { aHold } from '../../support/given';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { deliver } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { DAY_MS, givenCustomer, givenPaidPack, givenTill, moneyOf, tell, type BillingWorld } from './billing-world';
import { worldOfOwnDay } from './own-day';

/** The day on which everything in a test happens. */
let DAY = '';

async function worldOfADay(): Promise<BillingWorld> {
	const deps = await worldOfOwnDay(2040);
	DAY = dayOf(deps.now().getTime());
	return deps;
}

/** A run over the day alone, as the last of a whole run would go. */
async function reconcile(deps: BillingWorld) {
	const run = `test:${crypto.randomUUID()}`;
	await deps.db.insert(reconciliations).values({ run, day: DAY, state: 'waiting', createdAtMs: deps.now().getTime() });
	deps.sent.length = 0;
	await reconcileDay(deps, { run, day: DAY });
	await deliver(deps);
	return readReconciliation(deps, { run });
}

async function givenPlan(deps: BillingWorld, customer: Awaited<ReturnType<typeof givenCustomer>>) {
	const { sessionId } = await givenTill(deps, customer, 'plan.starter');
	return deps.stripe.payPlan(sessionId);
}

test('whatever no event told is repaired by one run, and the next finds nothing to repair', async () => {
	const deps = await worldOfADay();
	const [ada, bob, cleo, dan] = [
		await givenCustomer(deps),
		await givenCustomer(deps),
		await givenCustomer(deps),
		await givenCustomer(deps),
	];
	const bought = await givenPaidPack(deps, ada);
	const { invoice } = await givenPlan(deps, bob);
	const refunded = await givenPaidPack(deps, cleo);
	await tell(deps, 'checkout.session.completed', refunded.sessionId);
	const refund = deps.stripe.giveBack(refunded.payment.id, { cents: 950 });
	const disputed = await givenPaidPack(deps, dan);
	await tell(deps, 'checkout.session.completed', disputed.sessionId);
	const dispute = deps.stripe.dispute(disputed.payment.id);

	const first = await reconcile(deps);
	const second = await reconcile(deps);

	expect(first).toMatchObject({ state: 'done', days: [{ day: DAY, state: 'done', repaired: 4 }], hasMore: false });
	expect(first.findings.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual(
		[
			{ day: DAY, kind: 'undisputed', objectId: dispute.id, isRepaired: true },
			{ day: DAY, kind: 'ungranted', objectId: bought.sessionId, isRepaired: true },
			{ day: DAY, kind: 'ungranted', objectId: invoice.id, isRepaired: true },
			{ day: DAY, kind: 'unreversed', objectId: refund.id, isRepaired: true },
		].toSorted((a, b) => a.kind.localeCompare(b.kind)),
	);
	expect(second).toMatchObject({ state: 'done', days: [{ repaired: 0 }], findings: [] });
	expect((await moneyOf(deps, ada.accountId)).balance).toEqual({ posted: 100, held: 0, owed: 0 });
	expect((await moneyOf(deps, bob.accountId)).balance).toEqual({ posted: 300, held: 0, owed: 0 });
	expect((await moneyOf(deps, cleo.accountId)).balance).toEqual({ posted: 50, held: 0, owed: 0 });
	expect((await moneyOf(deps, dan.accountId)).balance).toEqual({ posted: 100, held: 100, owed: 0 });
	await expectLedgerIsSound(deps.db);
});

test('a refund that failed and a dispute that was settled are repaired, and what was settled here already is not counted', async () => {
	const deps = await worldOfADay();
	const [ada, bob] = [await givenCustomer(deps), await givenCustomer(deps)];
	const one = await givenPaidPack(deps, ada);
	const refund = deps.stripe.giveBack(one.payment.id, { cents: 950 });
	await tell(deps, 'refund.created', refund.id);
	deps.stripe.refunds.set(refund.id, { ...refund, status: 'failed' });
	const two = await givenPaidPack(deps, bob);
	const dispute = deps.stripe.dispute(two.payment.id);
	await tell(deps, 'charge.dispute.created', dispute.id);
	deps.stripe.disputes.set(dispute.id, { ...dispute, state: 'lost' });

	expect((await reconcile(deps)).days).toMatchObject([{ repaired: 2 }]);
	expect((await reconcile(deps)).days).toMatchObject([{ repaired: 0 }]);
	deps.stripe.disputes.set(dispute.id, { ...dispute, state: 'won' });
	expect((await reconcile(deps)).days).toMatchObject([{ repaired: 1 }]);
	expect((await reconcile(deps)).days).toMatchObject([{ repaired: 0 }]);

	expect((await moneyOf(deps, ada.accountId)).balance).toMatchObject({ posted: 100, held: 0 });
	expect((await moneyOf(deps, bob.accountId)).balance).toMatchObject({ posted: 100, held: 0 });
});

test.each([
	[
		'a price that is not in the table',
		'unknown_price',
		{ line: { priceKey: 'afterglow.dental.pack.40.v9', quantity: 1, unitCents: 1_900, currency: 'usd' } },
	],
	['another currency', 'wrong_currency', { currency: 'eur' }],
	['a changed amount', 'wrong_amount', { totalCents: 1_000 }],
	['an unknown customer', 'unknown_customer', { customerId: 'cus_stranger' }],
] as const)('%s is reported each night and grants nothing', async (_, kind, changed) => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPaidPack(deps, customer);
	deps.stripe.checkouts.set(sessionId, { ...deps.stripe.checkouts.get(sessionId)!, ...changed });

	for (let night = 0; night < 2; night += 1) {
		const { days, findings } = await reconcile(deps);
		expect(days).toMatchObject([{ state: 'done', repaired: 0 }]);
		expect(findings).toEqual([{ day: DAY, kind, objectId: sessionId, isRepaired: false }]);
	}
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 0 }, purchases: [] });
});

test.each([
	['with another studio’s price', { priceKey: 'afterglow.image.pack.40.v1' }, {}],
	['with a price of nobody’s here, by a stranger', { priceKey: null }, { customerId: 'cus_stranger' }],
	['with another studio’s price, by a stranger', { priceKey: 'afterglow.image.pack.40.v1' }, { customerId: null }],
] as const)('what was bought through the same Stripe account %s is left out', async (_, line, changed) => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps);
	const { sessionId } = await givenPaidPack(deps, customer);
	const checkout = deps.stripe.checkouts.get(sessionId)!;
	deps.stripe.checkouts.set(sessionId, { ...checkout, line: { ...checkout.line!, ...line }, ...changed });
	const { invoice } = await givenPlan(deps, customer);
	deps.stripe.invoices.set(invoice.id, { ...invoice, lines: [{ ...invoice.lines[0]!, ...line }], ...changed });

	expect(await reconcile(deps)).toMatchObject({ state: 'done', days: [{ repaired: 0 }], findings: [] });

	expect(deps.stripe.count('readCheckout') + deps.stripe.count('readInvoice')).toBe(0);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 0 }, purchases: [] });
});

test('what was granted for something that Stripe does not know, or says otherwise of, is reported and left', async () => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps);
	const gone = await givenPaidPack(deps, customer);
	const changed = await givenPaidPack(deps, customer);
	const moved = await givenPaidPack(deps, customer);
	for (const { sessionId } of [gone, changed, moved]) await tell(deps, 'checkout.session.completed', sessionId);
	deps.stripe.checkouts.delete(gone.sessionId);
	deps.stripe.payments.delete(gone.payment.id);
	deps.stripe.checkouts.set(changed.sessionId, { ...deps.stripe.checkouts.get(changed.sessionId)!, totalCents: 900 });
	// Made the day before and paid on this one: not listed, and yet known.
	deps.stripe.checkouts.set(moved.sessionId, {
		...deps.stripe.checkouts.get(moved.sessionId)!,
		createdAtMs: deps.now().getTime() - DAY_MS,
	});
	const before = await moneyOf(deps, customer.accountId);

	const { findings } = await reconcile(deps);

	expect(findings.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
		{ day: DAY, kind: 'amount_differs', objectId: changed.sessionId, isRepaired: false },
		{ day: DAY, kind: 'not_at_stripe', objectId: gone.payment.id, isRepaired: false },
	]);
	expect(await moneyOf(deps, customer.accountId)).toEqual(before);
});

test('more than one message may repair goes on in the next, and the run counts all of it', async () => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps);
	const count = REPAIRS_MAX + 3;
	for (let pack = 0; pack < count; pack += 1) await givenPaidPack(deps, customer);
	const run = `test:${crypto.randomUUID()}`;
	await deps.db.insert(reconciliations).values({ run, day: DAY, state: 'waiting', createdAtMs: deps.now().getTime() });

	await reconcileDay(deps, { run, day: DAY });
	expect(deps.sent).toEqual([{ message: { type: 'reconcile.day', run, day: DAY, after: '' }, delaySeconds: 5 }]);
	expect(await readReconciliation(deps, { run })).toMatchObject({ state: 'waiting' });
	await deliver(deps);

	expect(await readReconciliation(deps, { run })).toMatchObject({
		state: 'done',
		days: [{ repaired: count, listed: expect.any(Number) }],
	});
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: count * 100 });
});

test('a day full of refunds and disputes that need nothing here ends after one look at each, with pauses and without findings', async () => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps);
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	// Worth no credit by itself.
	await tell(deps, 'refund.created', deps.stripe.giveBack(payment.id, { cents: 18 }).id);
	const strangers = Array.from({ length: 3 * REPAIRS_MAX }, (_, index) => {
		const id = `pi_stranger_${index}_${crypto.randomUUID()}`;
		deps.stripe.payments.set(id, { ...payment, id, customerId: 'cus_stranger' });
		if (index % 2 === 0) deps.stripe.giveBack(id);
		else deps.stripe.dispute(id);
		return id;
	});
	const before = await moneyOf(deps, customer.accountId);
	const run = `test:${crypto.randomUUID()}`;
	await deps.db.insert(reconciliations).values({ run, day: DAY, state: 'waiting', createdAtMs: deps.now().getTime() });

	let messages = 1;
	await reconcileDay(deps, { run, day: DAY });
	for (let next = deps.sent.shift(); next !== undefined && messages < 100; next = deps.sent.shift()) {
		expect(next.delaySeconds).toBeGreaterThan(0);
		if (next.message.type === 'reconcile.day') await reconcileDay(deps, next.message);
		messages += 1;
	}

	expect(messages).toBe(Math.ceil((strangers.length + 1) / REPAIRS_MAX));
	expect(await readReconciliation(deps, { run })).toMatchObject({
		state: 'done',
		days: [{ repaired: 0 }],
		findings: [],
	});
	expect(deps.stripe.count('findCheckoutOf')).toBe(strangers.length);
	expect(await moneyOf(deps, customer.accountId)).toEqual(before);
});

test('what cannot be followed is one finding, tried once, and keeps nothing else from being repaired', async () => {
	const deps = await worldOfADay();
	const [ada, bob] = [await givenCustomer(deps), await givenCustomer(deps)];
	const poisoned = await givenPaidPack(deps, ada);
	const healthy = await givenPaidPack(deps, bob);
	for (const { sessionId } of [poisoned, healthy]) await tell(deps, 'checkout.session.completed', sessionId);
	const refunds = [poisoned, healthy].map(({ payment }) => deps.stripe.giveBack(payment.id, { cents: 950 }).id);
	deps.stripe.before = async (name, input) => {
		const isPoisoned = name === 'listRefunds' && JSON.stringify(input).includes(poisoned.payment.id);
		if (isPoisoned) throw new Error('a word that nobody knows');
	};

	const { state, findings } = await reconcile(deps);

	expect(takeConsoleErrors()).toHaveLength(1);
	expect(state).toBe('done');
	expect(findings).toEqual([
		{ day: DAY, kind: 'unreadable', objectId: refunds[0], isRepaired: false },
		{ day: DAY, kind: 'unreversed', objectId: refunds[1], isRepaired: true },
	]);
	expect((await moneyOf(deps, ada.accountId)).balance).toMatchObject({ posted: 100 });
	expect((await moneyOf(deps, bob.accountId)).balance).toMatchObject({ posted: 50 });
});

test('what attempts cost is added up as far as it is known, and what is not known is counted and not taken for nothing', async () => {
	const deps = await worldOfADay();
	const customer = await givenCustomer(deps, { credits: 100 });
	const charged = await givenCharge(deps, customer.accountId, { charged: 24 });
	const differs = await givenCharge(deps, customer.accountId, { charged: 20 });
	await givenAttempt(deps, charged, 1, 80_000);
	await givenAttempt(deps, charged, 2, 0);
	await givenAttempt(deps, differs, 1, null);
	const before = await deps.db.select().from(creditEntries).where(eq(creditEntries.accountId, customer.accountId));

	const { days, findings } = await reconcile(deps);

	expect(days).toMatchObject([{ chargedCredits: 44, costMicros: 80_000, costUnknown: 1 }]);
	expect(findings).toEqual([{ day: DAY, kind: 'charge_differs', objectId: differs, isRepaired: false }]);
	expect(await deps.db.select().from(creditEntries).where(eq(creditEntries.accountId, customer.accountId))).toEqual(
		before,
	);
});

async function givenCharge(deps: BillingWorld, accountId: string, { charged }: { charged: number }): Promise<string> {
	const hold = aHold(accountId, 24);
	const nowMs = deps.now().getTime();
	await deps.db.insert(renders).values({
		id: hold.renderId,
		accountId,
		requestedBy: 'usr_test',
		tool: 'smile.video',
		input: '{}',
		state: 'succeeded',
		creditsHeld: 24,
		creditsCharged: charged,
		createdAtMs: nowMs,
		finishedAtMs: nowMs,
		deadlineAtMs: nowMs,
		forgottenAtMs: nowMs,
	});
	await holdCredits(deps, hold);
	await captureCredits(deps, hold);
	return hold.renderId;
}

async function givenAttempt(deps: BillingWorld, renderId: string, number: number, costMicros: number | null) {
	const nowMs = deps.now().getTime();
	await deps.db.insert(attempts).values({
		id: `${renderId}.motion.${number}`,
		renderId,
		stage: 'motion',
		number,
		state: costMicros === null ? 'abandoned' : 'done',
		processor: 'fal',
		endpoint: 'fal-ai/test',
		createdAtMs: nowMs,
		deadlineAtMs: nowMs,
		costMicros,
	});
}
