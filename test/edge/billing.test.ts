import { createHmac } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { LOCAL_STRIPE } from '../../emulators/stripe/clients';
import { BillingAnswer, CheckoutAnswer, StripePage } from '../../workers/api/contract/billing';
import { openTill, pay, purchasesOf, TYPED, untilPaid } from './support/given-purchase';
import { givenPractice, refusalIn, type Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder, rowsOf, traceOf, untilQuiet } from './support/trace';
import { until } from './support/until';

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

/** Somebody pays, and waits on the page that Stripe leads back to. */
async function buy(practice: Practice, item: string) {
	const { id, url } = await openTill(practice, item);
	const paid = await pay(url);
	expect([paid.status, paid.headers.get('location')]).toEqual([303, `${it.edge.appOrigin}/credits/bought/${id}`]);
	return untilPaid(practice, id);
}

/** Every word in the database, with where it stands. */
async function wordsStored(): Promise<[where: string, word: string][]> {
	const { rows } = await traceOf(it);
	return Object.entries(rows).flatMap(([table, all]) =>
		all.flatMap((row) =>
			Object.entries(row).flatMap(([column, value]): [string, string][] =>
				typeof value === 'string' ? [[`${table}.${column}`, value]] : [],
			),
		),
	);
}

/** ISO/IEC 7812: whether the digits could be a card's number. */
function isCardNumber(digits: string): boolean {
	const sum = digits
		.split('')
		.toReversed()
		.reduce((total, digit, at) => {
			const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
			return total + (value > 9 ? value - 9 : value);
		}, 0);
	return sum % 10 === 0;
}

/** A part so short that random ids hold it by chance counts where it stands alone, as a stored code or date would. */
function says(word: string, part: string): boolean {
	return part.length > 5 ? word.includes(part) : new RegExp(`(?<![\\w-])${part}(?![\\w-])`).test(word);
}

async function expectNothingOfTheCard(...others: string[]): Promise<void> {
	const { method: _, country: _also, ...typed } = TYPED;
	const words = await wordsStored();
	expect(words.length).toBeGreaterThan(50);
	const found = words.filter(([, word]) => {
		const numbers = word.match(/(?<!\d)\d{15,19}(?!\d)/g) ?? [];
		return [...Object.values(typed), ...others].some((part) => says(word, part)) || numbers.some(isCardNumber);
	});
	expect(found).toEqual([]);
}

test('a pack is paid at the till, told by a signed webhook, and its credits are there once', async () => {
	const practice = await givenPractice(it.edge);
	const before = await practice.credits();
	await buy(practice, 'pack.100');
	expect(await practice.credits()).toEqual({ available: before.available + 100, held: 0 });
	const { items } = await purchasesOf(practice);
	expect(items).toEqual([
		expect.objectContaining({
			item: 'pack.100',
			title: '100 credits',
			credits: 100,
			refundedCents: 0,
			hasInvoice: true,
		}),
	]);
	const page = await practice.call(StripePage, 'GET', `/v1/billing/purchases/${items[0]!.id}/invoice`);
	expect((await fetch(page.url)).status).toBe(200);
	await expectNothingOfTheCard();
});

test('a plan is paid at the till: its credits, its month, and of the card brand and last four digits alone', async () => {
	const practice = await givenPractice(it.edge);
	const before = await practice.credits();
	await buy(practice, 'plan.starter');
	const billing = await until('the plan is known', async () => {
		const read = await practice.call(BillingAnswer, 'GET', '/v1/billing');
		return read.plan === null || read.card === null ? undefined : read;
	});
	expect(billing).toMatchObject({
		plan: { id: 'plan.starter', title: 'Starter plan' },
		status: 'active',
		isEnding: false,
		card: { brand: 'visa', last4: '4242' },
	});
	await until('its credits are there', async () =>
		(await practice.credits()).available === before.available + 300 ? true : undefined,
	);
	expect(await practice.refusal('POST', '/v1/billing/checkout', { body: { item: 'plan.group' } })).toMatchObject({
		status: 409,
		code: 'conflict',
	});
	await untilQuiet(it);
	expect((await purchasesOf(practice)).items).toHaveLength(1);
	const fingerprints = await fingerprintsAtStripe();
	expect(fingerprints.length).toBeGreaterThan(0);
	await expectNothingOfTheCard(...fingerprints);
});

