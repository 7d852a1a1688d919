import { expect, test } from 'vitest';

import { creditsOfDispute, creditsOfRefunds } from '../../../workers/core/billing/credits-of-cents';
import type { StripeRefund } from '../../../workers/core/billing/stripe-gateway';
import { syncPayment } from '../../../workers/core/billing/sync-payment';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { billingWorld, givenCustomer, givenPaidPack, moneyOf, tell, type BillingWorld } from './billing-world';

function end(deps: BillingWorld, disputeId: string, state: 'won' | 'lost') {
	deps.stripe.disputes.set(disputeId, { ...deps.stripe.disputes.get(disputeId)!, state });
}

test('a refund that comes before its payment grants first, then takes its part back', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const refund = deps.stripe.giveBack(payment.id, { cents: 950 });

	await tell(deps, 'refund.created', refund.id);
	await tell(deps, 'refund.created', refund.id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 50, held: 0, owed: 0 },
		purchases: [{ id: payment.id, refundedCents: 950 }],
		checkouts: [{ state: 'paid' }],
	});
	await expectLedgerIsSound(deps.db);
});

test('two refunds of all the money take all the credits, whatever rounding says', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const first = deps.stripe.giveBack(payment.id, { cents: 333 });
	await tell(deps, 'refund.created', first.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 100 - 17 });

	const second = deps.stripe.giveBack(payment.id);
	await tell(deps, 'refund.created', second.id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 0 },
		purchases: [{ refundedCents: 1_900 }],
	});
});

test('a refund that waits takes nothing, and one that fails gives back what it took', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const refund = deps.stripe.giveBack(payment.id, { cents: 950, status: 'pending' });
	const posted = async () => (await moneyOf(deps, customer.accountId)).balance?.posted;

	await tell(deps, 'refund.created', refund.id);
	expect(await posted()).toBe(100);

	deps.stripe.refunds.set(refund.id, { ...refund, status: 'succeeded' });
	await tell(deps, 'refund.updated', refund.id);
	expect(await posted()).toBe(50);

	deps.stripe.refunds.set(refund.id, { ...refund, status: 'failed' });
	await tell(deps, 'refund.failed', refund.id);
	await tell(deps, 'refund.failed', refund.id);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100 },
		purchases: [{ refundedCents: 0 }],
	});
	await expectLedgerIsSound(deps.db);
});

test('an earlier refund that succeeds after a later one takes its part too', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const first = deps.stripe.giveBack(payment.id, { cents: 600, status: 'pending' });
	const second = deps.stripe.giveBack(payment.id, { cents: 300 });
	await tell(deps, 'refund.created', second.id);

	deps.stripe.refunds.set(first.id, { ...first, status: 'succeeded' });
	await tell(deps, 'refund.updated', first.id);

	// 900 of 1,900 cents.
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 100 - 47 });
});

test('a dispute sets credits aside until it is won', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const dispute = deps.stripe.dispute(payment.id);

	await tell(deps, 'charge.dispute.created', dispute.id);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100, held: 100 },
		purchases: [{ disputeState: 'open' }],
	});

	end(deps, dispute.id, 'won');
	await tell(deps, 'charge.dispute.closed', dispute.id);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100, held: 0, owed: 0 },
		purchases: [{ disputeState: 'won' }],
	});
});

test('a dispute that is lost takes its credits, and one that is won after all brings them back', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const dispute = deps.stripe.dispute(payment.id, { cents: 950 });
	end(deps, dispute.id, 'lost');

	await tell(deps, 'charge.dispute.closed', dispute.id);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 50, held: 0 },
		purchases: [{ disputeState: 'lost' }],
	});

	end(deps, dispute.id, 'won');
	await tell(deps, 'charge.dispute.updated', dispute.id);
	await tell(deps, 'charge.dispute.updated', dispute.id);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100, held: 0 },
		purchases: [{ disputeState: 'won' }],
	});
	await expectLedgerIsSound(deps.db);
});

test.each([
	['refund', 'dispute'],
	['dispute', 'refund'],
] as const)('half refunded and half lost is all gone, the %s first', async (...order) => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	for (const which of order) {
		if (which === 'refund') await tell(deps, 'refund.created', deps.stripe.giveBack(payment.id, { cents: 950 }).id);
		else await tell(deps, 'charge.dispute.closed', deps.stripe.dispute(payment.id, { cents: 950, state: 'lost' }).id);
	}

	expect((await moneyOf(deps, customer.accountId)).balance).toEqual({ posted: 0, held: 0, owed: 0 });
});

