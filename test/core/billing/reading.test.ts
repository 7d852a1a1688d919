import { expect, test } from 'vitest';

import { purchases } from '../../../schema/billing';
import { listPurchases, PURCHASES_PAGE_MAX } from '../../../workers/core/billing/list-purchases';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { readBilling } from '../../../workers/core/billing/read-billing';
import { readCheckout } from '../../../workers/core/billing/read-checkout';
import { readInvoicePage } from '../../../workers/core/billing/read-invoice-page';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { givenPlan, tillWorld, type TillWorld } from './till-world';

async function givenPurchase(
	{ db, now }: TillWorld,
	{ accountId }: { accountId: string },
	changed: Partial<typeof purchases.$inferInsert> = {},
) {
	const id = `pi_${crypto.randomUUID().replaceAll('-', '')}`;
	const row = {
		id,
		accountId,
		item: 'pack.100',
		credits: 100,
		paidCents: 2261,
		currency: 'usd',
		paymentId: id,
		invoiceId: `in_${id}`,
		paidAtMs: now().getTime(),
		...changed,
	};
	await db.insert(purchases).values(row);
	return row;
}

test('an order is read as it is here, whatever its till says at Stripe', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { id } = await openCheckout(world, { actor, whence: WHENCE, item: 'plan.starter' });
	const [sessionId] = [...world.stripe.checkouts.keys()];
	world.stripe.payPlan(sessionId!);
	const asked = world.stripe.calls.length;
	expect(await readCheckout(world, { actor, checkoutId: id })).toEqual({
		id,
		item: 'plan.starter',
		title: 'Starter plan',
		state: 'open',
		isUnderReview: false,
		credits: 300,
		cents: 4900,
		currency: 'usd',
		createdAt: world.now().toISOString(),
	});
	expect(world.stripe.calls).toHaveLength(asked);
});

test('somebody else’s order answers what no order answers', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { id } = await openCheckout(world, { actor, whence: WHENCE, item: 'pack.100' });
	const other = await givenAccount(world);
	const refusals = await Promise.all(
		[id, 'chk_nobody'].map((checkoutId) => readCheckout(world, { actor: other, checkoutId }).catch(String)),
	);
	expect(refusals[0]).toContain('There is no such order');
	expect(refusals[1]).toBe(refusals[0]);
});

test('of who never bought anything there is nothing to show', async () => {
	const world = tillWorld();
	expect(await readBilling(world, { actor: await givenAccount(world) })).toEqual({
		plan: null,
		status: null,
		periodStart: null,
		periodEnd: null,
		isEnding: false,
		card: null,
		hasCustomer: false,
	});
});

test('plan, period and card are shown without asking Stripe', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { periodStartMs, periodEndMs } = await givenPlan(world, actor, { isEnding: true });
	const asked = world.stripe.calls.length;
	expect(await readBilling(world, { actor })).toEqual({
		plan: { id: 'plan.practice', title: 'Practice plan', credits: 1200, cents: 14_900, currency: 'usd' },
		status: 'active',
		periodStart: new Date(periodStartMs!).toISOString(),
		periodEnd: new Date(periodEndMs!).toISOString(),
		isEnding: true,
		card: { brand: 'visa', last4: '4242' },
		hasCustomer: true,
	});
	expect(world.stripe.calls).toHaveLength(asked);
});

test('a plan that is sold no more keeps its name and promises no price, and another way of paying is no card', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const old = { id: 'plan.old', name: 'Old', credits: 10, cents: 100, version: 1 };
	const studio = { ...world.studio, pricing: { ...world.studio.pricing, retired: [old] } };
	await givenPlan(world, actor, { plan: 'plan.old', cardBrand: null, cardLast4: null });
	expect(await readBilling({ ...world, studio }, { actor })).toMatchObject({
		plan: { id: 'plan.old', title: 'Old plan', credits: null, cents: null },
		card: null,
	});
});

