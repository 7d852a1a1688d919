import { expect, test } from 'vitest';

import { loader as openPair } from '../../../app/routes/pairs.new';
import { action as order, loader as openShade } from '../../../app/routes/smiles.new.shade';
import {
	changedWords,
	lighterOr,
	lighterThan,
	SHADES_TODAY,
	stepsWorthCaution,
	treatmentWords,
} from '../../../app/smile/shade-choice';
import { changeWords } from '../../../app/smile/change-words';
import { inputOf, parametersOf, wishOf } from '../../../app/smile/shade-wish';
import { dental } from '../../../studios/dental';
import { TREATMENTS } from '../../../studios/treatments';
import { parseRenderInput } from '../../../workers/core/renders/render-input';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { answered, givenUpload } from './answers';

const PATH = '/smiles/new/shade?upload=upl_1';
const KEY = '2c1f8e6e-58a7-4f6e-9d55-6f3f8f0a6f11';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FIELDS = { intent: 'order', orderKey: KEY, from: 'A3.5', to: 'A1', creditsMax: '24' };
const INPUT = { uploadId: 'upl_1', treatment: 'whitening', fromShade: 'A3.5', toShade: 'A1' };

test('the page asks once for the photo and brings a fresh order key each time', async () => {
	const { context, called } = givenApi({ 'GET /v1/uploads/upl_1': () => json(givenUpload()) });
	const first = await openShade({ request: get(`${PATH}&from=C4&to=nonsense`), context, params: {} });
	const second = await openShade({ request: get(PATH), context, params: {} });
	expect(called).toHaveLength(2);
	expect(first).toMatchObject({ wish: { treatment: 'whitening', from: 'C4', to: 'A1' }, upload: { id: 'upl_1' } });
	expect(first.orderKey).not.toBe(second.orderKey);
});

test('asking the price orders nothing and keeps the key', async () => {
	const quote = { tool: 'smile.video', credits: 24, breakdown: [{ item: 'After picture', credits: 4 }] };
	const { context, called } = givenApi({ 'POST /v1/quotes': () => json(quote) });
	const request = post(PATH, { ...FIELDS, intent: 'quote' });
	const { data } = answered(await order({ request, context, params: {} }));
	expect(data).toMatchObject({ quote, orderKey: KEY, wish: { from: 'A3.5', to: 'A1' }, refusal: null });
	expect(called.map(({ path }) => path)).toEqual(['/v1/quotes']);
});

test('an order carries the key of its form and leads to its smile; sent twice it carries the same key', async () => {
	const { context, called } = givenApi({
		'POST /v1/renders': () => json({ id: 'rnd_7', state: 'queued', credits: { held: 24 } }, 202),
	});
	for (let click = 0; click < 2; click += 1) {
		const response = await responseOf(order({ request: post(PATH, FIELDS), context, params: {} }));
		expect(response.headers.get('location')).toBe('/smiles/rnd_7');
	}
	expect(called.map(({ headers }) => headers.get('idempotency-key'))).toEqual([KEY, KEY]);
	expect(called[0]?.body).toEqual({ tool: 'smile.video', input: INPUT, creditsMax: 24 });
});

