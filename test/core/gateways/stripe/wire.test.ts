import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { createStripeGateway, isLiveKey } from '../../../../workers/core/gateways/stripe';
import { AppError, ConfigError } from '../../../../workers/core/errors';

const CAPTURES = '../shared/vectors/sdk-wire-captures.json';

interface Sent {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string;
}

/** A gateway whose requests are kept and answered as told, each in its turn. */
function gatewayAnswering(
	answers: readonly (Response | Error)[],
	changed: Partial<Parameters<typeof createStripeGateway>[0]> = {},
) {
	const sent: Sent[] = [];
	const waiting = [...answers];
	const fetcher: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		sent.push({
			method: request.method,
			url: request.url,
			headers: Object.fromEntries(request.headers),
			body: await request.text(),
		});
		const answer = waiting.shift();
		if (answer === undefined) throw new Error('nothing more was to be asked');
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const config = { key: 'sk_test_x', apiUrl: 'http://emulator.local:9999', studio: 'dental', hasAutomaticTax: true };
	return { gateway: createStripeGateway({ ...config, ...changed }, fetcher), sent };
}

function json(body: unknown, status = 200): Response {
	return Response.json(body, { status, headers: { 'request-id': 'req_1' } });
}

function refusal(status: number, error: Record<string, string>): Response {
	return json({ error: { message: 'ada@practice.test typed something', ...error } }, status);
}

const PRICE = { id: 'price_1', unit_amount: 1900, currency: 'usd', lookup_key: 'afterglow.dental.pack.100.v1' };
const TILL = {
	checkoutId: 'chk_1',
	customerId: 'cus_1',
	mode: 'payment',
	priceKey: 'afterglow.dental.pack.100.v1',
	unitCents: 1900,
	currency: 'usd',
	successUrl: 'https://a/ok',
	cancelUrl: 'https://a/no',
} as const;
const SESSION = { id: 'cs_1', url: 'https://checkout.stripe.com/c/pay/cs_1#fid' };

function prices(...data: unknown[]): Response {
	return json({ object: 'list', data, has_more: false, url: '/v1/prices' });
}

test('a till is asked for in the words and headers that Stripe documents', async () => {
	const { gateway, sent } = gatewayAnswering([prices(PRICE), json(SESSION)]);
	expect(await gateway.openCheckout(TILL)).toEqual(SESSION);
	const [lookup, order] = sent;
	expect(lookup!.url).toBe(
		'http://emulator.local:9999/v1/prices?lookup_keys[0]=afterglow.dental.pack.100.v1&active=true&limit=1',
	);
	expect(order).toMatchObject({ method: 'POST', url: 'http://emulator.local:9999/v1/checkout/sessions' });
	expect(order!.headers).toMatchObject({
		authorization: 'Bearer sk_test_x',
		'content-type': 'application/x-www-form-urlencoded',
		'idempotency-key': 'chk_1',
		'stripe-version': '2026-10-28.endive',
	});
	expect(Object.fromEntries(new URLSearchParams(order!.body))).toEqual({
		mode: 'payment',
		'line_items[0][price]': 'price_1',
		'line_items[0][quantity]': '1',
		success_url: 'https://a/ok',
		cancel_url: 'https://a/no',
		client_reference_id: 'chk_1',
		customer: 'cus_1',
		'metadata[checkout]': 'chk_1',
		'payment_intent_data[metadata][checkout]': 'chk_1',
		'invoice_creation[enabled]': 'true',
		'automatic_tax[enabled]': 'true',
		'tax_id_collection[enabled]': 'true',
		'customer_update[address]': 'auto',
		'customer_update[name]': 'auto',
	});
});

function fieldsOf(body: string): string[] {
	return [...new URLSearchParams(body).keys()].filter((name) => !name.includes('metadata'));
}

test.skipIf(!existsSync(CAPTURES))('what the SDK sends has the form of the recorded requests', async () => {
	const Request = z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() });
	const Captures = z.object({ captures: z.object({ stripe: z.object({ requests: z.array(Request) }) }) });
	const { captures } = Captures.parse(JSON.parse(readFileSync(CAPTURES, 'utf8')));
	const recorded = captures.stripe.requests.find(({ url }) => url.endsWith('/v1/checkout/sessions'));
	const { gateway, sent } = gatewayAnswering([prices(PRICE), json(SESSION)]);
	await gateway.openCheckout(TILL);
	const order = sent[1]!;
	expect(order.url).toBe(recorded!.url);
	for (const [name, value] of Object.entries(recorded!.headers)) {
		// Its own key each, and the SDK's word for the runtime, which was workerd there.
		if (name === 'idempotency-key' || name === 'x-stripe-client-user-agent') continue;
		expect([name, order.headers[name]]).toEqual([name, value]);
	}
	expect(fieldsOf(order.body)).toEqual(expect.arrayContaining(fieldsOf(recorded!.body)));
});