test('a lost dispute takes the credits that a failed refund gave back, and one that is won after all returns them', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const refund = deps.stripe.giveBack(payment.id);
	await tell(deps, 'refund.created', refund.id);
	const dispute = deps.stripe.dispute(payment.id, { state: 'lost' });
	await tell(deps, 'charge.dispute.closed', dispute.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 0 });

	deps.stripe.refunds.set(refund.id, { ...refund, status: 'failed' });
	await tell(deps, 'refund.failed', refund.id);
	await tell(deps, 'refund.failed', refund.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toEqual({ posted: 0, held: 0, owed: 0 });

	end(deps, dispute.id, 'won');
	await tell(deps, 'charge.dispute.closed', dispute.id);
	await tell(deps, 'charge.dispute.closed', dispute.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toEqual({ posted: 100, held: 0, owed: 0 });
	await expectLedgerIsSound(deps.db);
});

test('a dispute that was lost twice over, beside refunds that failed, is given back whole when it is won', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const refund = deps.stripe.giveBack(payment.id, { cents: 950 });
	await tell(deps, 'refund.created', refund.id);
	const dispute = deps.stripe.dispute(payment.id, { state: 'lost' });
	await tell(deps, 'charge.dispute.closed', dispute.id);
	deps.stripe.refunds.set(refund.id, { ...refund, status: 'failed' });
	await tell(deps, 'refund.failed', refund.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toEqual({ posted: 0, held: 0, owed: 0 });

	end(deps, dispute.id, 'won');
	await tell(deps, 'charge.dispute.closed', dispute.id);
	expect((await moneyOf(deps, customer.accountId)).balance).toEqual({ posted: 100, held: 0, owed: 0 });
	await expectLedgerIsSound(deps.db);
});

test('what changes at Stripe while it is acted on is acted on too', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	const refund = deps.stripe.giveBack(payment.id, { cents: 950 });
	let reads = 0;
	deps.stripe.before = async (name) => {
		if (name !== 'listRefunds') return;
		reads += 1;
		if (reads === 2) deps.stripe.refunds.set(refund.id, { ...refund, status: 'failed' });
	};

	await syncPayment(deps, { paymentId: payment.id });

	expect(reads).toBe(3);
	expect(await moneyOf(deps, customer.accountId)).toMatchObject({
		balance: { posted: 100 },
		purchases: [{ refundedCents: 0 }],
	});
});

test('a payment that never stops changing is given back to the queue', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	deps.stripe.before = async (name) => {
		if (name === 'listRefunds') deps.stripe.giveBack(payment.id, { cents: 1 });
	};

	await expect(syncPayment(deps, { paymentId: payment.id })).rejects.toMatchObject({
		code: 'upstream_unavailable',
		isRetryable: true,
	});
});

test('a refund or a dispute of somebody else’s payment does nothing here', async () => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { payment } = await givenPaidPack(deps, customer);
	const strange = { ...payment, id: `${payment.id}_strange` };
	deps.stripe.payments.set(strange.id, strange);

	await tell(deps, 'refund.created', deps.stripe.giveBack(strange.id).id);
	await tell(deps, 'charge.dispute.created', deps.stripe.dispute(strange.id).id);

	expect(await moneyOf(deps, customer.accountId)).toMatchObject({ balance: { posted: 0 }, purchases: [] });
});

function aRefund(id: string, cents: number, status: StripeRefund['status'] = 'succeeded'): StripeRefund {
	return { id, cents, status, createdAtMs: 0, paymentId: 'pi', currency: 'usd' };
}

test('what refunds are worth adds up to the whole and loses none to rounding', () => {
	const paid = { credits: 100, paidCents: 1_900 };
	const worth = (...refunds: StripeRefund[]) => [...creditsOfRefunds(paid, refunds).values()];
	expect(worth()).toEqual([]);
	expect(worth(aRefund('a', 18))).toEqual([0]);
	expect(worth(aRefund('a', 19))).toEqual([1]);
	expect(worth(aRefund('a', 10), aRefund('b', 10))).toEqual([0, 1]);
	expect(worth(aRefund('a', 1_900))).toEqual([100]);
	expect(worth(aRefund('a', 333), aRefund('b', 333), aRefund('c', 1_234))).toEqual([17, 18, 65]);
	expect(worth(aRefund('a', 500, 'failed'), aRefund('b', 1_900))).toEqual([100]);
	expect(worth(aRefund('a', 500, 'pending'))).toEqual([]);
	// What the second is worth does not depend on what became of the first.
	for (const status of ['failed', 'succeeded', 'pending'] as const) {
		expect(creditsOfRefunds(paid, [aRefund('a', 10, status), aRefund('b', 10)]).get('b')).toBe(1);
	}
	expect(creditsOfDispute(paid, 1)).toBe(1);
	expect(creditsOfDispute(paid, 950)).toBe(50);
	expect(creditsOfDispute(paid, 2_500)).toBe(100);
});
