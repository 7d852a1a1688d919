import { expect, test } from 'vitest';

import { loader as rootLoader } from '../../../app/root';
import { loader as assetLoader } from '../../../app/routes/files.$id.$view';
import { loader as creditsLoader } from '../../../app/routes/credits';
import { action as modeAction } from '../../../app/routes/mode';
import { loader as receiptLoader } from '../../../app/routes/receipts.$id';
import { loader as fileLoader } from '../../../app/routes/receipts.$id_.file';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { givenIssuedReceipt } from '../receipts/given-receipt';

test('a visitor without a session costs no call', async () => {
	const { context, called } = givenApi({});

	const shell = await rootLoader({ request: get('/'), context, params: {} });

	expect(shell).toMatchObject({
		studio: 'dental',
		session: { signedIn: false },
		mode: 'system',
		zone: null,
		dates: 'en-GB',
	});
	expect(called).toEqual([]);
});

test('a page in a silent moment of the api is shown as to a visitor', async () => {
	const { context } = givenApi({ 'GET /v1/session': () => refusal(503, 'upstream_unavailable', 'x') });

	const shell = await rootLoader({ request: get('/', { cookie: 'afterglow_session=1' }), context, params: {} });

	expect(shell.session).toEqual({ signedIn: false });
});

const signedOut = () => refusal(401, 'not_signed_in', 'Sign in first.');

test('a signed-out visitor of a page behind sign-in is led there and back', async () => {
	const { context } = givenApi({
		'GET /v1/credits': signedOut,
		'GET /v1/credits/entries': signedOut,
		'GET /v1/credits/usage': signedOut,
	});

	const answer = await responseOf(creditsLoader({ request: get('/credits'), context, params: {} }));

	expect(answer.headers.get('location')).toBe('/sign-in?next=%2Fcredits');
});

test('a receipt is read with its verdict, and somebody else’s is not found', async () => {
	const receipt = await givenIssuedReceipt();
	const { context } = givenApi({
		'GET /v1/receipts/rct_1': () => json(receipt),
		'GET /v1/receipts/rct_2': () => refusal(404, 'not_found', 'There is no such receipt, or it is not yours.'),
	});
	const read = (id: string) => receiptLoader({ request: get(`/receipts/${id}`), context, params: { id } });

	expect(await read('rct_1')).toMatchObject({ state: 'issued', id: 'rct_1', issued: { seq: 12, isSigned: true } });
	expect((await responseOf(read('rct_2'))).status).toBe(404);
});

test('the signed file holds the text as an object and what repeats it, and no more', async () => {
	const receipt = await givenIssuedReceipt();
	const { context } = givenApi({ 'GET /v1/receipts/rct_1': () => json(receipt) });

	const file = await fileLoader({ request: get('/receipts/rct_1/file'), context, params: { id: 'rct_1' } });

	expect(file.headers.get('content-disposition')).toBe('attachment; filename="receipt-rct_1.json"');
	expect(await file.json()).toEqual({
		body: JSON.parse(receipt.body),
		hash: receipt.hash,
		previousHash: receipt.previousHash,
		seq: 12,
		keyId: receipt.keyId,
		signature: receipt.signature,
		publicKey: receipt.publicKey,
	});
});

test('the signed file proves its place in the log once a head covers it', async () => {
	const head = { treeSize: 40, signedAt: '2026-11-22T14:08:00Z' };
	const proof = { leafIndex: 11, hashes: ['a'.repeat(64)], head };
	const receipt = { ...(await givenIssuedReceipt()), proof };
	const { context } = givenApi({ 'GET /v1/receipts/rct_1': () => json(receipt) });
	const params = { id: 'rct_1' };

	const file = await fileLoader({ request: get('/receipts/rct_1/file'), context, params });
	expect(await file.json()).toMatchObject({ seq: 12, proof });
	const shown = await receiptLoader({ request: get('/receipts/rct_1'), context, params });
	expect(shown).toMatchObject({ issued: { proof: head } });
});

test('a receipt that is not signed yet has no file', async () => {
	const pending = { state: 'pending', id: 'rct_1', dueAt: '2026-11-22T14:07:04Z', what: 'x', waitingFor: [] };
	const { context } = givenApi({ 'GET /v1/receipts/rct_1': () => json(pending) });

	const file = await fileLoader({ request: get('/receipts/rct_1/file'), context, params: { id: 'rct_1' } });

	expect(file.status).toBe(404);
});

test('a lasting address leads to one on the media host and is never kept', async () => {
	const { context } = givenApi({
		'GET /v1/assets/ast_1': () => json({ url: 'https://media.example/v', downloadUrl: 'https://media.example/d' }),
	});
	const open = (view: string) => assetLoader({ request: get('/x'), context, params: { id: 'ast_1', view } });

	const shown = await open('view');
	const saved = await open('download');

	expect(shown.headers.get('location')).toBe('https://media.example/v');
	expect(saved.headers.get('location')).toBe('https://media.example/d');
	expect(shown.headers.get('cache-control')).toBe('private, no-store');
	expect((await open('other')).status).toBe(404);
});

test('colours are kept and the page stays', async () => {
	const { context } = givenApi({});
	const request = post('/mode', { mode: 'dark', next: '/credits' });

	const answer = await responseOf(modeAction({ request, context, params: {} }));

	expect(answer.headers.get('location')).toBe('/credits');
	expect(answer.headers.get('set-cookie')).toMatch(/^mode=dark;/);
});

test('the language of dates is kept in this browser, and the colours stay as they were', async () => {
	const { context } = givenApi({});
	const request = post('/mode', { dates: 'de-DE', next: '/settings' });

	const answer = await responseOf(modeAction({ request, context, params: {} }));

	expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^dates=de-DE;/)]);
});