test('a plan is asked for without an invoice of its own, and without tax where Stripe Tax is not set up', async () => {
	const { gateway, sent } = gatewayAnswering([prices(PRICE), json(SESSION)], { hasAutomaticTax: false });
	await gateway.openCheckout({ ...TILL, mode: 'subscription' });
	const fields = new URLSearchParams(sent[1]!.body);
	expect(fields.get('subscription_data[metadata][checkout]')).toBe('chk_1');
	for (const none of [
		'invoice_creation[enabled]',
		'payment_intent_data[metadata][checkout]',
		'automatic_tax[enabled]',
	]) {
		expect(fields.has(none)).toBe(false);
	}
});

test('each POST that makes something carries a key of our own, one that ends a till another each time, and no request tells Stripe how fast others were', async () => {
	const customer = json({ id: 'cus_1' });
	const refund = json({
		id: 're_1',
		payment_intent: 'pi_1',
		amount: 5,
		currency: 'usd',
		status: 'pending',
		created: 1_700_000_000,
	});
	const { gateway, sent } = gatewayAnswering([customer, refund, json({ id: 'cs_1' }), json({ id: 'cs_1' })]);
	await gateway.createCustomer({ accountId: 'acc_1', idempotencyKey: 'customer:chk_1' });
	await gateway.refund({ paymentId: 'pi_1', cents: 5, idempotencyKey: 'ours' });
	await gateway.expireCheckout('cs_1');
	await gateway.expireCheckout('cs_1');
	const keys = sent.map(({ headers }) => headers['idempotency-key']);
	expect(keys.slice(0, 2)).toEqual(['customer:chk_1', 'ours']);
	expect(keys[2]).not.toBe(keys[3]);
	expect(sent.map(({ body }) => body)).toEqual([
		'metadata[account]=acc_1',
		'payment_intent=pi_1&reason=requested_by_customer&amount=5',
		'',
		'',
	]);
	for (const { headers } of sent) expect(headers).not.toHaveProperty('x-stripe-client-telemetry');
});

test('without an emulator Stripe is asked at its own address', async () => {
	const { gateway, sent } = gatewayAnswering([json({ id: 'cus_1' })], { apiUrl: 'https://api.stripe.com' });
	await gateway.createCustomer({ accountId: 'acc_1', idempotencyKey: 'customer:chk_1' });
	expect(sent[0]!.url).toBe('https://api.stripe.com/v1/customers');
});

