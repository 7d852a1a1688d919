import { readFile } from 'node:fs/promises';
import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LOCAL_STRIPE } from '../../../emulators/stripe/clients';
import { signatureHeader } from '../../../emulators/stripe/webhooks/signature';
import { type ReceivedWebhook, startReceiver } from '../receiver';
import { givenPayment, startStripe } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
const receiver = await startReceiver();
afterAll(async () => {
	await emulators.close();
	await receiver.close();
});
beforeEach(() => {
	control.reset();
	receiver.clear();
	control.registerEndpoint({ url: `${receiver.origin}/hook/stripe`, secret: LOCAL_STRIPE.webhookSecret });
});
afterEach(() => control.settled());

function open({ headers, body }: ReceivedWebhook, secret: string = LOCAL_STRIPE.webhookSecret) {
	return stripe.webhooks.constructEventAsync(body, headers.get('stripe-signature') ?? '', secret);
}

async function received(): Promise<string[]> {
	await control.settled();
	const bodies = receiver.received.map(({ body }) => z.looseObject({ id: z.string() }).parse(JSON.parse(body)));
	return bodies.map(({ id }) => id);
}

const newCustomer = (email = 'ada@practice.test') => stripe.customers.create({ email });
const eventIds = () => control.events().map(({ id }) => id);

const Vector = z.object({ secret: z.string(), timestamp: z.number(), body: z.string(), header: z.string() });

test('the signature is the one that the SDK verified, and the SDK takes it', async () => {
	const file = await readFile(new URL('./signature-vector.json', import.meta.url), 'utf8');
	const { secret, timestamp, body, header } = Vector.parse(JSON.parse(file));
	expect(signatureHeader(body, [secret], timestamp)).toBe(header);

	const verify = (given: string, at: number, raw = body) =>
		stripe.webhooks.constructEventAsync(raw, given, secret, undefined, undefined, at * 1000);
	expect((await verify(header, timestamp + 299)).id).toBe('evt_test_0001');
	await expect(verify(header, timestamp + 301)).rejects.toThrow('outside the tolerance zone');
	await expect(verify(header, timestamp, `${body} `)).rejects.toThrow(Stripe.errors.StripeSignatureVerificationError);
	expect((await verify(signatureHeader(body, ['whsec_old', secret], timestamp), timestamp)).id).toBe('evt_test_0001');
});

test('every event comes signed, in its order, with the object as it was then', async () => {
	const { session } = await givenPayment(stripe);
	const ids = await received();
	expect(ids).toEqual(eventIds());
	const events = await Promise.all(receiver.received.map((webhook) => open(webhook)));
	const completed = events.find(({ type }) => type === 'checkout.session.completed');
	expect(completed).toMatchObject({
		object: 'event',
		api_version: '2026-10-28.endive',
		livemode: false,
		pending_webhooks: 1,
		request: { id: null, idempotency_key: null },
		data: { object: { id: session.id, payment_status: 'paid' } },
	});
	const created = events.find(({ type }) => type === 'customer.created');
	expect(created?.request).toMatchObject({
		id: expect.stringMatching(/^req_/),
		idempotency_key: expect.stringMatching(/^stripe-node/),
	});
	const intent = events.find(({ type }) => type === 'payment_intent.created');
	expect(intent?.data.object).toMatchObject({ status: 'requires_payment_method' });
});

test('events are read over the API, by type, time and delivery', async () => {
	await givenPayment(stripe);
	await control.settled();
	const typesOf = async (filters: Stripe.EventListParams) =>
		(await stripe.events.list(filters)).data.map(({ type }) => type);
	expect(await typesOf({ type: 'checkout.session.completed' })).toEqual(['checkout.session.completed']);
	expect(await typesOf({ types: ['charge.succeeded', 'customer.created'] })).toEqual([
		'charge.succeeded',
		'customer.created',
	]);
	expect(await typesOf({ type: 'charge.*' })).toEqual(['charge.succeeded']);
	expect(await typesOf({ delivery_success: false })).toEqual([]);
	expect(await typesOf({ created: { gt: control.now() + 60 } })).toEqual([]);
	const [latest] = (await stripe.events.list({ limit: 1 })).data;
	expect(await stripe.events.retrieve(latest!.id)).toMatchObject({ id: latest!.id, pending_webhooks: 0 });

	control.webhookFaults({ lose: 1 });
	await newCustomer();
	expect(await typesOf({ delivery_success: false })).toEqual(['customer.created']);
});

test('what is refused, redirected or not answered in time is tried again', async () => {
	control.webhookFaults({ timeoutMs: 200 });
	receiver.answerNext(500, 302);
	await newCustomer();
	const ids = await received();
	expect(ids).toEqual(Array.from({ length: 3 }, () => eventIds()[0]));
	const [delivery] = control.deliveries();
	expect(delivery).toMatchObject({ state: 'delivered', type: 'customer.created' });
	expect(delivery!.attempts.map(({ status }) => status)).toEqual([500, 302, 204]);
});

