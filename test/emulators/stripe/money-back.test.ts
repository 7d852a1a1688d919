import { afterAll, beforeEach, expect, test } from 'vitest';
import { givenPayment, startStripe } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const typesSince = (count: number) =>
	control
		.events()
		.slice(count)
		.map(({ type }) => type);

async function chargeOf(paymentIntent: string) {
	const { latest_charge: charge } = await stripe.paymentIntents.retrieve(paymentIntent, { expand: ['latest_charge'] });
	if (charge === null || typeof charge === 'string') throw new Error('The charge was not expanded.');
	return charge;
}

test('refunds are taken in parts until nothing is left', async () => {
	const { paymentIntent, customer } = await givenPayment(stripe);
	const before = control.events().length;
	const first = await stripe.refunds.create({
		payment_intent: paymentIntent,
		amount: 500,
		reason: 'requested_by_customer',
		metadata: { order: 'o1' },
	});
	expect(first).toMatchObject({
		id: expect.stringMatching(/^re_/),
		status: 'succeeded',
		amount: 500,
		payment_intent: paymentIntent,
		customer: customer.id,
		reason: 'requested_by_customer',
		metadata: { order: 'o1' },
	});
	expect(await chargeOf(paymentIntent)).toMatchObject({ amount: 2000, amount_refunded: 500, refunded: false });
	expect(typesSince(before)).toEqual(['refund.created', 'charge.refunded']);

	const tooMuch = stripe.refunds.create({ payment_intent: paymentIntent, amount: 1501 });
	await expect(tooMuch).rejects.toMatchObject({
		statusCode: 400,
		param: 'amount',
		message: expect.stringContaining('€15.00'),
	});
	const charge = await chargeOf(paymentIntent);
	const rest = await stripe.refunds.create({ charge: charge.id });
	expect(rest.amount).toBe(1500);
	expect(await chargeOf(paymentIntent)).toMatchObject({ amount_refunded: 2000, refunded: true });
	const again = stripe.refunds.create({ payment_intent: paymentIntent, amount: 1 });
	await expect(again).rejects.toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });

	const idsOf = async (filters: object) => (await stripe.refunds.list(filters)).data.map(({ id }) => id);
	expect(await idsOf({ payment_intent: paymentIntent })).toEqual([rest.id, first.id]);
	expect(await idsOf({ charge: charge.id, limit: 1 })).toEqual([rest.id]);
	expect(await idsOf({ created: { gt: first.created + 3600 } })).toEqual([]);
	expect(await stripe.refunds.retrieve(first.id)).toEqual(first);
	const expanded = await stripe.charges.retrieve(charge.id, { expand: ['refunds'] });
	expect(expanded.refunds?.data.map(({ id }) => id)).toEqual([rest.id, first.id]);
});

test.each(['succeeded', 'failed'] as const)('a pending refund has %s when the bank says so', async (status) => {
	control.set({ refundsArePending: true });
	const { paymentIntent } = await givenPayment(stripe);
	const refund = await stripe.refunds.create({ payment_intent: paymentIntent });
	expect(refund.status).toBe('pending');
	const before = control.events().length;

	control.settleRefund({ refund: refund.id, status });

	const settled = await stripe.refunds.retrieve(refund.id);
	expect(settled.status).toBe(status);
	const isFailed = status === 'failed';
	expect(settled.failure_reason).toBe(isFailed ? 'expired_or_canceled_card' : undefined);
	expect(await chargeOf(paymentIntent)).toMatchObject({ amount_refunded: isFailed ? 0 : 2000, refunded: !isFailed });
	expect(typesSince(before)).toEqual([
		...(isFailed ? ['charge.updated'] : []),
		'refund.updated',
		'charge.refund.updated',
		...(isFailed ? ['refund.failed'] : []),
	]);
	expect(() => control.settleRefund({ refund: refund.id, status })).toThrow(RangeError);
});

test('a payment that has not succeeded cannot be refunded', async () => {
	const { paymentIntent } = await givenPayment(stripe, { method: 'bank_debit' });
	await expect(stripe.refunds.create({ payment_intent: paymentIntent })).rejects.toMatchObject({ statusCode: 400 });
	await expect(stripe.refunds.create({ payment_intent: 'pi_none' })).rejects.toMatchObject({
		code: 'resource_missing',
	});
	await expect(stripe.refunds.create({ amount: 5 })).rejects.toMatchObject({ statusCode: 400 });
	expect((await stripe.refunds.list()).data).toEqual([]);
});

test('a dispute takes the money, can be won after it was lost, and is found by its payment', async () => {
	const { paymentIntent } = await givenPayment(stripe, { card_number: '4000000000000259' });
	const before = control.events().length;
	const { id } = control.openDispute({ payment_intent: paymentIntent, reason: 'product_not_received' });
	expect(await stripe.disputes.retrieve(id)).toMatchObject({
		id: expect.stringMatching(/^dp_/),
		status: 'needs_response',
		amount: 2000,
		reason: 'product_not_received',
		payment_intent: paymentIntent,
		balance_transactions: [{ amount: -2000 }],
	});
	expect((await chargeOf(paymentIntent)).disputed).toBe(true);
	await expect(stripe.refunds.create({ payment_intent: paymentIntent })).rejects.toMatchObject({
		code: 'charge_disputed',
	});

	control.setDispute({ dispute: id, status: 'under_review' });
	control.setDispute({ dispute: id, status: 'lost' });
	control.setDispute({ dispute: id, status: 'won' });

	expect(typesSince(before)).toEqual([
		'charge.dispute.created',
		'charge.dispute.funds_withdrawn',
		'charge.dispute.updated',
		'charge.dispute.closed',
		'charge.dispute.funds_reinstated',
		'charge.dispute.closed',
	]);
	const { data } = await stripe.disputes.list({ payment_intent: paymentIntent });
	expect(data.map(({ status, balance_transactions: moved }) => [status, moved.map(({ amount }) => amount)])).toEqual([
		['won', [-2000, 2000]],
	]);
	expect((await stripe.refunds.create({ payment_intent: paymentIntent, amount: 100 })).status).toBe('succeeded');
});

test('an inquiry takes nothing until it becomes a dispute', async () => {
	const { paymentIntent } = await givenPayment(stripe);
	const asked = control.openDispute({ payment_intent: paymentIntent, amount: 700, status: 'warning_needs_response' });
	expect(typesSince(0)).not.toContain('charge.dispute.funds_withdrawn');
	control.setDispute({ dispute: asked.id, status: 'needs_response' });
	expect(typesSince(0).slice(-2)).toEqual(['charge.dispute.updated', 'charge.dispute.funds_withdrawn']);

	const other = await givenPayment(stripe);
	const inquiry = control.openDispute({ payment_intent: other.paymentIntent, status: 'warning_needs_response' });
	control.setDispute({ dispute: inquiry.id, status: 'warning_closed' });
	expect(typesSince(0).at(-1)).toBe('charge.dispute.closed');
	expect((await stripe.disputes.retrieve(inquiry.id)).balance_transactions).toEqual([]);
	expect((await stripe.disputes.list({ created: { gte: asked.created } })).data).toHaveLength(2);
});