test.each([
	['no answer', new TypeError('fetch failed')],
	['a closed connection', Object.assign(new Error('closed'), { code: 'ECONNRESET' })],
	['too many requests', refusal(429, { type: 'invalid_request_error', code: 'rate_limit' })],
	['a lock', refusal(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' })],
	['a bug of Stripe’s', refusal(500, { type: 'api_error' })],
	['an answer that is no JSON', new Response('<html>', { status: 502 })],
	['a redirect', new Response(null, { status: 307, headers: { location: 'https://elsewhere.test/' } })],
	['an answer without end', new Response(new Uint8Array(9 * 1024 * 1024))],
])('%s is unavailability, asked once', async (_what, answer) => {
	const { gateway, sent } = gatewayAnswering([answer]);
	await expect(gateway.createCustomer({ accountId: 'acc_1', idempotencyKey: 'customer:chk_1' })).rejects.toMatchObject({
		code: 'upstream_unavailable',
		isRetryable: true,
	});
	expect(sent).toHaveLength(1);
});

test.each([
	[401, { type: 'invalid_request_error' }],
	[403, { type: 'invalid_request_error' }],
])('%i is a wrong configuration that names the variable and says nothing else', async (status, error) => {
	const { gateway } = gatewayAnswering([refusal(status, error)]);
	const thrown = await gateway.readPayment('pi_1').catch((caught: unknown) => caught);
	expect(thrown).toBeInstanceOf(ConfigError);
	expect(String(thrown)).toContain('STRIPE_SECRET_KEY');
	expect(String(thrown)).not.toContain('ada@');
});

test.each([
	[400, { type: 'invalid_request_error', code: 'parameter_missing', param: 'mode' }],
	[400, { type: 'idempotency_error' }],
	[402, { type: 'card_error', code: 'card_declined' }],
])('%i %o is refused for good, in words of ours', async (status, error) => {
	const { gateway, sent } = gatewayAnswering([refusal(status, error)]);
	const thrown = await gateway
		.createCustomer({ accountId: 'acc_1', idempotencyKey: 'customer:chk_1' })
		.catch((caught: unknown) => caught);
	expect(thrown).toMatchObject({ name: 'StripeRefusal', status });
	expect(String(thrown)).toContain('req_1');
	expect(String(thrown)).not.toContain('ada@');
	expect(sent).toHaveLength(1);
});

test.each([
	['charge_already_refunded', 'conflict'],
	['resource_missing', 'not_found'],
])('a refund that is refused as %s is ours to say: %s', async (code, ours) => {
	const { gateway } = gatewayAnswering([refusal(400, { type: 'invalid_request_error', code })]);
	const refund = gateway.refund({ paymentId: 'pi_1', cents: null, idempotencyKey: 'k' });
	await expect(refund).rejects.toMatchObject({ name: 'AppError', code: ours, isRetryable: false });
});

test('a customer whom Stripe deleted opens no till, with a sentence on it', async () => {
	const gone = refusal(400, { type: 'invalid_request_error', code: 'resource_missing', param: 'customer' });
	const { gateway } = gatewayAnswering([prices(PRICE), gone]);
	const thrown = await gateway.openCheckout(TILL).catch((caught: unknown) => caught);
	expect(thrown).toBeInstanceOf(AppError);
	expect(thrown).toMatchObject({ code: 'conflict', isRetryable: false });
});

test.each([
	['is not there', []],
	['costs something else', [{ ...PRICE, unit_amount: 1 }]],
	['is in another currency', [{ ...PRICE, currency: 'eur' }]],
])('a price that %s opens no till', async (_how, found) => {
	const { gateway, sent } = gatewayAnswering([prices(...found)]);
	await expect(gateway.openCheckout(TILL)).rejects.toBeInstanceOf(ConfigError);
	expect(sent).toHaveLength(1);
});

const LINE = {
	id: 'il_1',
	amount: 4900,
	quantity: 1,
	period: { start: 1_690_000_000, end: 1_700_000_000 },
	parent: { subscription_item_details: { proration: false }, invoice_item_details: null },
	pricing: { price_details: { price: 'price_1' } },
};
const INVOICE = {
	id: 'in_1',
	customer: 'cus_1',
	status: 'paid',
	amount_paid: 4900,
	currency: 'usd',
	created: 1_700_000_000,
	parent: { subscription_details: { subscription: 'sub_1' } },
	status_transitions: { paid_at: 1_700_000_060 },
	customer_name: 'Ada Lovelace',
	customer_address: { line1: '12 St James’s Square' },
	payments: {
		data: [
			{ status: 'canceled', payment: { type: 'payment_intent', payment_intent: 'pi_declined' } },
			{ status: 'paid', payment: { type: 'payment_intent', payment_intent: 'pi_1' } },
		],
	},
};

test('an invoice with more lines than it shows is read whole, each price once, and no name or address is taken along', async () => {
	const { gateway, sent } = gatewayAnswering([
		json({ ...INVOICE, lines: { data: [LINE], has_more: true } }),
		json({ data: [LINE, { ...LINE, id: 'il_2', amount: -900 }], has_more: true, url: '/v1/invoices/in_1/lines' }),
		json({ data: [{ ...LINE, id: 'il_3', pricing: null }], has_more: false, url: '/v1/invoices/in_1/lines' }),
		json(PRICE),
	]);
	const line = { quantity: 1, isProration: false, periodStartMs: 1_690_000_000_000, periodEndMs: 1_700_000_000_000 };
	expect(await gateway.readInvoice('in_1')).toEqual({
		id: 'in_1',
		customerId: 'cus_1',
		subscriptionId: 'sub_1',
		status: 'paid',
		paidCents: 4900,
		currency: 'usd',
		paymentId: 'pi_1',
		lines: [
			{ ...line, priceKey: PRICE.lookup_key, cents: 4900 },
			{ ...line, priceKey: PRICE.lookup_key, cents: -900 },
			{ ...line, priceKey: null, cents: 4900 },
		],
		createdAtMs: 1_700_000_000_000,
		paidAtMs: 1_700_000_060_000,
	});
	expect(sent).toHaveLength(4);
});

test('an invoice that was paid outside of Stripe has no payment', async () => {
	const { gateway } = gatewayAnswering([
		json({
			...INVOICE,
			lines: { data: [], has_more: false },
			payments: { data: [{ status: 'paid', payment: { type: 'payment_record', payment_record: 'pr_1' } }] },
		}),
	]);
	expect(await gateway.readInvoice('in_1')).toMatchObject({ paymentId: null, paidCents: 4900 });
});

const CARD_METHOD = {
	id: 'pm_1',
	type: 'card',
	card: { brand: 'visa', last4: '4242', fingerprint: 'Xt5EWLLDS7FJjR1c', exp_year: 2034 },
	billing_details: { name: 'Ada Lovelace' },
};

test('of a payment method brand and last four digits are taken, and another way of paying has none', async () => {
	const subscription = {
		id: 'sub_1',
		status: 'active',
		created: 1_700_000_000,
		cancel_at: null,
		cancel_at_period_end: false,
		items: { data: [{ price: PRICE, current_period_start: 1_700_000_000, current_period_end: 1_702_592_000 }] },
		default_payment_method: null,
		customer: { id: 'cus_1', invoice_settings: { default_payment_method: CARD_METHOD } },
	};
	const { gateway } = gatewayAnswering([
		json(subscription),
		json({ ...subscription, default_payment_method: { id: 'pm_2', type: 'link' }, customer: 'cus_1', cancel_at: 1 }),
	]);
	expect(await gateway.readSubscription('sub_1')).toEqual({
		id: 'sub_1',
		customerId: 'cus_1',
		status: 'active',
		priceKey: PRICE.lookup_key,
		periodStartMs: 1_700_000_000_000,
		periodEndMs: 1_702_592_000_000,
		isEnding: false,
		card: { brand: 'visa', last4: '4242' },
		createdAtMs: 1_700_000_000_000,
	});
	expect(await gateway.readSubscription('sub_1')).toMatchObject({ card: null, isEnding: true });
});

test('a customer’s card is the chosen one, else the last that they left, and none of who was deleted', async () => {
	const customer = (chosen: unknown) => json({ id: 'cus_1', invoice_settings: { default_payment_method: chosen } });
	const { gateway } = gatewayAnswering([
		customer(CARD_METHOD),
		customer(null),
		json({ data: [{ ...CARD_METHOD, card: { brand: 'mastercard', last4: '4444' } }], has_more: false }),
		json({ id: 'cus_1', deleted: true }),
	]);
	expect(await gateway.readCard('cus_1')).toEqual({ brand: 'visa', last4: '4242' });
	expect(await gateway.readCard('cus_1')).toEqual({ brand: 'mastercard', last4: '4444' });
	expect(await gateway.readCard('cus_1')).toBeNull();
});

// Named by the words there are: how it is said depends on whether the API, which has sentences of its own, was loaded before.
test('a state that we have no word for is not taken for another one', async () => {
	const { gateway } = gatewayAnswering([
		json({ ...SESSION, mode: 'payment', status: 'complete', payment_status: 'half_paid', created: 1 }),
	]);
	await expect(gateway.readCheckout('cs_1')).rejects.toThrow('no_payment_required');
});

test('a session of another shape has no line to sell by', async () => {
	const session = { ...SESSION, mode: 'payment', status: 'complete', payment_status: 'paid', created: 1 };
	const item = { quantity: 1, price: PRICE };
	const lines = [
		undefined,
		{ data: [], has_more: false },
		{ data: [item, item], has_more: false },
		{ data: [item], has_more: true },
		{ data: [{ quantity: 1, price: { ...PRICE, unit_amount: null } }], has_more: false },
	];
	const { gateway } = gatewayAnswering(lines.map((line_items) => json({ ...session, line_items })));
	for (const _ of lines) expect((await gateway.readCheckout('cs_1'))?.line).toBeNull();
});

test('a key says of which mode it is', () => {
	expect(['sk_live_a', 'rk_live_a', 'sk_test_a', 'rk_test_a'].map(isLiveKey)).toEqual([true, true, false, false]);
	expect(gatewayAnswering([], { key: 'rk_live_a' }).gateway.isLive).toBe(true);
	expect(gatewayAnswering([]).gateway.isLive).toBe(false);
});

/** A refund as Stripe lists it. */
function listedRefund(id: string, status: string | null) {
	return { id, object: 'refund', payment_intent: 'pi_1', amount: 5, currency: 'usd', status, created: 1 };
}

test('a refund without a state waits, and one in a word that nobody knows hides no other of its list', async () => {
	const data = [listedRefund('re_1', null), listedRefund('re_2', 'lent'), listedRefund('re_3', 'succeeded')];
	const { gateway } = gatewayAnswering([json({ object: 'list', data, has_more: false, url: '/v1/refunds' })]);

	expect(await gateway.list('refund', { fromMs: 0, toMs: 5_000 })).toMatchObject([
		{ kind: 'refund', refund: { id: 're_1', status: 'pending' } },
		{ kind: 'unreadable', objectId: 're_2' },
		{ kind: 'refund', refund: { id: 're_3', status: 'succeeded' } },
	]);
});
