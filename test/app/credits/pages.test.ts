import { expect, test } from 'vitest';

import { loader as creditsLoader } from '../../../app/routes/credits';
import { loader as billingLoader } from '../../../app/routes/credits_.billing';
import { loader as boughtLoader } from '../../../app/routes/credits_.bought.$id';
import { loader as buyLoader } from '../../../app/routes/credits_.buy';
import { loader as fileLoader } from '../../../app/routes/credits_.file';
import { loader as invoiceLoader } from '../../../app/routes/credits_.invoices.$id';
import { action as portalAction } from '../../../app/routes/credits_.portal';
import { action as tillAction } from '../../../app/routes/credits_.till';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const CREDITS = { available: 60, held: 0, owed: 0, buckets: [] };
const NO_ENTRIES = { items: [], nextCursor: null };
const USAGE = { days: [], spent: 0, works: 0 };
const NO_ROLE = () => refusal(403, 'not_allowed', 'Your role here, clinician, does not include this. Ask the owner.');

function args(api: ReturnType<typeof givenApi>, request: Request, params: Record<string, string> = {}) {
	return { request, context: api.context, params };
}

test('the credits page asks for balance, entries and the last 30 days, and an older page for its entries alone', async () => {
	const api = givenApi({
		'GET /v1/credits': () => json(CREDITS),
		'GET /v1/credits/entries': () => json(NO_ENTRIES),
		'GET /v1/credits/usage': () => json(USAGE),
	});
	expect(await creditsLoader(args(api, get('/credits')))).toEqual({ ...NO_ENTRIES, credits: CREDITS, usage: USAGE });
	expect(await creditsLoader(args(api, get('/credits?cursor=7')))).toMatchObject({ credits: null, usage: null });
	expect(api.called.map(({ path }) => path)).toEqual([
		'/v1/credits',
		'/v1/credits/entries',
		'/v1/credits/usage',
		'/v1/credits/entries',
	]);
});

test('a chart that cannot be drawn leaves the rest of the page', async () => {
	const api = givenApi({
		'GET /v1/credits': () => json(CREDITS),
		'GET /v1/credits/entries': () => json(NO_ENTRIES),
		'GET /v1/credits/usage': () => refusal(503, 'upstream_unavailable', 'x'),
	});
	expect(await creditsLoader(args(api, get('/credits')))).toMatchObject({ credits: CREDITS, usage: null });
});

test('a balance that cannot be read is no balance of nothing', async () => {
	const api = givenApi({
		'GET /v1/credits': () => refusal(503, 'upstream_unavailable', 'Try again in a minute.'),
		'GET /v1/credits/entries': () => json(NO_ENTRIES),
		'GET /v1/credits/usage': () => json(USAGE),
	});
	expect((await responseOf(creditsLoader(args(api, get('/credits'))))).status).toBe(503);
});

const TILL = 'https://checkout.stripe.com/c/pay/cs_1?a=1&b=2';
const choose = (api: ReturnType<typeof givenApi>, fields: Record<string, string>) =>
	responseOf(tillAction(args(api, post('/credits/till', fields))));

test('a choice leads on to the till by a page of its own, which the policy for forms lets pass', async () => {
	const api = givenApi({ 'POST /v1/billing/checkout': () => json({ id: 'chk_1', url: TILL }) });
	const answer = await choose(api, { item: 'pack.100' });
	expect(answer.status).toBe(200);
	expect(answer.headers.get('refresh')).toBe(`0;url=${TILL}`);
	expect(answer.headers.get('cache-control')).toBe('no-store');
	expect(await answer.text()).toContain('href="https://checkout.stripe.com/c/pay/cs_1?a=1&amp;b=2"');
	expect(api.called[0]?.body).toEqual({ item: 'pack.100' });
});

test('a till that was not opened comes back to the same choice with the reason; signed out leads there and back', async () => {
	const answers: Record<string, string> = {
		conflict: '/credits/buy?item=plan.starter&refused=conflict',
		upstream_unavailable: '/credits/buy?item=plan.starter&refused=upstream_unavailable',
		not_signed_in: `/sign-in?next=${encodeURIComponent('/credits/buy?item=plan.starter')}`,
		reauthentication_required: `/prove?next=${encodeURIComponent('/credits/buy?item=plan.starter')}`,
	};
	for (const [code, location] of Object.entries(answers)) {
		const api = givenApi({ 'POST /v1/billing/checkout': () => refusal(409, code, 'x') });
		const answer = await choose(api, { item: 'plan.starter' });
		expect([answer.status, answer.headers.get('location')]).toEqual([302, location]);
	}
	const api = givenApi({});
	expect((await choose(api, {})).headers.get('location')).toBe('/credits/buy?refused=invalid_input');
	expect(api.called).toEqual([]);
});

test('the portal opens where the form says, and nowhere that it invents', async () => {
	const api = givenApi({ 'POST /v1/billing/portal': () => json({ url: 'https://billing.stripe.com/p/1' }) });
	for (const flow of ['card', 'cancel', 'everything', '']) {
		const answer = await responseOf(portalAction(args(api, post('/credits/portal', { flow }))));
		expect(answer.headers.get('refresh')).toBe('0;url=https://billing.stripe.com/p/1');
	}
	expect(api.called.map(({ body }) => body)).toEqual([{ flow: 'card' }, { flow: 'cancel' }, {}, {}]);
	const shut = givenApi({ 'POST /v1/billing/portal': () => refusal(409, 'conflict', 'x') });
	const answer = await responseOf(portalAction(args(shut, post('/credits/portal', {}))));
	expect(answer.headers.get('location')).toBe('/credits/billing?refused=conflict');
});

