import { readFile } from 'node:fs/promises';
import { Stripe } from 'stripe';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LOCAL_STRIPE } from '../../../emulators/stripe/clients';
import { parseForm } from '../../../emulators/stripe/wire/form-body';
import { givenPayment, givenPrice, sdkFor, startStripe, URLS } from './stripe-account';

const { emulators, base, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const Captures = z.object({
	captures: z.object({
		stripe: z.object({
			requests: z.array(
				z.object({ method: z.string(), url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() }),
			),
		}),
	}),
});
const { captures } = Captures.parse(
	JSON.parse(await readFile(new URL('./sdk-requests.json', import.meta.url), 'utf8')),
);

function replay({ method, url, headers, body }: (typeof captures.stripe.requests)[number]) {
	const address = url.replace(/^http:\/\/[^/]+/, base);
	const authorization = `Bearer ${LOCAL_STRIPE.secretKey}`;
	return fetch(address, { method, headers: { ...headers, authorization }, body });
}

async function refusal(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
	const error: unknown = await work.then(
		() => new Error('It was not refused.'),
		(reason: unknown) => reason,
	);
	if (error instanceof Stripe.errors.StripeError) return error;
	throw error;
}

test('the requests that the SDK emitted inside workerd are taken byte for byte', async () => {
	control.nameNext('price_1');
	const price = await givenPrice(stripe);
	control.nameNext('cus_1');
	await stripe.customers.create({ email: 'ada@practice.test' });
	const [checkout, refund] = captures.stripe.requests;

	const made = await replay(checkout!);
	const session = z.looseObject({ id: z.string() }).parse(await made.json());

	expect(price.id).toBe('price_1');
	expect(made.status).toBe(200);
	expect(made.headers.get('stripe-version')).toBe('2026-10-28.endive');
	expect(made.headers.get('idempotency-key')).toBe('idem-1');
	expect(made.headers.get('request-id')).toMatch(/^req_\w{14}$/);
	expect(session).toMatchObject({
		object: 'checkout.session',
		client_reference_id: 'org_1',
		customer: 'cus_1',
		amount_total: 2000,
		metadata: { a: 'b' },
	});
	expect(control.requests().at(-1)?.params).toEqual({
		mode: 'payment',
		line_items: [{ price: 'price_1', quantity: '2' }],
		success_url: 'https://a/ok?session_id={CHECKOUT_SESSION_ID}',
		cancel_url: 'https://a/no',
		client_reference_id: 'org_1',
		customer: 'cus_1',
		metadata: { a: 'b' },
		payment_intent_data: { metadata: { order: 'o1' } },
		automatic_tax: { enabled: 'true' },
		tax_id_collection: { enabled: 'true' },
		customer_update: { address: 'auto', name: 'auto' },
	});

	control.nameNext('pi_err');
	await givenPayment(stripe);
	const refunded = await replay(refund!);
	expect(refunded.status).toBe(200);
	expect(await refunded.json()).toMatchObject({ object: 'refund', amount: 500, payment_intent: 'pi_err' });
	expect(control.requests().at(-1)?.params).toEqual({ payment_intent: 'pi_err', amount: '500' });
});

test('form encoding is read as Stripe reads it and nonsense is not read at all', () => {
	expect(parseForm('a[b][0][c]=1&a[b][1][c]=2&x=')).toEqual({ a: { b: [{ c: '1' }, { c: '2' }] }, x: '' });
	expect(parseForm('a[]=1&a[]=2&created[gte]=5')).toEqual({ a: ['1', '2'], created: { gte: '5' } });
	expect(parseForm('a%5Bb%5D=caf%C3%A9+au+lait')).toEqual({ a: { b: 'café au lait' } });
	expect(parseForm('items[1]=b&items[0]=a')).toEqual({ items: ['a', 'b'] });
	expect(parseForm('a[0]=zero&a[2]=two')).toEqual({ a: { 0: 'zero', 2: 'two' } });
	expect(parseForm('__proto__[polluted]=1')).toSatisfy(() => !('polluted' in {}));
	for (const nonsense of ['a[b=1', 'a=1&a[b]=2', 'a[b]=1&a=2', '[a]=1', `a${'[b]'.repeat(9)}=1`]) {
		expect([nonsense, parseForm(nonsense)]).toEqual([nonsense, undefined]);
	}
});

test('a call without the secret key is refused with 401, as Bearer or as Basic with it is taken', async () => {
	const none = await fetch(`${base}/v1/customers`);
	expect(none.status).toBe(401);
	expect(await none.json()).toMatchObject({ error: { type: 'invalid_request_error', message: /API key/ } });

	const wrong = await refusal(sdkFor(base, 'sk_test_of_another_account').customers.list());
	expect(wrong).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
	expect(wrong.message).toContain('Invalid API Key provided: sk_test_');
	expect(wrong.message).not.toContain('of_another');

	const basic = `Basic ${Buffer.from(`${LOCAL_STRIPE.secretKey}:`).toString('base64')}`;
	expect((await fetch(`${base}/v1/customers`, { headers: { authorization: basic } })).status).toBe(200);
	const publishable = { authorization: 'Bearer pk_test_12345' };
	expect((await fetch(`${base}/v1/customers`, { headers: publishable })).status).toBe(401);
});

test('what is missing, unknown, wrong or not there is named with its parameter', async () => {
	const missing = await refusal(stripe.prices.create({ currency: 'eur', unit_amount: 5 }));
	expect(missing).toMatchObject({ statusCode: 400, code: 'parameter_missing', param: 'product' });

	const unknown = await fetch(`${base}/v1/customers`, {
		method: 'POST',
		headers: { authorization: `Bearer ${LOCAL_STRIPE.secretKey}` },
		body: 'invoice_settings[nonsense]=1',
	});
	expect(unknown.status).toBe(400);
	expect(await unknown.json()).toMatchObject({
		error: {
			type: 'invalid_request_error',
			code: 'parameter_unknown',
			param: 'invoice_settings[nonsense]',
			message: 'Received unknown parameter: invoice_settings[nonsense]',
			doc_url: 'https://docs.stripe.com/error-codes/parameter-unknown',
		},
	});

	const lost = await refusal(stripe.customers.retrieve('cus_nobody'));
	expect(lost).toMatchObject({ statusCode: 404, code: 'resource_missing', message: "No such customer: 'cus_nobody'" });
	expect(lost.requestId).toMatch(/^req_/);

	const line_items = [{ price: 'price_none', quantity: 1 }];
	const noPrice = await refusal(stripe.checkout.sessions.create({ ...URLS, mode: 'payment', line_items }));
	expect(noPrice).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'line_items[0][price]' });

	const price = await givenPrice(stripe);
	const badly = { mode: 'nonsense', line_items: [{ price: price.id, quantity: 1 }] };
	expect(await refusal(stripe.checkout.sessions.create({ ...URLS, ...badly }))).toMatchObject({ param: 'mode' });
	expect(await refusal(stripe.refunds.list({ limit: 1000 }))).toMatchObject({ statusCode: 400, param: 'limit' });
	await stripe.customers.create({ email: 'ada@practice.test' });
	expect(await refusal(stripe.customers.list({ expand: ['data.nonsense'] }))).toMatchObject({ param: 'expand' });
	expect((await refusal(stripe.rawRequest('GET', '/v1/nonsense'))).statusCode).toBe(404);
	expect(control.events().filter(({ type }) => type === 'checkout.session.completed')).toEqual([]);
});