/** What Stripe tells equal cards by: of every card that was typed at its till. */
async function fingerprintsAtStripe(): Promise<string[]> {
	const customers = (await rowsOf(it.edge, 'billing_customers')).map((row) => String(row['customer_id']));
	const headers = { authorization: `Bearer ${LOCAL_STRIPE.secretKey}` };
	const Methods = z.object({ data: z.array(z.object({ card: z.object({ fingerprint: z.string() }) })) });
	const prints: string[] = [];
	for (const id of customers) {
		const url = `${it.emulators.origin}/stripe/v1/customers/${id}/payment_methods?type=card`;
		const { data } = Methods.parse(await (await fetch(url, { headers })).json());
		prints.push(...data.map(({ card }) => card.fingerprint));
	}
	return prints;
}

test('events that come twice, late and in any order are one purchase', async () => {
	const { stripe } = it.emulators;
	stripe.webhookFaults({ duplicate: 2, hold: { count: 3, seed: 7 } });
	try {
		const practice = await givenPractice(it.edge);
		const before = await practice.credits();
		const { id, url } = await openTill(practice, 'pack.100');
		expect((await pay(url)).status).toBe(303);
		stripe.release();
		await untilPaid(practice, id);
		await stripe.settled();
		await untilQuiet(it);
		expect(await practice.credits()).toEqual({ available: before.available + 100, held: 0 });
		expect((await purchasesOf(practice)).items).toHaveLength(1);
	} finally {
		stripe.webhookFaults({ duplicate: 0, hold: null });
		stripe.release();
	}
});

test('a card that is declined, and a till that is left, buy nothing', async () => {
	const practice = await givenPractice(it.edge);
	const before = await practice.credits();
	const { id, url } = await openTill(practice, 'pack.100');
	expect((await pay(url, { card_number: '4000000000000002' })).status).toBe(402);
	await untilQuiet(it);
	expect(await practice.credits()).toEqual(before);
	expect(await practice.call(CheckoutAnswer, 'GET', `/v1/billing/checkouts/${id}`)).toMatchObject({ state: 'open' });
	expect((await purchasesOf(practice)).items).toEqual([]);
});

function signatureOf(
	body: string,
	{ secret = LOCAL_STRIPE.webhookSecret, shiftSeconds = 0 }: { secret?: string; shiftSeconds?: number } = {},
): string {
	const seconds = Math.floor(Date.now() / 1000) + shiftSeconds;
	return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function deliver(body: string, signature: string): Promise<Response> {
	return fetch(`${it.edge.appOrigin}/webhooks/stripe`, {
		method: 'POST',
		headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
		body,
	});
}

/** An event as Stripe made it, under an id that was not delivered yet. */
async function anUntoldEvent(): Promise<string> {
	const practice = await givenPractice(it.edge);
	await buy(practice, 'pack.100');
	await untilQuiet(it);
	const event = it.emulators.stripe.events().findLast(({ type }) => type === 'checkout.session.completed');
	if (event === undefined) throw new Error('nothing was told');
	return JSON.stringify({ ...event, id: `evt_${crypto.randomUUID().replaceAll('-', '')}` });
}

test('what Stripe did not sign just now, letter for letter, is refused and leaves nothing', async () => {
	const body = await anUntoldEvent();
	const good = signatureOf(body);
	const reserialised = JSON.stringify(JSON.parse(body), null, 2);
	const otherMode = JSON.stringify({ ...JSON.parse(body), livemode: true });
	const huge = JSON.stringify({ ...JSON.parse(body), padding: 'x'.repeat(600 * 1024) });
	const refused: [what: string, body: string, signature: string, status: number][] = [
		['forged', body, good.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), 400],
		['of another secret', body, signatureOf(body, { secret: 'whsec_of_somebody_else_0123456789abcd' }), 400],
		['stale', body, signatureOf(body, { shiftSeconds: -310 }), 400],
		['from the future', body, signatureOf(body, { shiftSeconds: 360 }), 400],
		['re-serialised', reserialised, good, 400],
		['with a byte order mark', `\uFEFF${body}`, good, 400],
		['about more money', body.replace(/"amount_total":\d+/, '"amount_total":1'), good, 400],
		['of the other mode', otherMode, signatureOf(otherMode), 400],
		['too large', huge, signatureOf(huge), 413],
		['without a signature', body, '', 400],
	];
	await expectNoTrace(it, async () => {
		for (const [what, sent, signature, status] of refused) {
			const answer = await deliver(sent, signature);
			expect([what, answer.status]).toEqual([what, status]);
			await refusalIn(answer);
		}
	});
	expect((await deliver(body, good)).status).toBe(200);
	await untilQuiet(it);
});

