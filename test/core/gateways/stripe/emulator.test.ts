import { once } from 'node:events';

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { LOCAL_STRIPE } from '../../../../emulators/stripe/clients';
import { createStripe } from '../../../../emulators/stripe/stripe';
import { dental } from '../../../../studios/dental';
import { itemOf, priceKeyOf } from '../../../../studios/pricing';
import { prepareStripe } from '../../../../workers/core/billing/prepare-stripe';
import { createStripeGateway } from '../../../../workers/core/gateways/stripe';

const stop = new AbortController();
let origin = '';
const { routes, control } = createStripe({
	account: { secretKey: LOCAL_STRIPE.secretKey },
	baseOf: () => `${origin}/stripe`,
	stop: stop.signal,
	onEvent: () => undefined,
});
const server = serve({ fetch: new Hono().route('/stripe', routes).fetch, hostname: '127.0.0.1', port: 0 });
await once(server, 'listening');
origin = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;

const config = { key: LOCAL_STRIPE.secretKey, apiUrl: `${origin}/stripe`, studio: 'dental', hasAutomaticTax: true };
const stripe = createStripeGateway(config, fetch);

beforeEach(async () => {
	control.reset();
	await prepareStripe({ stripe, studio: dental });
});
afterAll(() => {
	stop.abort();
	server.close();
});

function tillOf(id: string, changed: { checkoutId?: string; customerId: string }) {
	const item = itemOf(dental, id);
	if (item === null) throw new Error(`no ${id}`);
	return {
		checkoutId: changed.checkoutId ?? `chk_${crypto.randomUUID()}`,
		customerId: changed.customerId,
		mode: item.kind === 'plan' ? ('subscription' as const) : ('payment' as const),
		priceKey: priceKeyOf(dental, item),
		unitCents: item.cents,
		currency: 'usd',
		successUrl: 'https://app.test/credits/bought/x',
		cancelUrl: 'https://app.test/credits/buy',
	};
}

async function pay(url: string, fields: Record<string, string> = {}): Promise<Response> {
	return fetch(url, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams({
			email: 'ada@practice.test',
			name: 'Ada Lovelace',
			country: 'DE',
			postal_code: '10115',
			card_number: '4242424242424242',
			card_expiry: '12/34',
			card_cvc: '123',
			method: 'card',
			...fields,
		}),
	});
}