test('a key answers the same request with the first answer and carries it out once', async () => {
	const { paymentIntent } = await givenPayment(stripe);
	const twice = () =>
		stripe.refunds.create({ payment_intent: paymentIntent, amount: 300 }, { idempotencyKey: 'refund-1' });
	const [first, again] = [await twice(), await twice()];

	expect(again.id).toBe(first.id);
	expect(again).toEqual(first);
	expect((await stripe.refunds.list({ payment_intent: paymentIntent })).data).toHaveLength(1);
	const calls = control.requests().filter(({ path, method }) => path === '/v1/refunds' && method === 'POST');
	expect(calls.map(({ idempotencyKey, isReplay }) => [idempotencyKey, isReplay])).toEqual([
		['refund-1', false],
		['refund-1', true],
	]);
});

test('a key with other parameters or for another endpoint is refused', async () => {
	await stripe.customers.create({ email: 'a@b.test' }, { idempotencyKey: 'k' });
	const other = await refusal(stripe.customers.create({ email: 'c@d.test' }, { idempotencyKey: 'k' }));
	expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
	expect(other.statusCode).toBe(400);
	const elsewhere = await refusal(stripe.products.create({ name: 'x' }, { idempotencyKey: 'k' }));
	expect(elsewhere.message).toContain("('/v1/products' vs '/v1/customers')");
	expect((await stripe.customers.list()).data).toHaveLength(1);
	expect((await stripe.products.list()).data).toEqual([]);
});