test('a receiver that always refuses is given up after some tries', async () => {
	receiver.answerNext(...Array.from({ length: 10 }, () => 500));
	await newCustomer();
	await control.settled();
	const [delivery] = control.deliveries();
	expect(delivery!.state).toBe('failed');
	expect(delivery!.attempts).toHaveLength(5);
	expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
});

test('duplicates come at once, and only of the types that were named', async () => {
	control.webhookFaults({ duplicate: 2, types: ['customer.created'] });
	await newCustomer();
	await stripe.products.create({ name: 'x' });
	const [customer, product] = eventIds();
	expect(await received()).toEqual([customer, customer, customer, product]);
});

test('events that are held come in the order of the seed, the same each time', async () => {
	control.webhookFaults({ hold: { count: 5, seed: 7 } });
	for (let number = 0; number < 4; number += 1) await newCustomer();
	expect(await received()).toEqual([]);
	expect(control.deliveries().map(({ state }) => state)).toEqual(['held', 'held', 'held', 'held']);
	await newCustomer();
	const ids = eventIds();
	const order = (await received()).map((id) => ids.indexOf(id));
	expect(new Set(order)).toEqual(new Set([0, 1, 2, 3, 4]));
	expect(order).not.toEqual([0, 1, 2, 3, 4]);

	receiver.clear();
	for (let number = 0; number < 5; number += 1) await newCustomer();
	const later = eventIds().slice(5);
	expect((await received()).map((id) => later.indexOf(id))).toEqual(order);
});

test('lost events come when they are released or sent again', async () => {
	control.webhookFaults({ lose: 2 });
	for (let number = 0; number < 3; number += 1) await newCustomer();
	const [first, second, third] = eventIds();
	expect(await received()).toEqual([third]);
	expect(control.deliveries().map(({ state }) => state)).toEqual(['lost', 'lost', 'delivered']);
	control.resend(second!);
	expect(await received()).toEqual([third, second]);
	control.release();
	expect(await received()).toEqual([third, second, first]);

	control.webhookFaults({ lose: 'all' });
	await newCustomer();
	expect(await received()).toHaveLength(3);
	expect(() => control.resend('evt_none')).toThrow(RangeError);
});

test('a late event is overtaken', async () => {
	control.webhookFaults({ lateMs: 400, types: ['customer.created'] });
	await newCustomer();
	await stripe.products.create({ name: 'x' });
	const [customer, product] = eventIds();
	expect(await received()).toEqual([product, customer]);
});

test('forged and stale signatures are refused by the SDK and not repeated', async () => {
	control.webhookFaults({ forge: 1, stale: 1 });
	receiver.answerNext(400, 400);
	for (let number = 0; number < 3; number += 1) await newCustomer();
	await control.settled();
	const [forged, stale, right] = receiver.received;
	await expect(open(forged!)).rejects.toThrow('No signatures found matching');
	await expect(open(stale!)).rejects.toThrow('outside the tolerance zone');
	expect((await open(right!)).type).toBe('customer.created');
	expect(receiver.received).toHaveLength(3);
	expect(control.deliveries().map(({ state }) => state)).toEqual(['failed', 'failed', 'delivered']);
});

test('while a secret is rolled both sign, and afterwards the new one alone', async () => {
	const { secret } = control.rollSecret();
	await newCustomer();
	await control.settled();
	expect((await open(receiver.received[0]!)).type).toBe('customer.created');
	expect((await open(receiver.received[0]!, secret)).type).toBe('customer.created');
	expect(receiver.received[0]!.headers.get('stripe-signature')?.match(/v1=/g)).toHaveLength(2);

	control.rollSecret({ secret: 'whsec_newest', keepOld: false });
	await newCustomer();
	await control.settled();
	await expect(open(receiver.received[1]!)).rejects.toThrow('No signatures found matching');
	expect((await open(receiver.received[1]!, 'whsec_newest')).type).toBe('customer.created');
});

test('endpoints are made over the API with a secret that is shown once, and get what they asked for', async () => {
	const url = `${receiver.origin}/hook/second`;
	const made = await stripe.webhookEndpoints.create({
		url,
		enabled_events: ['product.created'],
		api_version: '2026-10-28.endive',
	});
	expect(made).toMatchObject({
		id: expect.stringMatching(/^we_/),
		status: 'enabled',
		secret: expect.stringMatching(/^whsec_\w{32}$/),
	});
	expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
	expect((await stripe.webhookEndpoints.list()).data).toHaveLength(2);
	await newCustomer();
	await stripe.products.create({ name: 'x' });
	await control.settled();
	const second = receiver.received.filter(({ path }) => path === '/hook/second');
	expect(second).toHaveLength(1);
	expect((await open(second[0]!, made.secret)).type).toBe('product.created');

	expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
	await stripe.products.create({ name: 'y' });
	await control.settled();
	expect(receiver.received.filter(({ path }) => path === '/hook/second')).toHaveLength(1);
});

