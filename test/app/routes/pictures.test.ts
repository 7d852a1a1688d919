import { expect, test } from 'vitest';

import { action as orderAction, loader as listLoader } from '../../../app/routes/pictures._index';
import { action as pictureAction } from '../../../app/routes/pictures.$id';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const KEY = '3f1c2a52-8c1e-4f0b-9d57-1f2e3d4c5b6a';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function order(api: ReturnType<typeof givenApi>, fields: Record<string, string>) {
	return orderAction({ request: post('/pictures', fields), context: api.context, params: {} });
}

test('an order carries the key of its form and leads to the picture', async () => {
	const api = givenApi(
		{
			'POST /v1/renders': () => json({ id: 'rnd_1', state: 'queued', credits: { held: 4 } }, 202),
		},
		'image',
	);

	const answer = await responseOf(order(api, { orderKey: KEY, creditsMax: '4', prompt: ' A paper boat ' }));

	expect(answer.headers.get('location')).toBe('/pictures/rnd_1');
	expect(api.called[0]?.headers.get('idempotency-key')).toBe(KEY);
	expect(api.called[0]?.body).toEqual({ tool: 'image.generate', input: { prompt: 'A paper boat' }, creditsMax: 4 });
});

test('no words are refused before anything is sent', async () => {
	const api = givenApi({}, 'image');

	const result = await order(api, { orderKey: KEY, creditsMax: '4', prompt: '  ' });

	expect(result).toMatchObject({ data: { field: 'Write what you want to see.' }, init: { status: 400 } });
	expect(api.called).toEqual([]);
});

test('too few credits are said where the order was made, and the words stay', async () => {
	const sentence = '2 credits, and this picture costs 4.';
	const details = { available: 2, required: 4 };
	const api = givenApi({ 'POST /v1/renders': () => refusal(402, 'insufficient_credits', sentence, details) }, 'image');

	const result = await order(api, { orderKey: KEY, creditsMax: '4', prompt: 'A boat' });

	expect(result).toMatchObject({
		data: { refusal: { code: 'insufficient_credits', details }, prompt: 'A boat', orderKey: KEY },
		init: { status: 402 },
	});
});

test('an answer that never came keeps the key, so that the next try is the same order', async () => {
	const api = givenApi({ 'POST /v1/renders': () => refusal(503, 'upstream_unavailable', 'Try again.') }, 'image');

	expect(await order(api, { orderKey: KEY, creditsMax: '4', prompt: 'A boat' })).toMatchObject({
		data: { orderKey: KEY },
	});
});

test('a key that stands for another order is let go for a new one, and so is one that nobody gave out', async () => {
	const api = givenApi({ 'POST /v1/renders': () => refusal(409, 'idempotency_conflict', 'Another order.') }, 'image');

	const conflict = await order(api, { orderKey: KEY, creditsMax: '4', prompt: 'A boat' });
	const foreign = await order(api, { orderKey: 'mine', creditsMax: '4', prompt: 'A boat' });

	const fresh = expect.stringMatching(UUID);
	expect(conflict).toMatchObject({
		data: { orderKey: fresh, refusal: { message: 'Another order.' } },
		init: { status: 409 },
	});
	expect(conflict).not.toMatchObject({ data: { orderKey: KEY } });
	expect(foreign).toMatchObject({ data: { orderKey: fresh }, init: { status: 400 } });
	expect(api.called).toHaveLength(1);
});

test('a price that rose meanwhile is said with the new one, under the same key', async () => {
	const details = { credits: 6, creditsMax: 4 };
	const api = givenApi(
		{ 'POST /v1/renders': () => refusal(409, 'price_above_limit', 'It costs 6.', details) },
		'image',
	);

	const result = await order(api, { orderKey: KEY, creditsMax: '4', prompt: 'A boat' });

	expect(result).toMatchObject({ data: { orderKey: KEY, refusal: { details } }, init: { status: 409 } });
});

test('nothing is ordered without the price that was shown', async () => {
	const api = givenApi({}, 'image');
	const prices: Record<string, string>[] = [{}, { creditsMax: '' }, { creditsMax: 'free' }, { creditsMax: '0' }];
	for (const price of prices) {
		const result = await order(api, { orderKey: KEY, prompt: 'A boat', ...price });
		expect(result).toMatchObject({ data: { refusal: { code: 'invalid_input' } }, init: { status: 400 } });
	}
	expect(api.called).toEqual([]);
});

test('two openings of the form have two keys', async () => {
	const { context } = givenApi({ 'GET /v1/renders': () => json({ items: [], nextCursor: null }) }, 'image');
	const open = () => listLoader({ request: get('/pictures'), context, params: {} });

	expect((await open()).orderKey).not.toBe((await open()).orderKey);
});

test('another studio has no pictures', async () => {
	const { context, called } = givenApi({}, 'dental');

	const answer = await responseOf(listLoader({ request: get('/pictures'), context, params: {} }));

	expect(answer.status).toBe(404);
	expect(called).toEqual([]);
});

test('deleting leads to the receipt; a refusal is said on the page', async () => {
	const api = givenApi(
		{
			'DELETE /v1/assets/ast_1': () => json({ receiptId: 'rct_1' }, 202),
			'DELETE /v1/assets/ast_2': () => refusal(404, 'not_found', 'There is no such asset, or it is not yours.'),
		},
		'image',
	);
	const remove = (assetId: string) =>
		pictureAction({ request: post('/pictures/rnd_1', { assetId }), context: api.context, params: { id: 'rnd_1' } });

	expect((await responseOf(remove('ast_1'))).headers.get('location')).toBe('/receipts/rct_1');
	expect(await remove('ast_2')).toMatchObject({
		data: { refusal: 'There is no such asset, or it is not yours.' },
		init: { status: 404 },
	});
});

test('cancelling what has ended says why not', async () => {
	const api = givenApi(
		{
			'POST /v1/renders/rnd_1/cancel': () => refusal(409, 'conflict', 'It is ready already.'),
		},
		'image',
	);

	const result = await pictureAction({
		request: post('/pictures/rnd_1', {}),
		context: api.context,
		params: { id: 'rnd_1' },
	});

	expect(result).toMatchObject({ data: { refusal: 'It is ready already.' }, init: { status: 409 } });
});