test('a refusal of what was carried out is repeated, one of what was not understood is not', async () => {
	const { paymentIntent } = await givenPayment(stripe);
	const tooMuch = () =>
		stripe.refunds.create({ payment_intent: paymentIntent, amount: 9999 }, { idempotencyKey: 'much' });
	const [first, again] = [await refusal(tooMuch()), await refusal(tooMuch())];
	expect(again.message).toBe(first.message);
	expect(again.headers?.['idempotent-replayed']).toBe('true');

	await refusal(stripe.prices.create({ currency: 'eur', unit_amount: 5 }, { idempotencyKey: 'price' }));
	const product = await stripe.products.create({ name: 'x' });
	const price = { currency: 'eur', unit_amount: 5, product: product.id };
	expect((await stripe.prices.create(price, { idempotencyKey: 'price' })).object).toBe('price');
});

test('a 500 is repeated for its key and a 429 is not', async () => {
	control.failNext({ kind: 'status', status: 500 });
	const broken = () => stripe.customers.create({ email: 'a@b.test' }, { idempotencyKey: 'five' });
	expect(await refusal(broken())).toBeInstanceOf(Stripe.errors.StripeAPIError);
	expect((await refusal(broken())).statusCode).toBe(500);

	control.failNext({ kind: 'status', status: 429, path: '/v1/customers' });
	const much = () => stripe.customers.create({ email: 'a@b.test' }, { idempotencyKey: 'much' });
	expect(await refusal(much())).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
	expect((await much()).email).toBe('a@b.test');
	expect((await stripe.customers.list()).data).toHaveLength(1);
});

test('a key that is in use is refused with 409 until its request is answered', async () => {
	control.failNext({ kind: 'slow', delayMs: 1500 });
	const create = () => stripe.customers.create({ email: 'a@b.test' }, { idempotencyKey: 'busy' });
	const slow = create();
	await expect.poll(() => control.requests().length).toBe(1);

	const busy = await refusal(create());
	expect(busy).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });

	const { id } = await slow;
	expect((await create()).id).toBe(id);
	expect((await stripe.customers.list()).data).toHaveLength(1);
});

test('a reply that is lost after the work leaves the work, and the SDK finds it by its own key', async () => {
	const retrying = sdkFor(base, LOCAL_STRIPE.secretKey, { maxNetworkRetries: 1 });
	control.failNext({ kind: 'after', path: '/v1/customers', method: 'POST' });
	const customer = await retrying.customers.create({ email: 'a@b.test' });

	expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([customer.id]);
	const posts = control.requests().filter(({ method }) => method === 'POST');
	expect(posts.map(({ isReplay, status }) => [isReplay, status])).toEqual([
		[false, undefined],
		[true, 200],
	]);
	expect(posts[0]!.idempotencyKey).toMatch(/^stripe-node-retry-/);
});

test('a connection that is cut and a call that is never answered do nothing', async () => {
	control.failNext({ kind: 'reset' });
	expect(await refusal(stripe.customers.create({ email: 'a@b.test' }))).toBeInstanceOf(
		Stripe.errors.StripeConnectionError,
	);
	control.failNext({ kind: 'timeout' });
	const impatient = sdkFor(base, LOCAL_STRIPE.secretKey, { timeout: 300 });
	expect(await refusal(impatient.customers.create({ email: 'a@b.test' }))).toBeInstanceOf(
		Stripe.errors.StripeConnectionError,
	);
	expect((await stripe.customers.list()).data).toEqual([]);
});