test('an endpoint that is registered again keeps its id and takes the new secret', () => {
	const url = `${receiver.origin}/hook/stripe`;
	const [first, again] = ['whsec_one', 'whsec_two'].map((secret) =>
		control.registerEndpoint({ url, secret, enabledEvents: ['invoice.paid'] }),
	);
	expect(again).toEqual(first);
	expect(again!.enabled_events).toEqual(['invoice.paid']);
});

test('nothing but loopback is ever asked', async () => {
	control.registerEndpoint({ url: 'https://example.com/hook', secret: 'whsec_elsewhere' });
	await newCustomer();
	await control.settled();
	const outside = control.deliveries().find(({ attempts }) => attempts[0]?.status === 'not_loopback');
	expect(outside).toMatchObject({ state: 'failed', attempts: [{ status: 'not_loopback' }] });
});

async function tell(path: string, body: unknown = {}) {
	const url = `${emulators.origin}/control/stripe/${path}`;
	const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return { status: answer.status, body: z.looseObject({}).parse(await answer.json()) };
}

async function ask(path: string) {
	return z.looseObject({}).parse(await (await fetch(`${emulators.origin}/control/stripe/${path}`)).json());
}

test('every control is there over HTTP and refuses what it cannot read', async () => {
	const { session, paymentIntent } = await givenPayment(stripe, { method: 'bank_debit' });
	const { now } = z.object({ now: z.number() }).parse(await ask('clock'));

	expect(await tell('settle-bank-debit', { session: session.id, outcome: 'succeeded' })).toMatchObject({ status: 200 });
	expect(await tell('advance-clock', { seconds: 3600 })).toMatchObject({ status: 200 });
	expect((await ask('clock'))['now']).toBeGreaterThanOrEqual(now + 3600);
	const dispute = await tell('disputes', { payment_intent: paymentIntent });
	expect(dispute.body).toMatchObject({ status: 'needs_response' });
	expect(await tell('disputes/status', { dispute: dispute.body['id'], status: 'won' })).toMatchObject({
		body: { status: 'won' },
	});
	expect((await tell('settings', { refundsArePending: true })).status).toBe(200);
	const refund = await stripe.refunds.create({ payment_intent: paymentIntent });
	const settled = await tell('settle-refund', { refund: refund.id, status: 'succeeded' });
	expect(settled.body).toMatchObject({ status: 'succeeded' });
	expect((await tell('name-next', { id: 'cus_named' })).status).toBe(200);
	expect((await newCustomer()).id).toBe('cus_named');
	expect((await tell('fail-next-renewal', { id: 'cus_named' })).status).toBe(200);
	expect(await tell('endpoints', { url: `${receiver.origin}/hook/http`, secret: 'whsec_http' })).toMatchObject({
		status: 200,
	});
	expect((await tell('roll-secret')).body['secret']).toMatch(/^whsec_/);
	expect((await tell('webhooks', { lose: 1 })).body).toMatchObject({ lose: 1, duplicate: 0 });
	await stripe.products.create({ name: 'lost' });
	expect((await tell('release')).status).toBe(200);
	expect((await tell('settled')).status).toBe(200);
	const events = z
		.object({ events: z.array(z.object({ id: z.string(), type: z.string() })) })
		.parse(await ask('events'));
	expect((await tell('resend', { event: events.events.at(-1)!.id })).status).toBe(200);
	expect(await ask('deliveries')).toMatchObject({
		deliveries: expect.arrayContaining([expect.objectContaining({ state: 'delivered' })]),
	});
	expect(await ask('requests')).toMatchObject({
		requests: expect.arrayContaining([expect.objectContaining({ path: '/v1/products' })]),
	});
	expect((await tell('fail-next', { kind: 'status', status: 503 })).status).toBe(200);
	await expect(newCustomer()).rejects.toMatchObject({ statusCode: 503 });

	expect((await tell('fail-next', { kind: 'nonsense' })).status).toBe(400);
	expect(await tell('resend', { event: 'evt_none' })).toMatchObject({
		status: 400,
		body: { error: "No such event: 'evt_none'" },
	});
	expect((await tell('advance-clock', { to: 1 })).status).toBe(400);
	expect((await tell('reset')).status).toBe(200);
	expect(await ask('events')).toEqual({ events: [] });
});