test('too few credits is said in place and the key stays for the next try', async () => {
	const sentence = '18 credits, and this costs 24.';
	const { context } = givenApi({ 'POST /v1/renders': () => refusal(402, 'insufficient_credits', sentence) });
	const { data, status } = answered(await order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(status).toBe(402);
	expect(data).toMatchObject({ orderKey: KEY, refusal: { code: 'insufficient_credits', message: sentence } });
});

test('a price that rose meanwhile is shown whole under the same key, and ordering again is a yes to it', async () => {
	const details = { credits: 30, creditsMax: 24 };
	const quote = { tool: 'smile.video', credits: 30, breakdown: [{ item: 'After picture', credits: 10 }] };
	const { context, called } = givenApi({
		'POST /v1/renders': () => refusal(409, 'price_above_limit', 'This costs 30 credits now.', details),
		'POST /v1/quotes': () => json(quote),
	});
	const { data, status } = answered(await order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(status).toBe(409);
	expect(data).toMatchObject({ orderKey: KEY, quote, refusal: { code: 'price_above_limit', details } });
	expect(called.map(({ path }) => path)).toEqual(['/v1/renders', '/v1/quotes']);
	expect(called[1]?.body).toEqual({ tool: 'smile.video', input: INPUT });
});

test('where the new price cannot be asked, none is shown and the next step is to ask', async () => {
	const { context } = givenApi({
		'POST /v1/renders': () =>
			refusal(409, 'price_above_limit', 'This costs 30 credits now.', { credits: 30, creditsMax: 24 }),
		'POST /v1/quotes': () => refusal(503, 'upstream_unavailable', 'Try again.'),
	});
	const { data } = answered(await order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(data).toMatchObject({ quote: null, refusal: { details: { credits: 30 } } });
});

test('a key that stands for another order is let go for a new one', async () => {
	const { context } = givenApi({ 'POST /v1/renders': () => refusal(409, 'idempotency_conflict', 'Another order.') });
	const { data, status } = answered(await order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(status).toBe(409);
	expect(data).toMatchObject({ orderKey: expect.stringMatching(UUID), wish: { from: 'A3.5', to: 'A1' } });
	expect(data['orderKey']).not.toBe(KEY);
});

test('an answer that never came keeps the key, so that the next try is the same order', async () => {
	const { context } = givenApi({ 'POST /v1/renders': () => refusal(503, 'upstream_unavailable', 'Try again.') });
	const { data } = answered(await order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(data).toMatchObject({ orderKey: KEY });
});

test('a shade that is not lighter, an unknown tab and a foreign key are refused before the api is asked', async () => {
	const { context, called } = givenApi({});
	const wrong = [
		{ to: 'A3.5' },
		{ to: 'C4' },
		{ to: 'Z9' },
		{ from: '' },
		{ orderKey: 'mine' },
		{ intent: 'steal' },
		{ creditsMax: '' },
		{ treatment: 'dentures' },
		{ treatment: 'veneers', from: '' },
	];
	for (const change of wrong) {
		const request = post(PATH, { ...FIELDS, ...change });
		const { data, status } = answered(await order({ request, context, params: {} }));
		expect({ change, status }).toEqual({ change, status: 400 });
		expect(data['refusal']).toMatchObject({ code: 'invalid_input' });
	}
	expect(called).toEqual([]);
});

const VENEERS = {
	...FIELDS,
	treatment: 'veneers',
	strength: '60',
	evenness: '30',
	'veneers.units': '4',
	'veneers.style': 'hollywood',
	// What another treatment's fields brought along without script.
	'crowns.material': 'zirconia',
	'crowns.tooth': '11',
	'veneers.translucency': 'of glass',
	note: 'draw a cat',
};

test('an order holds what its own treatment asks and what is not as usual, and no word beside', async () => {
	const { context, called } = givenApi({ 'POST /v1/renders': () => json({ id: 'rnd_8', state: 'queued' }, 202) });
	await order({ request: post(PATH, VENEERS), context, params: {} });
	const input = {
		uploadId: 'upl_1',
		treatment: 'veneers',
		fromShade: 'A3.5',
		toShade: 'A1',
		strength: 60,
		evenness: 30,
		choices: { units: '4', style: 'hollywood' },
	};
	expect(called[0]?.body).toEqual({ tool: 'smile.video', input, creditsMax: 24 });
	// The same words in an address begin with the same wish.
	const again = wishOf(new URLSearchParams(parametersOf(input)));
	expect(inputOf('upl_1', again)).toEqual(input);
});

test('a treatment that keeps the colour is ordered without shades, whatever the form brought', async () => {
	const { context, called } = givenApi({ 'POST /v1/renders': () => json({ id: 'rnd_9', state: 'queued' }, 202) });
	const fields = { ...FIELDS, treatment: 'aligners', from: '', 'aligners.stage': 'half', strength: '40' };
	await order({ request: post(PATH, fields), context, params: {} });
	expect(called[0]?.body).toEqual({
		tool: 'smile.video',
		input: { uploadId: 'upl_1', treatment: 'aligners', choices: { stage: 'half' } },
		creditsMax: 24,
	});
});

test('teeth that were marked are named once, those of no smile are not', () => {
	const marked = new URLSearchParams(
		'treatment=crowns&crowns.tooth=21&crowns.tooth=11&crowns.tooth=21&crowns.tooth=48',
	);
	expect(wishOf(marked).teeth).toEqual([11, 21]);
	expect(inputOf('upl_1', wishOf(marked))).toMatchObject({ treatment: 'crowns', teeth: [11, 21] });
});

test('a number out of its range, or none, is as usual', () => {
	for (const strength of ['5', '101', '1e2', '-20', '', 'x']) {
		expect(wishOf(new URLSearchParams({ strength, evenness: '999' }))).toMatchObject({ strength: 85, evenness: 0 });
	}
});

test('whatever a form of any treatment holds is an order that the api takes', () => {
	for (const { id, choices } of TREATMENTS) {
		for (const { id: choice, options } of choices) {
			for (const option of options) {
				const words = new URLSearchParams({ treatment: id, [`${id}.${choice}`]: option.id });
				const input = inputOf('upl_1', wishOf(words));
				expect(parseRenderInput(dental, { tool: 'smile.video', input }).stored).toEqual(input);
			}
		}
	}
});

test('a smile is called by its treatment and, where that has them, its shades', () => {
	expect(treatmentWords({ fromShade: 'A3', toShade: 'A1' })).toBe('Whitening A3 to A1');
	expect(treatmentWords({ treatment: 'veneers', fromShade: 'A3', toShade: 'B1' })).toBe('Veneers A3 to B1');
	expect(treatmentWords({ treatment: 'gum-contouring' })).toBe('Gum contouring');
	expect(treatmentWords({ erased: true })).toBe('Erased');
	expect(changedWords({ treatment: 'bonding' })).toMatch(/^The shade of the teeth, their shape and their length\./);
	expect(changedWords({ treatment: 'aligners' })).toMatch(/^Their place\. Pictures like this/);
});

test('what changed is said by its count, also when it is too much', () => {
	const counted = { changed: 812, total: 1_000_000, outside: 0, outsideTotal: 998_000 };
	expect(changeWords(counted, 'teeth')).toBe('Only the mouth changes. Around the teeth, 0 of 998,000 pixels differ.');
	expect(changeWords({ ...counted, outside: 3 }, 'mouth')).toMatch(/^More than the mouth changes\. .* 3 of 998,000/);
	expect(changeWords({ ...counted, changed: 0 }, 'teeth')).toBe('Nothing changes: 0 of 1,000,000 pixels differ.');
});

test('the pair page is for who is signed in, and asks for their practice and nothing else', async () => {
	const signedOut = givenApi({ 'GET /v1/account': () => refusal(401, 'not_signed_in', 'Sign in first.') });
	const away = await responseOf(openPair({ request: get('/pairs/new'), context: signedOut.context, params: {} }));
	expect(away.headers.get('location')).toBe('/sign-in?next=%2Fpairs%2Fnew');
	const elsewhere = givenApi({}, 'media');
	const none = await responseOf(openPair({ request: get('/pairs/new'), context: elsewhere.context, params: {} }));
	expect(none.status).toBe(404);
	expect([signedOut.called.length, elsewhere.called.length]).toEqual([1, 0]);
});

test('signed out in between leads to sign-in and back to the same photo', async () => {
	const { context } = givenApi({ 'POST /v1/renders': () => refusal(401, 'not_signed_in', 'Sign in first.') });
	const response = await responseOf(order({ request: post(PATH, FIELDS), context, params: {} }));
	expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(PATH)}`);
});

test('bleach is never a shade of today, and whitening offers only what is lighter', () => {
	expect(SHADES_TODAY).toHaveLength(16);
	expect(lighterThan('B1')).toEqual(['BL1', 'BL2', 'BL3', 'BL4']);
	expect(lighterOr('A1', 'A2')).toBe('B1');
	expect(lighterOr('A3', 'A1')).toBe('A1');
	expect(stepsWorthCaution('A3.5', 'A1')).toBe(10);
	expect(stepsWorthCaution('A2', 'A1')).toBeNull();
});