/** A form of the portal's page. */
function choose(portalUrl: string, action: 'cancel' | 'plan', fields: Record<string, string>): Promise<Response> {
	const page = /^.*\/portal\/bps_\w+/.exec(portalUrl)?.[0];
	return fetch(`${page}/${action}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
}

function priceIdOf(priceKey: string): string {
	const made = control.events().filter(({ type }) => type === 'price.created');
	const Price = z.object({ id: z.string(), lookup_key: z.string() });
	const price = made.map(({ data }) => Price.parse(data.object)).find(({ lookup_key: key }) => key === priceKey);
	if (price === undefined) throw new Error(`no ${priceKey}`);
	return price.id;
}

/** A till that was paid at, and what lies behind it. */
async function bought(id: string) {
	const { id: customerId } = await stripe.createCustomer({
		accountId: `acc_${crypto.randomUUID()}`,
		idempotencyKey: crypto.randomUUID(),
	});
	const till = await stripe.openCheckout(tillOf(id, { customerId }));
	const paid = await pay(till.url);
	expect(paid.status).toBe(303);
	const checkout = await stripe.readCheckout(till.id);
	if (checkout === null) throw new Error('the till is gone');
	return { customerId, till, checkout, backTo: paid.headers.get('location') };
}

test('preparing makes a price for all that is sold and a portal, and repeating it nothing', async () => {
	control.reset();
	const first = await prepareStripe({ stripe, studio: dental });
	const made = control.requests().filter(({ method }) => method === 'POST').length;
	const second = await prepareStripe({ stripe, studio: dental });

	expect(first.made).toEqual([
		'afterglow.dental.pack.100.v1',
		'afterglow.dental.plan.starter.v1',
		'afterglow.dental.plan.practice.v1',
		'afterglow.dental.plan.group.v1',
		'portal',
	]);
	expect(second.made).toEqual([]);
	expect(control.requests().filter(({ method }) => method === 'POST')).toHaveLength(made);
});

test('two who prepare at once make each thing once', async () => {
	control.reset();
	await Promise.allSettled([prepareStripe({ stripe, studio: dental }), prepareStripe({ stripe, studio: dental })]);
	expect((await prepareStripe({ stripe, studio: dental })).made).toEqual([]);
	const prices = control.events().filter(({ type }) => type === 'price.created');
	expect(prices).toHaveLength(4);
});

test('a price that changed without a new version is refused, and left as it is', async () => {
	const [pack] = dental.pricing.packs;
	const cheaper = { ...dental, pricing: { ...dental.pricing, packs: [{ ...pack!, cents: 1 }] } };
	await expect(prepareStripe({ stripe, studio: cheaper })).rejects.toMatchObject({ code: 'conflict' });
	const { id: customerId } = await stripe.createCustomer({ accountId: 'acc_a', idempotencyKey: 'customer:chk_a' });
	await expect(stripe.openCheckout(tillOf('pack.100', { customerId }))).resolves.toHaveProperty('url');
});

test('a plan that is sold no more leaves the portal, and the price of one stays', async () => {
	const plans = dental.pricing.plans.slice(1);
	const { made } = await prepareStripe({ stripe, studio: { ...dental, pricing: { ...dental.pricing, plans } } });
	expect(made).toEqual(['portal']);
	expect((await prepareStripe({ stripe, studio: dental })).made).toEqual(['portal']);
	expect((await prepareStripe({ stripe, studio: dental })).made).toEqual([]);
});

test('a pack is paid at the till: one payment, an invoice, and the line that was sold', async () => {
	const { checkout, till, customerId, backTo } = await bought('pack.100');
	expect(backTo).toBe('https://app.test/credits/bought/x');
	expect(checkout).toMatchObject({
		id: till.id,
		customerId,
		mode: 'payment',
		status: 'complete',
		paymentStatus: 'paid',
		line: { priceKey: 'afterglow.dental.pack.100.v1', quantity: 1, unitCents: 1900, currency: 'usd' },
		currency: 'usd',
		paymentId: expect.stringMatching(/^pi_/),
		subscriptionId: null,
		invoiceId: expect.stringMatching(/^in_/),
	});
	const payment = await stripe.readPayment(checkout.paymentId!);
	expect(payment).toMatchObject({ status: 'succeeded', receivedCents: checkout.totalCents, customerId });
	expect(await stripe.findCheckoutOf(checkout.paymentId!)).toEqual(checkout);
	const invoice = await stripe.readInvoice(checkout.invoiceId!);
	expect(invoice).toMatchObject({ status: 'paid', subscriptionId: null, paymentId: checkout.paymentId });
	expect(invoice!.lines).toEqual([
		expect.objectContaining({ priceKey: 'afterglow.dental.pack.100.v1', cents: 1900, isProration: false }),
	]);
	expect(await stripe.findInvoiceOf(checkout.paymentId!)).toEqual(invoice);
	const page = await stripe.readInvoicePage(invoice!.id);
	expect((await fetch(page!.url)).status).toBe(200);
});

test('a plan is paid at the till: a subscription with its period and card, and an invoice that names its price', async () => {
	const { checkout, customerId } = await bought('plan.practice');
	const subscription = await stripe.readSubscription(checkout.subscriptionId!);
	expect(checkout).toMatchObject({ mode: 'subscription', paymentStatus: 'paid', paymentId: null });
	expect(subscription).toMatchObject({
		customerId,
		status: 'active',
		priceKey: 'afterglow.dental.plan.practice.v1',
		isEnding: false,
		card: { brand: 'visa', last4: '4242' },
	});
	expect(await stripe.listSubscriptions(customerId)).toEqual([subscription]);
	expect(await stripe.listSubscriptions('cus_nobody')).toEqual([]);
	expect(subscription!.periodEndMs! - subscription!.periodStartMs!).toBeGreaterThan(27 * 86_400_000);
	const invoice = await stripe.readInvoice(checkout.invoiceId!);
	expect(invoice).toMatchObject({ status: 'paid', subscriptionId: subscription!.id, customerId });
	expect(invoice!.paymentId).toMatch(/^pi_/);
	expect(invoice!.lines).toEqual([
		{
			priceKey: 'afterglow.dental.plan.practice.v1',
			cents: 14_900,
			quantity: 1,
			isProration: false,
			periodStartMs: subscription!.periodStartMs,
			periodEndMs: subscription!.periodEndMs,
		},
	]);
	expect(await stripe.readCard(customerId)).toEqual({ brand: 'visa', last4: '4242' });
});

test('tax and tax numbers are asked for at the till, and the customer keeps what was typed there', async () => {
	await bought('pack.100');
	const order = control.requests().findLast(({ path }) => path === '/v1/checkout/sessions');
	expect(order!.params).toMatchObject({
		automatic_tax: { enabled: 'true' },
		tax_id_collection: { enabled: 'true' },
		customer_update: { address: 'auto', name: 'auto' },
		invoice_creation: { enabled: 'true' },
	});
});

test('a till is opened once under its key, and what is known of a person never goes there', async () => {
	const { id: customerId } = await stripe.createCustomer({ accountId: 'acc_a', idempotencyKey: 'customer:chk_a' });
	const order = tillOf('pack.100', { customerId });
	const [one, two] = [await stripe.openCheckout(order), await stripe.openCheckout(order)];
	expect(two).toEqual(one);
	expect(await stripe.createCustomer({ accountId: 'acc_a', idempotencyKey: 'customer:chk_a' })).toEqual({
		id: customerId,
	});
	const sent = control.requests().filter(({ path }) => /^\/v1\/(?:customers|checkout)/.test(path));
	expect(sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
		'customer:chk_a',
		order.checkoutId,
		order.checkoutId,
		'customer:chk_a',
	]);
	expect(sent[0]!.params).toEqual({ metadata: { account: 'acc_a' } });
});

test('an answer that was lost is answered again under the same key', async () => {
	const { id: customerId } = await stripe.createCustomer({ accountId: 'acc_a', idempotencyKey: 'customer:chk_a' });
	const order = tillOf('pack.100', { customerId });
	control.failNext({ kind: 'after', path: '/v1/checkout/sessions' });
	await expect(stripe.openCheckout(order)).rejects.toMatchObject({ code: 'upstream_unavailable', isRetryable: true });
	const till = await stripe.openCheckout(order);
	const { fromMs, toMs } = { fromMs: (control.now() - 60) * 1000, toMs: (control.now() + 60) * 1000 };
	const listed = await stripe.list('checkout', { fromMs, toMs });
	expect(listed.map((each) => each.kind === 'checkout' && each.checkout.id)).toEqual([till.id]);
});

test('a till that was closed takes nothing, and closing it again, or one that is paid, is no failure', async () => {
	const { id: customerId } = await stripe.createCustomer({ accountId: 'acc_a', idempotencyKey: 'customer:chk_a' });
	const till = await stripe.openCheckout(tillOf('pack.100', { customerId }));
	await stripe.expireCheckout(till.id);
	await stripe.expireCheckout(till.id);
	expect((await pay(till.url)).status).toBe(409);
	expect(await stripe.readCheckout(till.id)).toMatchObject({ status: 'expired', paymentStatus: 'unpaid' });
	const { till: paid } = await bought('pack.100');
	await expect(stripe.expireCheckout(paid.id)).resolves.toBeUndefined();
	expect(await stripe.readCheckout(paid.id)).toMatchObject({ status: 'complete' });
	await expect(stripe.expireCheckout('cs_nobody')).resolves.toBeUndefined();
});

test('the portal opens for a customer, straight to the card, or to ending the plan, and the plan ends with its month', async () => {
	const { checkout, customerId } = await bought('plan.starter');
	const returnUrl = 'https://app.test/credits/billing';
	for (const flow of [null, { kind: 'card' as const }]) {
		const { url } = await stripe.openPortal({ customerId, returnUrl, flow });
		expect((await fetch(url)).status).toBe(200);
	}
	const subscriptionId = checkout.subscriptionId!;
	const { url } = await stripe.openPortal({ customerId, returnUrl, flow: { kind: 'cancel', subscriptionId } });
	expect((await choose(url, 'cancel', { subscription: subscriptionId })).status).toBe(303);
	expect(await stripe.readSubscription(subscriptionId)).toMatchObject({ status: 'active', isEnding: true });
});

test('a larger plan is paid for at once, and a smaller one begins with the next month, so that nothing is given back for credits', async () => {
	const { checkout, customerId } = await bought('plan.practice');
	const subscription = checkout.subscriptionId!;
	const { url } = await stripe.openPortal({ customerId, returnUrl: 'https://app.test/', flow: null });
	const invoices = async () => {
		const all = await stripe.list('invoice', { fromMs: 0, toMs: (control.now() + 1) * 1000 });
		return all.flatMap((each) => (each.kind === 'invoice' ? [each.invoice] : []));
	};
	await choose(url, 'plan', { subscription, price: priceIdOf('afterglow.dental.plan.group.v1') });
	expect(await stripe.readSubscription(subscription)).toMatchObject({ priceKey: 'afterglow.dental.plan.group.v1' });
	const [upgrade] = await invoices();
	expect(await invoices()).toHaveLength(2);
	expect(upgrade).toMatchObject({ status: 'paid', subscriptionId: subscription });
	expect(upgrade!.lines.map(({ isProration, cents }) => [isProration, cents > 0])).toEqual([
		[true, false],
		[true, true],
	]);

	await choose(url, 'plan', { subscription, price: priceIdOf('afterglow.dental.plan.starter.v1') });
	expect(await stripe.readSubscription(subscription)).toMatchObject({ priceKey: 'afterglow.dental.plan.group.v1' });
	expect(await invoices()).toHaveLength(2);
	control.advanceClock({ seconds: 32 * 86_400 });
	expect(await stripe.readSubscription(subscription)).toMatchObject({ priceKey: 'afterglow.dental.plan.starter.v1' });
	const [renewal] = await invoices();
	expect(renewal!.lines).toEqual([
		expect.objectContaining({ priceKey: 'afterglow.dental.plan.starter.v1', cents: 4_900, isProration: false }),
	]);
});

test('money is given back in parts and once a key, never beyond what was paid', async () => {
	const { checkout } = await bought('pack.100');
	const paymentId = checkout.paymentId!;
	const part = await stripe.refund({ paymentId, cents: 500, idempotencyKey: 'one' });
	expect(part).toMatchObject({ paymentId, cents: 500, status: 'succeeded' });
	expect(await stripe.refund({ paymentId, cents: 500, idempotencyKey: 'one' })).toEqual(part);
	await expect(stripe.refund({ paymentId, cents: 501, idempotencyKey: 'one' })).rejects.toMatchObject({
		code: 'conflict',
	});
	await expect(stripe.refund({ paymentId, cents: 90_000, idempotencyKey: 'two' })).rejects.toMatchObject({
		code: 'conflict',
	});
	const rest = await stripe.refund({ paymentId, cents: null, idempotencyKey: 'three' });
	expect(rest.cents).toBe(checkout.totalCents - 500);
	await expect(stripe.refund({ paymentId, cents: null, idempotencyKey: 'four' })).rejects.toMatchObject({
		code: 'conflict',
		details: { reason: 'charge_already_refunded' },
	});
	expect(await stripe.listRefunds(paymentId)).toEqual([part, rest]);
	expect(await stripe.readRefund(part.id)).toEqual(part);
	await expect(stripe.refund({ paymentId: 'pi_nobody', cents: 1, idempotencyKey: 'five' })).rejects.toMatchObject({
		code: 'not_found',
	});
});

test('a dispute is open until it is won or lost, whatever else Stripe calls it', async () => {
	const { checkout } = await bought('pack.100');
	const { id } = control.openDispute({ payment_intent: checkout.paymentId! });
	expect(await stripe.readDispute(id)).toMatchObject({ paymentId: checkout.paymentId, state: 'open' });
	for (const [status, state] of [
		['under_review', 'open'],
		['lost', 'lost'],
		['won', 'won'],
	] as const) {
		control.setDispute({ dispute: id, status });
		expect(await stripe.readDispute(id)).toMatchObject({ state });
	}
	expect(await stripe.listDisputes(checkout.paymentId!)).toHaveLength(1);
});

test('a time’s objects are listed over all pages, and not a second beyond it', async () => {
	const { checkout } = await bought('pack.100');
	const count = 103;
	for (let at = 0; at < count; at += 1) {
		await stripe.refund({ paymentId: checkout.paymentId!, cents: 1, idempotencyKey: `refund ${at}` });
	}
	const fromMs = (control.now() - 120) * 1000;
	const refunds = await stripe.list('refund', { fromMs, toMs: (control.now() + 1) * 1000 });
	expect(new Set(refunds.map((each) => each.kind === 'refund' && each.refund.id)).size).toBe(count);
	expect(await stripe.list('refund', { fromMs: fromMs - 60_000, toMs: fromMs })).toEqual([]);
	const days = { fromMs, toMs: (control.now() + 1) * 1000 };
	expect(await stripe.list('checkout', days)).toEqual([{ kind: 'checkout', checkout }]);
	expect((await stripe.list('invoice', days)).map(({ kind }) => kind)).toEqual(['invoice']);
	expect(await stripe.list('dispute', days)).toEqual([]);
});

test('reads of what Stripe does not know answer null', async () => {
	expect(await stripe.readCheckout('cs_nobody')).toBeNull();
	expect(await stripe.readInvoice('in_nobody')).toBeNull();
	expect(await stripe.readInvoicePage('in_nobody')).toBeNull();
	expect(await stripe.readSubscription('sub_nobody')).toBeNull();
	expect(await stripe.readPayment('pi_nobody')).toBeNull();
	expect(await stripe.readRefund('re_nobody')).toBeNull();
	expect(await stripe.readDispute('dp_nobody')).toBeNull();
	expect(await stripe.readCard('cus_nobody')).toBeNull();
	expect(await stripe.findCheckoutOf('pi_nobody')).toBeNull();
	expect(await stripe.findInvoiceOf('pi_nobody')).toBeNull();
	expect(await stripe.listRefunds('pi_nobody')).toEqual([]);
	expect(await stripe.listDisputes('pi_nobody')).toEqual([]);
});

test('a key that Stripe does not know is a wrong configuration, named', async () => {
	const stranger = createStripeGateway({ ...config, key: 'sk_test_stranger' }, fetch);
	await expect(stranger.readCheckout('cs_1')).rejects.toThrow('STRIPE_SECRET_KEY');
});

test.each([
	{ kind: 'reset' },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 429 },
] as const)('where Stripe fails with %o the call may come again, and is made once', async (failure) => {
	control.failNext(failure);
	const before = control.requests().length;
	await expect(stripe.readCheckout('cs_1')).rejects.toMatchObject({
		code: 'upstream_unavailable',
		isRetryable: true,
	});
	expect(control.requests().length - before).toBe(1);
});
