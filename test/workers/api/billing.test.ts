import { createHmac } from 'node:crypto';

import { drizzle } from 'drizzle-orm/d1';
import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { dental } from '../../../studios/dental';
import type { Role } from '../../../studios/roles';
import { BillingAnswer, CheckoutAnswer, OpenedCheckout, PurchaseList } from '../../../workers/api/contract/billing';
import { StudioAnswer } from '../../../workers/api/contract';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import type { Actor } from '../../../workers/core/actor';
import { prepareStripe } from '../../../workers/core/billing/prepare-stripe';
import type { Deps } from '../../../workers/core/deps';
import { createStripeGateway } from '../../../workers/core/gateways/stripe';
import { startCountingApi } from '../../budgets/counting-api';
import { givenAccount, givenMember } from '../../support/given';

const ORIGIN = 'https://app.test';

let world: Awaited<ReturnType<typeof startCountingApi>>;
let deps: Pick<Deps, 'db' | 'now'>;
beforeAll(async () => {
	world = await startCountingApi();
	deps = { db: drizzle(world.d1), now: () => new Date() };
	const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: apiUrl } = world.env;
	const stripe = createStripeGateway({ key, apiUrl, studio: 'dental', hasAutomaticTax: true }, fetch);
	await prepareStripe({ stripe, studio: dental });
}, 60_000);
afterAll(() => world.close());

async function cookieOf({ via }: Pick<Actor, 'via'>): Promise<string> {
	const token = `token of ${via.kind === 'session' ? via.sessionId : ''}`;
	const options = { path: '/', secure: true };
	const set = await generateSignedCookie(sessionCookieName(ORIGIN), token, world.env.AUTH_SECRET, options);
	return set.split(';', 1)[0] ?? '';
}

