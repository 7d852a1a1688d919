import { afterAll, beforeEach, expect, test } from 'vitest';
import { DECLINED, givenPayment, givenPrice, pay, startStripe, submit, URLS, VISA, idOf } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const typesSince = (count: number) =>
	control
		.events()
		.slice(count)
		.map(({ type }) => type);

async function openSession(change: object = {}) {
	const price = await givenPrice(stripe);
	const line_items = [{ price: price.id, quantity: 3 }];
	return stripe.checkout.sessions.create({ ...URLS, mode: 'payment', line_items, ...change });
}

test('a card pays on the page, and the browser goes to success_url with the session’s id', async () => {
	const customer = await stripe.customers.create({ email: 'ada@practice.test' });
	const session = await openSession({
		customer: customer.id,
		client_reference_id: 'acc_1',
		metadata: { order: 'o1' },
		payment_intent_data: { metadata: { order: 'o1' } },
		invoice_creation: { enabled: true },
		automatic_tax: { enabled: true },
		customer_update: { address: 'auto', name: 'auto' },
	});
	expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 3000, currency: 'eur' });
	const before = control.events().length;

	const page = await (await fetch(session.url!)).text();
	expect(page).toContain('3 × Credits: €30.00');
	expect(page).toContain('For ada@practice.test');
	expect(page).toContain(`href="${URLS.cancel_url}"`);
	expect(page).not.toContain('<script');
	const answer = await submit(session.url!, { ...VISA, method: 'card', country: 'de', postal_code: '10115' });

	expect([answer.status, answer.headers.get('location')]).toEqual([
		303,
		`http://afterglow.test/bought?session=${session.id}`,
	]);
	const paid = await stripe.checkout.sessions.retrieve(session.id, {
		expand: ['line_items', 'payment_intent.latest_charge', 'invoice'],
	});
	expect(paid).toMatchObject({
		status: 'complete',
		payment_status: 'paid',
		url: null,
		customer: customer.id,
		client_reference_id: 'acc_1',
		customer_details: { email: 'ada@practice.test', name: 'Ada Lovelace', address: { country: 'DE' } },
		automatic_tax: { status: 'complete' },
		line_items: { data: [{ quantity: 3, amount_total: 3000, price: { unit_amount: 1000 } }] },
		payment_intent: {
			status: 'succeeded',
			amount_received: 3000,
			metadata: { order: 'o1' },
			latest_charge: { status: 'succeeded', amount: 3000, payment_method_details: { card: { last4: '4242' } } },
		},
		invoice: { status: 'paid', total: 3000 },
	});
	expect(typesSince(before)).toEqual([
		'payment_intent.created',
		'charge.succeeded',
		'payment_intent.succeeded',
		'customer.updated',
		'invoice.created',
		'invoice.finalized',
		'invoice_payment.paid',
		'invoice.paid',
		'invoice.payment_succeeded',
		'checkout.session.completed',
	]);
	const { data } = await stripe.checkout.sessions.listLineItems(session.id);
	expect(data.map(({ description, amount_total }) => [description, amount_total])).toEqual([['Credits', 3000]]);
	expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ name: 'Ada Lovelace' });
});

test('the payment method tells far more of the card and its holder than brand and last four digits', async () => {
	const { paymentIntent } = await givenPayment(stripe, { card_number: '5555555555554444', postal_code: '10115' });
	const intent = await stripe.paymentIntents.retrieve(paymentIntent);
	const method = await stripe.paymentMethods.retrieve(idOf(intent.payment_method));
	expect(method).toMatchObject({
		type: 'card',
		card: { brand: 'mastercard', last4: '4444', exp_month: 12, exp_year: 2040, country: 'US', funding: 'credit' },
		billing_details: { name: 'Ada Lovelace', email: 'ada@practice.test', address: { postal_code: '10115' } },
	});
	expect(method.card?.fingerprint).toMatch(/^[\w-]{16}$/);
	expect(JSON.stringify([method, control.events()])).not.toContain('5555555555554444');
});

test('a declined card stays on the page with a sentence, and another pays the same payment intent', async () => {
	const session = await openSession();
	const declined = await submit(session.url!, { method: 'card', email: 'ada@practice.test', ...DECLINED });
	expect(declined.status).toBe(402);
	expect(await declined.text()).toContain('role="alert" id="problem">Your card was declined. Try another card.');
	expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
		status: 'open',
		payment_status: 'unpaid',
	});
	expect(await pay(session, { card_number: '4000000000009995' })).toBe(402);

	expect(await pay(session)).toBe(303);

	const intents = await stripe.paymentIntents.list();
	expect(intents.data.map(({ status, last_payment_error: error }) => [status, error])).toEqual([['succeeded', null]]);
	const charges = await stripe.charges.list({ payment_intent: intents.data[0]!.id });
	expect(charges.data.map(({ status, failure_message }) => [status, failure_message])).toEqual([
		['succeeded', null],
		['failed', 'Your card has insufficient funds.'],
		['failed', 'Your card was declined.'],
	]);
	const failure = control.events().find(({ type }) => type === 'payment_intent.payment_failed');
	expect(failure?.data.object).toMatchObject({
		last_payment_error: { decline_code: 'generic_decline', type: 'card_error' },
	});
});

