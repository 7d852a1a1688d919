import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { purchases } from '../../../schema/billing';

import type { StripeRefund } from '../../../workers/core/billing/stripe-gateway';
import { refundPayment, type OperatorRefund } from '../../../workers/core/operations/refund-payment';
import { freshDeps } from '../../support/deps';
import { givenAccount, ledgerOf } from '../../support/given';
import { fakeRefunds, givenPurchase, recordOf, WHENCE } from './given-operator';

async function given(changed: Parameters<typeof givenPurchase>[2] = {}, earlier: Partial<StripeRefund> = {}) {
	const refunds = fakeRefunds();
	const deps = { ...freshDeps(), stripe: refunds.stripe };
	const { accountId } = await givenAccount(deps);
	const purchase = await givenPurchase(deps, accountId, changed);
	const { id: paymentId, refundedCents: cents } = purchase;
	if (cents > 0) {
		const refund = {
			id: 're_earlier',
			paymentId,
			cents,
			currency: 'usd',
			status: 'succeeded',
			createdAtMs: 0,
		} as const;
		refunds.made.set('earlier', { ...refund, ...earlier });
	}
	const order: OperatorRefund = {
		whence: WHENCE,
		paymentId: purchase.id,
		cents: null,
		reason: 'Bought twice',
		key: 'rest',
	};
	return { deps, accountId, purchase, order, refunds };
}

test('what is left of a payment is refunded, and recorded before and after', async () => {
	const { deps, accountId, purchase, order, refunds } = await given({ refundedCents: 900 });
	const before = await ledgerOf(deps, accountId);

	const made = await refundPayment(deps, order);

	expect(refunds.asked).toEqual([
		{ paymentId: purchase.id, cents: 1000, idempotencyKey: `operator:refund:${purchase.id}:rest` },
	]);
	expect(made).toEqual({ accountId, refundId: expect.stringMatching(/^re_/), cents: 1000, currency: 'usd' });
	expect(await recordOf(deps, accountId)).toMatchObject([
		{
			userId: 'operator',
			action: 'refund.asked',
			targetId: purchase.id,
			facts: { amount: '10.00 USD', cents: '1000', wanted: 'rest' },
			reason: 'Bought twice',
			network: '203.0.113.0/24',
		},
		{ action: 'refund.made', facts: { amount: '10.00 USD', refund: made.refundId }, reason: 'Bought twice' },
	]);
	// The credits follow by Stripe's event, and not from here.
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('the same refund again answers what was made, days later too, and asks Stripe for nothing', async () => {
	const { deps, accountId, order, refunds } = await given();
	const half = { ...order, cents: 950, key: 'half' };
	const made = await refundPayment(deps, half);
	deps.clock.advance({ hours: 240 });
	expect(await refundPayment(deps, half)).toEqual(made);
	expect(refunds.asked).toHaveLength(1);
	expect(await recordOf(deps, accountId)).toHaveLength(2);
});

test.each(['failed', 'canceled'] as const)(
	'a refund that ended as "%s" after it was made is not said to be made, and a new key refunds again',
	async (status) => {
		const { deps, accountId, order, refunds } = await given();
		const made = await refundPayment(deps, order);
		for (const [key, refund] of refunds.made) refunds.made.set(key, { ...refund, status });

		await expect(refundPayment(deps, order)).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('choose a new key'),
		});
		expect(refunds.asked).toHaveLength(1);
		expect(await recordOf(deps, accountId)).toHaveLength(2);

		const again = await refundPayment(deps, { ...order, key: 'again' });
		expect(again).toMatchObject({ cents: 1900 });
		expect(again.refundId).not.toBe(made.refundId);
	},
);

test.each([
	['is on its way and not told of here', { refundedCents: 0 }, 'pending', 1000],
	['came back and is still counted here', { refundedCents: 900 }, 'failed', 1900],
] as const)('what is left is what Stripe says where a refund %s', async (_, stored, status, left) => {
	const { deps, order, refunds } = await given({ refundedCents: 900 }, { status });
	await deps.db.update(purchases).set(stored).where(eq(purchases.id, order.paymentId));
	expect(await refundPayment(deps, order)).toMatchObject({ cents: left });
	expect(refunds.asked).toMatchObject([{ cents: left }]);
});

test('an answer that was lost is asked for again under the same key, and refunds once', async () => {
	const { deps, accountId, order, refunds } = await given();
	refunds.hand.next = 'lose';
	await expect(refundPayment(deps, order)).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect((await recordOf(deps, accountId)).map(({ action }) => action)).toEqual(['refund.asked']);

	deps.clock.advance({ hours: 22 });
	const made = await refundPayment(deps, order);

	expect(refunds.made.size).toBe(1);
	expect(refunds.asked[0]).toEqual(refunds.asked[1]);
	expect([...refunds.made.values()].map(({ id }) => id)).toEqual([made.refundId]);
	expect((await recordOf(deps, accountId)).map(({ action }) => action)).toEqual(['refund.asked', 'refund.made']);
});