test('of three hundred signatures that are nearly right none is taken', async () => {
	const body = await anUntoldEvent();
	const [time = '', digest = ''] = signatureOf(body).split(',v1=');
	const nearly = Array.from({ length: 300 }, (_, at) => {
		const place = at % digest.length;
		const digit = (Number.parseInt(digest[place]!, 16) + 1 + Math.floor(at / digest.length)) % 16;
		return `${time},v1=${digest.slice(0, place)}${digit.toString(16)}${digest.slice(place + 1)}`;
	});
	expect(new Set(nearly).size).toBe(300);
	await expectNoTrace(it, async () => {
		const statuses = new Set<number>();
		for (const signature of nearly) statuses.add((await deliver(body, signature)).status);
		expect([...statuses]).toEqual([400]);
	});
});

test('of an event with a whole card in it only which object it is about is kept', async () => {
	const card = {
		id: 'pm_whole',
		object: 'payment_method',
		type: 'card',
		billing_details: {
			name: TYPED.name,
			email: TYPED.email,
			phone: '+49 361 5550123',
			address: { line1: 'Krummgasse 17', city: 'Eisenach', postal_code: TYPED.postal_code, country: 'DE' },
		},
		card: { brand: 'visa', last4: '4242', fingerprint: 'Xt5EWLLDS7FJjR1c', exp_month: 11, exp_year: 2039 },
		number: TYPED.card_number,
	};
	const id = `evt_${crypto.randomUUID().replaceAll('-', '')}`;
	const object = {
		id: 'cus_whole',
		object: 'customer',
		name: TYPED.name,
		invoice_settings: { default_payment_method: card },
	};
	const event = { id, object: 'event', type: 'customer.updated', livemode: false, data: { object } };
	const body = JSON.stringify(event);
	expect((await deliver(body, signatureOf(body))).status).toBe(200);
	await until('it is done', async () =>
		(await rowsOf(it.edge, 'stripe_events')).some((row) => row['id'] === id && row['done_at_ms'] !== null)
			? true
			: undefined,
	);
	const [row] = (await rowsOf(it.edge, 'stripe_events')).filter((each) => each['id'] === id);
	expect(row).toMatchObject({ type: 'customer.updated', object_id: 'cus_whole' });
	await expectNothingOfTheCard('Krummgasse', 'Eisenach', '5550123', 'Xt5EWLLDS7FJjR1c', 'pm_whole');
});

test('who only works in a practice buys nothing there', async () => {
	const nobody = await fetch(`${it.edge.appOrigin}/v1/billing/checkout`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: it.edge.appOrigin },
		body: JSON.stringify({ item: 'pack.100' }),
	});
	expect(nobody.status).toBe(401);
	expect(
		z.object({ error: z.object({ code: z.literal('not_signed_in') }) }).safeParse(await nobody.json()).success,
	).toBe(true);
});