test('purchases are listed newest first, page by page, each once', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const other = await givenAccount(world);
	const paidAtMs = world.now().getTime();
	// Two of one moment lie on either side of a page's end.
	for (const ago of [0, 1, 1, 2, 3]) await givenPurchase(world, actor, { paidAtMs: paidAtMs - ago * 1000 });
	await givenPurchase(world, other);

	const seen: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await listPurchases(world, { actor, limit: 2, cursor });
		expect(page.items.length).toBeLessThanOrEqual(2);
		seen.push(...page.items.map(({ id }) => id));
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);

	const all = await listPurchases(world, { actor, limit: PURCHASES_PAGE_MAX });
	expect(new Set(seen).size).toBe(5);
	expect(all.items.map(({ id }) => id)).toEqual(seen);
	expect(all.nextCursor).toBeNull();
	const times = all.items.map(({ paidAt }) => paidAt);
	expect(times).toEqual(times.toSorted().toReversed());
});

test('a purchase says what was paid with tax, what came back, and whether there is an invoice', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { id } = await givenPurchase(world, actor, { refundedCents: 500, disputeState: 'open', invoiceId: null });
	expect((await listPurchases(world, { actor, limit: 20 })).items).toEqual([
		{
			id,
			item: 'pack.100',
			title: '100 credits',
			credits: 100,
			cents: 2261,
			currency: 'usd',
			refundedCents: 500,
			disputeState: 'open',
			paidAt: world.now().toISOString(),
			hasInvoice: false,
		},
	]);
});

test.each(['x', '1~', '~pi_1', "1~pi_1' or 1", '9999999999999999~pi_1'])('the cursor %s is refused', async (cursor) => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	await expect(listPurchases(world, { actor, limit: 20, cursor })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('an invoice is shown on Stripe’s page, to its own account alone', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { id: checkoutId } = await openCheckout(world, { actor, whence: WHENCE, item: 'pack.100' });
	const [sessionId] = [...world.stripe.checkouts.keys()];
	const payment = world.stripe.payPack(sessionId!);
	const invoiceId = world.stripe.checkouts.get(sessionId!)!.invoiceId;
	const { id } = await givenPurchase(world, actor, { id: payment.id, paymentId: payment.id, invoiceId });
	expect(checkoutId).toMatch(/^chk_/);
	expect(await readInvoicePage(world, { actor, whence: WHENCE, purchaseId: id })).toEqual({
		url: `https://invoice.stripe.test/${invoiceId}`,
	});
	const asked = world.stripe.count('readInvoicePage');
	const other = await givenAccount(world);
	const refused = { code: 'not_found', message: expect.stringContaining('no such invoice') };
	await expect(readInvoicePage(world, { actor: other, whence: WHENCE, purchaseId: id })).rejects.toMatchObject(refused);
	await expect(readInvoicePage(world, { actor, whence: WHENCE, purchaseId: 'pi_nobody' })).rejects.toMatchObject(
		refused,
	);
	expect(world.stripe.count('readInvoicePage')).toBe(asked);
});

test('a purchase without an invoice, and one whose invoice Stripe does not know, have no page', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const without = await givenPurchase(world, actor, { invoiceId: null });
	const unknown = await givenPurchase(world, actor);
	for (const { id: purchaseId } of [without, unknown]) {
		await expect(readInvoicePage(world, { actor, whence: WHENCE, purchaseId })).rejects.toMatchObject({
			code: 'not_found',
		});
	}
});

test('beyond the studio’s rate an invoice is not asked for at Stripe, with how long to wait', async () => {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const { id: purchaseId } = await givenPurchase(world, actor, { invoiceId: 'in_none' });
	const { max } = world.studio.rates.invoice.account;
	const ask = () => readInvoicePage(world, { actor, whence: { ...WHENCE, network: actor.accountId }, purchaseId });
	for (let count = 0; count < max; count += 1) await expect(ask()).rejects.toMatchObject({ code: 'not_found' });

	await expect(ask()).rejects.toMatchObject({
		code: 'too_many_requests',
		message: expect.stringContaining('Too many invoices were opened'),
		details: { retryAfterSeconds: expect.any(Number) },
	});
	expect(world.stripe.count('readInvoicePage')).toBe(max);
});