test('after a day nobody knows what became of a lost answer, so it is looked at and not repeated', async () => {
	const { deps, order, refunds } = await given();
	refunds.hand.next = 'lose';
	await expect(refundPayment(deps, order)).rejects.toThrow(/could not be reached/);
	deps.clock.advance({ hours: 24 });
	await expect(refundPayment(deps, order)).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringMatching(/begun more than a day ago/),
	});
	expect(refunds.asked).toHaveLength(1);
});

test('what came in between does not change what a repeat refunds', async () => {
	const { deps, order, purchase, refunds } = await given();
	refunds.hand.next = 'lose';
	await expect(refundPayment(deps, order)).rejects.toThrow(/could not be reached/);
	// Stripe's event of the first try arrived meanwhile.
	await deps.d1.prepare('update purchases set refunded_cents = 1900 where id = ?').bind(purchase.id).run();
	expect(await refundPayment(deps, order)).toMatchObject({ cents: 1900 });
	expect(refunds.made.size).toBe(1);
});

test('another refund under a key that stands for one is refused, made or only asked for', async () => {
	const { deps, order, refunds } = await given();
	const first = { ...order, cents: 100, key: 'k' };
	refunds.hand.next = 'lose';
	await expect(refundPayment(deps, first)).rejects.toThrow(/could not be reached/);
	await expect(refundPayment(deps, { ...first, cents: 101 })).rejects.toMatchObject({ code: 'conflict' });
	await refundPayment(deps, first);
	await expect(refundPayment(deps, { ...first, cents: null })).rejects.toMatchObject({ code: 'conflict' });
	expect(refunds.made.size).toBe(1);
	expect(await refundPayment(deps, { ...first, key: 'k2' })).toMatchObject({ cents: 100 });
	expect(refunds.made.size).toBe(2);
});

test.each([
	['more than was paid', { cents: 1901 }, {}, '19.00 USD are left of it. Nothing was refunded now.'],
	['more than is left', { cents: 1001 }, { refundedCents: 900 }, '10.00 USD are left of it. Nothing was refunded now.'],
	['anything of nothing', {}, { refundedCents: 1900 }, 'All of this payment was refunded. Nothing was refunded now.'],
])('%s is refused and leaves no trace', async (_, order, purchase, message) => {
	const it = await given(purchase);
	await expect(refundPayment(it.deps, { ...it.order, ...order })).rejects.toMatchObject({ code: 'conflict', message });
	expect(it.refunds.asked).toEqual([]);
	expect(await recordOf(it.deps, it.accountId)).toEqual([]);
});

test('an invoice is refunded by the payment behind it, found by either name', async () => {
	const tail = crypto.randomUUID().replaceAll('-', '');
	const { deps, order, refunds } = await given({ id: `in_${tail}`, paymentId: `pi_${tail}` });
	await refundPayment(deps, order);
	expect(refunds.asked[0]).toMatchObject({ paymentId: `pi_${tail}` });
	await refundPayment(deps, { ...order, paymentId: `pi_${tail}` });
	expect(refunds.asked).toHaveLength(1);
});

test('what was paid elsewhere, and what was never paid, is not refunded', async () => {
	const { deps, order, refunds } = await given({ id: `in_${crypto.randomUUID()}`, paymentId: null });
	await expect(refundPayment(deps, order)).rejects.toMatchObject({ code: 'conflict' });
	await expect(refundPayment(deps, { ...order, paymentId: 'pi_never' })).rejects.toMatchObject({ code: 'not_found' });
	expect(refunds.asked).toEqual([]);
});

test.each(['refuse', 'failed', 'canceled'] as const)(
	'a refund that Stripe answers with "%s" is not said to be made',
	async (next) => {
		const { deps, accountId, order, refunds } = await given();
		refunds.hand.next = next;
		await expect(refundPayment(deps, order)).rejects.toMatchObject({ code: 'conflict' });
		expect((await recordOf(deps, accountId)).map(({ action }) => action)).toEqual(['refund.asked']);
	},
);

test('two at once ask under one key and are recorded once', async () => {
	const { deps, accountId, order, refunds } = await given();
	const both = await Promise.all([refundPayment(deps, order), refundPayment(deps, order)]);
	expect(both[0]).toEqual(both[1]);
	expect(refunds.made.size).toBe(1);
	expect(await recordOf(deps, accountId)).toHaveLength(2);
});