async function as(actor: Actor) {
	const cookie = await cookieOf(actor);
	return async (method: string, path: string, body?: unknown) => {
		const answer = await world.fetch(path, {
			method,
			headers: { cookie, origin: ORIGIN, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const answered: unknown = await answer.json();
		return { status: answer.status, body: answered };
	};
}

async function givenOwner() {
	const actor = await givenAccount(deps);
	return { actor, ask: await as(actor) };
}

function count(table: string): Promise<number | null> {
	return world.d1.prepare(`select count(*) n from ${table}`).first<number>('n');
}

test('what can be bought is open to all, with what it buys', async () => {
	const studio = StudioAnswer.parse(await (await world.fetch('/v1/studio')).json());
	expect(studio.packs).toEqual([
		{ id: 'pack.100', title: '100 credits', credits: 100, cents: 1900, currency: 'usd', buys: '4 smiles' },
	]);
	expect(studio.plans.map(({ id, credits, cents, buys }) => [id, credits, cents, buys])).toEqual([
		['plan.starter', 300, 4900, '12 smiles'],
		['plan.practice', 1200, 14_900, '50 smiles'],
		['plan.group', 4000, 39_900, '166 smiles'],
	]);
	expect([studio.packMonths, studio.lowBalanceCredits]).toEqual([12, 48]);
});

test('the owner goes from the till to the order, the portal and the list', async () => {
	const { ask } = await givenOwner();
	const { status, body } = await ask('POST', '/v1/billing/checkout', { item: 'pack.100' });
	const { id, url } = OpenedCheckout.parse(body);
	expect([status, url]).toEqual([200, expect.stringContaining('/stripe/checkout/cs_')]);
	expect((await fetch(url)).status).toBe(200);
	const order = CheckoutAnswer.parse((await ask('GET', `/v1/billing/checkouts/${id}`)).body);
	expect(order).toMatchObject({ id, item: 'pack.100', state: 'open', credits: 100, cents: 1900, currency: 'usd' });
	expect(BillingAnswer.parse((await ask('GET', '/v1/billing')).body)).toMatchObject({ plan: null, hasCustomer: true });
	expect(PurchaseList.parse((await ask('GET', '/v1/billing/purchases')).body)).toEqual({ items: [], nextCursor: null });
	const portal = await ask('POST', '/v1/billing/portal', {});
	expect(portal).toEqual({ status: 200, body: { url: expect.stringContaining('/stripe/portal/bps_') } });
});

test.each([
	['clinician', 403],
	['staff', 403],
	['billing', 200],
] as const)('%s is answered %i on the till', async (role: Role, status) => {
	const { actor } = await givenOwner();
	const ask = await as(await givenMember(deps, { accountId: actor.accountId, role }));
	const before = await count('checkouts');
	expect((await ask('POST', '/v1/billing/checkout', { item: 'pack.100' })).status).toBe(status);
	expect((await count('checkouts'))! - before!).toBe(status === 200 ? 1 : 0);
	for (const path of ['/v1/billing', '/v1/billing/purchases']) expect((await ask('GET', path)).status).toBe(status);
});

test.each([{}, { item: 7 }, { item: 'x'.repeat(61) }])('%o is no order', async (body) => {
	const { ask } = await givenOwner();
	const before = await count('checkouts');
	expect((await ask('POST', '/v1/billing/checkout', body)).status).toBe(400);
	expect(await count('checkouts')).toBe(before);
});

test('a flow that the portal does not have is refused', async () => {
	const { ask } = await givenOwner();
	expect((await ask('POST', '/v1/billing/portal', { flow: 'refund' })).status).toBe(400);
});

test('somebody else’s order and invoice answer as none', async () => {
	const [one, other] = [await givenOwner(), await givenOwner()];
	const { id } = OpenedCheckout.parse((await one.ask('POST', '/v1/billing/checkout', { item: 'pack.100' })).body);
	const [theirs, none] = await Promise.all([
		other.ask('GET', `/v1/billing/checkouts/${id}`),
		other.ask('GET', '/v1/billing/checkouts/chk_nobody'),
	]);
	expect(theirs).toEqual(none);
	expect(theirs.status).toBe(404);
	expect((await other.ask('GET', '/v1/billing/purchases/pi_nobody/invoice')).status).toBe(404);
});

test('while Stripe is away buying says so, and works again when it is back', async () => {
	const { ask } = await givenOwner();
	world.stripe.failNext({ kind: 'status', status: 503 });
	expect(await ask('POST', '/v1/billing/checkout', { item: 'pack.100' })).toEqual({
		status: 503,
		body: { error: { code: 'upstream_unavailable', message: expect.stringContaining('does not answer') } },
	});
	expect((await ask('POST', '/v1/billing/checkout', { item: 'pack.100' })).status).toBe(200);
});

test('buying asks D1 eight statements at most the first time, and seven from then on', async () => {
	const { ask } = await givenOwner();
	const buy = () => world.counted(() => ask('POST', '/v1/billing/checkout', { item: 'pack.100' }));
	const [first, second] = [await buy(), await buy()];
	expect(first.statements).toBeLessThanOrEqual(8);
	expect(second.statements).toBeLessThanOrEqual(7);
	expect([first.batches, second.batches]).toEqual([1, 1]);
});

function webhook(
	body: string,
	{
		secret = world.env.STRIPE_WEBHOOK_SECRET,
		shiftSeconds = 0,
		signature = '',
	}: { secret?: string; shiftSeconds?: number; signature?: string } = {},
) {
	const seconds = Math.floor(Date.now() / 1000) + shiftSeconds;
	const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
	return world.fetch('/webhooks/stripe', {
		method: 'POST',
		headers: {
			'content-type': 'application/json; charset=utf-8',
			'stripe-signature': signature === '' ? `t=${seconds},v1=${digest}` : signature,
		},
		body,
	});
}

function anEvent(changed: object = {}): string {
	const id = `evt_${crypto.randomUUID().replaceAll('-', '')}`;
	const data = { object: { id: 'in_1', object: 'invoice' } };
	return JSON.stringify({ id, object: 'event', type: 'invoice.paid', livemode: false, data, ...changed });
}

test('a webhook of Stripe’s is kept with one statement and told to the queue', async () => {
	const before = { rows: await count('stripe_events'), queued: world.queued.length };
	const body = anEvent();
	const asked = await world.counted(async () => {
		const answer = await webhook(body);
		expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
	});
	expect(asked).toEqual({ statements: 1, batches: 0 });
	expect(await count('stripe_events')).toBe(before.rows! + 1);
	const { id } = z.object({ id: z.string() }).parse(JSON.parse(body));
	expect(world.queued.slice(before.queued)).toEqual([{ type: 'stripe.event', eventId: id }]);
});

test('refused webhooks ask D1 nothing and leave nothing', async () => {
	const before = { rows: await count('stripe_events'), queued: world.queued.length };
	const body = anEvent();
	const asked = await world.counted(async () => {
		const answers = await Promise.all([
			webhook(body, { secret: 'whsec_of_somebody_else_0123456789abcd' }),
			webhook(body, { shiftSeconds: -301 }),
			webhook(body, { shiftSeconds: 301 }),
			webhook(body, { signature: 'v1=' }),
			webhook(anEvent({ livemode: true })),
			world.fetch('/webhooks/stripe', { method: 'POST', body }),
			webhook(anEvent({ padding: 'x'.repeat(600 * 1024) })),
		]);
		expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 413]);
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
	expect(await count('stripe_events')).toBe(before.rows);
	expect(world.queued).toHaveLength(before.queued);
});