test.each([
	['a number that Luhn refuses', { card_number: '4242424242424241' }, 'Your card number is invalid.'],
	['half a number', { card_number: '4242' }, 'Your card number is incomplete.'],
	['a card that is no test card', { card_number: '4111111111111111' }, 'test cards alone'],
	['an expiry in the past', { card_expiry: '01/20' }, 'expiration date is in the past'],
	['no expiry', { card_expiry: '' }, 'expiration date is incomplete'],
	['no security code', { card_cvc: '1' }, 'security code is incomplete'],
	['no address', { email: 'nobody' }, 'Write an e-mail address'],
	['a country of three letters', { country: 'DEU' }, 'two letters'],
])('%s is refused with a sentence and charges nothing', async (_, form, sentence) => {
	const session = await openSession();
	const answer = await submit(session.url!, { method: 'card', email: 'ada@practice.test', ...VISA, ...form });
	expect(answer.status).toBe(422);
	expect(await answer.text()).toContain(sentence);
	expect((await stripe.paymentIntents.list()).data).toEqual([]);
});

test('a paid session’s page says so and charges nobody twice', async () => {
	const { session } = await givenPayment(stripe);
	const url = `${emulators.origin}/stripe/checkout/${session.id}`;
	expect(await (await fetch(url)).text()).toContain('This checkout is complete.');
	expect(await pay({ url })).toBe(409);
	expect((await stripe.charges.list()).data).toHaveLength(1);
	expect((await fetch(`${emulators.origin}/stripe/checkout/cs_test_none`)).status).toBe(404);
});

test.each(['succeeded', 'failed'] as const)(
	'a bank debit leaves the session unpaid until it has %s',
	async (outcome) => {
		const session = await openSession();
		expect(await pay(session, { method: 'bank_debit' })).toBe(303);
		const waiting = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
		expect(waiting).toMatchObject({
			status: 'complete',
			payment_status: 'unpaid',
			payment_intent: { status: 'processing' },
		});
		expect(typesSince(0)).not.toContain('payment_intent.succeeded');

		control.settleBankDebit({ session: session.id, outcome });

		const settled = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
		const isPaid = outcome === 'succeeded';
		expect(settled.payment_status).toBe(isPaid ? 'paid' : 'unpaid');
		expect(settled.payment_intent).toMatchObject({ status: isPaid ? 'succeeded' : 'requires_payment_method' });
		expect(typesSince(0).slice(-3)).toEqual([
			isPaid ? 'charge.succeeded' : 'charge.failed',
			isPaid ? 'payment_intent.succeeded' : 'payment_intent.payment_failed',
			`checkout.session.async_payment_${outcome}`,
		]);
		expect(() => control.settleBankDebit({ session: session.id, outcome })).toThrow(RangeError);
	},
);

test('sessions expire when they are told to and when their time is over', async () => {
	const [told, old] = [await openSession(), await openSession()];
	expect((await stripe.checkout.sessions.expire(told.id)).status).toBe('expired');
	await expect(stripe.checkout.sessions.expire(told.id)).rejects.toMatchObject({ statusCode: 400 });
	expect(await pay(told)).toBe(409);

	control.advanceClock({ to: old.expires_at });

	expect((await stripe.checkout.sessions.list({ status: 'expired' })).data.map(({ id }) => id)).toEqual([
		old.id,
		told.id,
	]);
	expect(typesSince(0).filter((type) => type.startsWith('checkout'))).toEqual([
		'checkout.session.expired',
		'checkout.session.expired',
	]);
	expect(await (await fetch(old.url!)).text()).toContain('This checkout has expired.');
});

test('nobody pays for a customer who was deleted', async () => {
	const customer = await stripe.customers.create({ email: 'ada@practice.test' });
	const session = await openSession({ customer: customer.id });
	await stripe.customers.del(customer.id);
	expect(await pay(session)).toBe(422);
	expect((await stripe.charges.list()).data).toEqual([]);
});

test('sessions are found by their payment intent, customer and state', async () => {
	const { session, customer, paymentIntent } = await givenPayment(stripe);
	const open = await openSession();
	const idsOf = async (filters: object) => (await stripe.checkout.sessions.list(filters)).data.map(({ id }) => id);
	expect(await idsOf({ payment_intent: paymentIntent })).toEqual([session.id]);
	expect(await idsOf({ customer: customer.id })).toEqual([session.id]);
	expect(await idsOf({ status: 'open' })).toEqual([open.id]);
	expect(await idsOf({ created: { gte: session.created } })).toEqual([open.id, session.id]);
});

test('what contradicts itself is refused before there is a session', async () => {
	const monthly = await givenPrice(stripe, { interval: 'month' });
	const dollars = await stripe.prices.create({ product: idOf(monthly.product), currency: 'usd', unit_amount: 5 });
	const once = await givenPrice(stripe);
	const customer = await stripe.customers.create({});
	const line_items = [{ price: once.id, quantity: 1 }];
	const wrong: [object, object][] = [
		[{ line_items: [{ price: monthly.id, quantity: 1 }] }, { param: 'mode' }],
		[{ mode: 'subscription' }, { param: 'mode' }],
		[{ line_items: [...line_items, { price: dollars.id, quantity: 1 }] }, { param: 'line_items' }],
		[{ customer: customer.id, automatic_tax: { enabled: true } }, { code: 'customer_tax_location_invalid' }],
		[{ customer: customer.id, tax_id_collection: { enabled: true } }, { param: 'customer_update' }],
		[{ customer_update: { name: 'auto' } }, { param: 'customer_update' }],
		[{ customer: 'cus_none' }, { code: 'resource_missing', param: 'customer' }],
		[{ subscription_data: { metadata: { a: 'b' } } }, { param: 'subscription_data' }],
		[{ expires_at: control.now() + 60 }, { param: 'expires_at' }],
		[{ success_url: 'nonsense' }, { param: 'success_url' }],
	];
	for (const [change, refusal] of wrong) {
		const made = stripe.checkout.sessions.create({ ...URLS, mode: 'payment', line_items, ...change });
		await expect(made).rejects.toMatchObject({ statusCode: 400, ...refusal });
	}
	expect((await stripe.checkout.sessions.list()).data).toEqual([]);
});