test('whoever may not pay gets the refusal in place of each page about paying', async () => {
	const api = givenApi({
		'GET /v1/billing': NO_ROLE,
		'GET /v1/billing/purchases': NO_ROLE,
		'GET /v1/credits/usage/members': NO_ROLE,
		'GET /v1/billing/checkouts/chk_1': NO_ROLE,
	});
	const pages = [
		buyLoader(args(api, get('/credits/buy'))),
		billingLoader(args(api, get('/credits/billing'))),
		boughtLoader(args(api, get('/credits/bought/chk_1'), { id: 'chk_1' })),
	];
	for (const page of pages) {
		const answer = await responseOf(page);
		expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Ask the owner')]);
	}
});

test('a studio that makes nothing sells nothing, and asks the api for nothing', async () => {
	const api = givenApi({}, 'media');
	expect((await responseOf(buyLoader(args(api, get('/credits/buy'))))).status).toBe(404);
	expect(api.called).toEqual([]);
});

const checkout = (state: string, item = 'pack.100') => ({
	id: 'chk_1',
	item,
	title: 'x',
	state,
	credits: 100,
	cents: 1_900,
	currency: 'usd',
	createdAt: '2026-11-21T14:00:00.000Z',
});
const bought = (api: ReturnType<typeof givenApi>) =>
	boughtLoader(args(api, get('/credits/bought/chk_1'), { id: 'chk_1' }));

test('a paid pack is here with the word that it is paid; an api that is silent is asked again', async () => {
	const paid = givenApi({ 'GET /v1/billing/checkouts/chk_1': () => json(checkout('paid')) });
	expect(await bought(paid)).toMatchObject({ isHere: true });
	const open = givenApi({ 'GET /v1/billing/checkouts/chk_1': () => json(checkout('open')) });
	expect(await bought(open)).toMatchObject({ isHere: false, checkout: { state: 'open' } });
	const silent = givenApi({ 'GET /v1/billing/checkouts/chk_1': () => refusal(503, 'upstream_unavailable', 'x') });
	expect(await bought(silent)).toEqual({ id: 'chk_1', checkout: null, isHere: false });
	const foreign = givenApi({ 'GET /v1/billing/checkouts/chk_1': () => refusal(404, 'not_found', 'x') });
	expect((await responseOf(bought(foreign))).status).toBe(404);
});

const givenPurchases = (items: readonly unknown[]) =>
	givenApi({
		'GET /v1/billing/checkouts/chk_1': () => json(checkout('paid', 'plan.starter')),
		'GET /v1/billing/purchases': () => json({ items, nextCursor: null }),
	});

test('a paid plan is here once its month was paid for, and an earlier month is not that', async () => {
	const starter = { id: 'in_1', item: 'plan.starter', paidAt: '2026-11-21T14:00:09.000Z' };
	expect(await bought(givenPurchases([]))).toMatchObject({ isHere: false });
	expect(await bought(givenPurchases([{ ...starter, paidAt: '2026-10-21T14:00:09.000Z' }]))).toMatchObject({
		isHere: false,
	});
	expect(await bought(givenPurchases([{ ...starter, item: 'pack.100' }]))).toMatchObject({ isHere: false });
	expect(await bought(givenPurchases([starter]))).toMatchObject({ isHere: true });
});

test('the file of entries is passed on as it comes, and a refusal is no file', async () => {
	const csv = 'seq,id\r\n1,grant:welcome:acc_1\r\n';
	const headers = {
		'content-type': 'text/csv',
		'content-disposition': 'attachment; filename="credits-2026-11-21.csv"',
	};
	const api = givenApi({ 'GET /v1/credits/entries.csv': () => new Response(csv, { headers }) });
	const file = await fileLoader(args(api, get('/credits/file')));
	expect(await file.text()).toBe(csv);
	expect(file.headers.get('content-disposition')).toBe(headers['content-disposition']);
	expect(file.headers.get('cache-control')).toBe('private, no-store');
	const signedOut = givenApi({ 'GET /v1/credits/entries.csv': () => refusal(401, 'not_signed_in', 'x') });
	expect((await fileLoader(args(signedOut, get('/credits/file')))).headers.get('location')).toContain('/sign-in');
});

test('an invoice’s lasting address leads to Stripe’s page of it; without one the page says so', async () => {
	const api = givenApi({
		'GET /v1/billing/purchases/pi_1/invoice': () => json({ url: 'https://invoice.stripe.com/i/1' }),
		'GET /v1/billing/purchases/pi_2/invoice': () => refusal(404, 'not_found', 'This purchase has no invoice.'),
	});
	const open = (id: string) => invoiceLoader(args(api, get(`/credits/invoices/${id}`), { id }));
	expect((await open('pi_1')).headers.get('location')).toBe('https://invoice.stripe.com/i/1');
	expect((await open('pi_2')).status).toBe(404);
});
