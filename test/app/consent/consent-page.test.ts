import { expect, test } from 'vitest';

import { action, loader } from '../../../app/routes/consents.$id';
import { loader as smilesLoader } from '../../../app/routes/smiles._index';
import { get, givenApi, json, refusal, responseOf } from '../fake-api';
import { answered } from '../smiles/answers';

const PATH = '/consents/cns_1';
const params = { id: 'cns_1' };

/** An api that refuses so, each time it is asked. */
function refusing(...told: Parameters<typeof refusal>) {
	return () => refusal(...told);
}

async function sent(fields: Record<string, string> | [string, string][], answers: Parameters<typeof givenApi>[0] = {}) {
	const { context, called } = givenApi(answers);
	const body = new URLSearchParams(fields);
	const request = new Request(`https://app.test${PATH}`, { method: 'POST', body });
	return { result: await action({ request, context, params }), called };
}

test('a consent is shown with the patient’s links', async () => {
	const { context } = givenApi({
		'GET /v1/consents/cns_1': () => json({ id: 'cns_1', state: 'active' }),
		'GET /v1/consents/cns_1/links': () => json({ items: [{ id: 'cnl_1' }] }),
	});
	expect(await loader({ request: get(PATH), context, params })).toEqual({
		consent: { id: 'cns_1', state: 'active' },
		ways: [{ id: 'cnl_1' }],
	});
});

test('somebody else’s consent is not found', async () => {
	const { context } = givenApi({
		'GET /v1/consents/cns_1': refusing(404, 'not_found', 'This consent is not here.'),
		'GET /v1/consents/cns_1/links': refusing(404, 'not_found', 'This consent is not here.'),
	});
	const turned = await responseOf(loader({ request: get(PATH), context, params }));
	expect(turned.status).toBe(404);
});

test('what is ticked stays allowed, and the rest is taken away', async () => {
	const { result, called } = await sent(
		[
			['intent', 'narrow'],
			['channels', 'room'],
			['channels', 'download'],
		],
		{ 'POST /v1/consents/cns_1/narrow': () => json({ id: 'cns_1', channels: ['room'], narrowedAt: null }) },
	);
	expect(called).toMatchObject([{ body: { channels: ['room', 'download'] } }]);
	expect(answered(result).data).toMatchObject({ done: 'It allows only what was ticked.', narrowError: null });
});

test('boxes that nothing is left of are refused beside the boxes, and another refusal above the page', async () => {
	const nothing = refusing(400, 'invalid_input', 'Nothing would be left.', { fields: ['channels'] });
	const boxes = await sent({ intent: 'narrow' }, { 'POST /v1/consents/cns_1/narrow': nothing });
	expect(answered(boxes.result)).toMatchObject({
		status: 400,
		data: { narrowError: 'Nothing would be left.', refusal: null },
	});
	const over = refusing(409, 'conflict', 'Not in force.');
	const ended = await sent({ intent: 'narrow', channels: 'room' }, { 'POST /v1/consents/cns_1/narrow': over });
	expect(answered(ended.result)).toMatchObject({ status: 409, data: { narrowError: null, refusal: 'Not in force.' } });
});

test('a revocation answers with its receipt, and a refused one changes nothing', async () => {
	const revoked = { id: 'cns_1', state: 'revoked', photosBeingDeleted: 1, madeBeingDeleted: 2, receiptId: 'rct_1' };
	const { result } = await sent({ intent: 'revoke' }, { 'POST /v1/consents/cns_1/revoke': () => json(revoked, 202) });
	expect(answered(result).data).toMatchObject({ done: 'Consent revoked.', receiptId: 'rct_1' });
	const refused = refusing(403, 'not_allowed', 'Your role does not revoke.');
	const other = await sent({ intent: 'revoke' }, { 'POST /v1/consents/cns_1/revoke': refused });
	expect(answered(other.result)).toMatchObject({
		status: 403,
		data: { done: null, refusal: 'Your role does not revoke.' },
	});
});

test('a patient’s link stands in the answer this once, and can be ended', async () => {
	const made = { id: 'cnl_1', url: 'https://app.example/c/t', expiresAt: '2026-12-01T00:00:00.000Z' };
	const { result } = await sent({ intent: 'link' }, { 'POST /v1/consents/cns_1/links': () => json(made, 201) });
	expect(answered(result)).toMatchObject({ status: 201, data: { link: made.url, done: null } });
	const ending = { 'POST /v1/consent-links/cnl_1/end': () => json({ id: 'cnl_1', endedAt: made.expiresAt }) };
	const ended = await sent({ intent: 'end-link', linkId: 'cnl_1' }, ending);
	expect(answered(ended.result).data).toMatchObject({ done: 'The link is ended.', link: null });
});

test('a button that is not known asks the api for nothing', async () => {
	const { result, called } = await sent({ intent: 'x' });
	expect(called).toEqual([]);
	expect(answered(result).status).toBe(400);
});

test('the list asks for what needs attention alone when it is filtered', async () => {
	const asked: string[] = [];
	const { context } = givenApi({ 'GET /v1/renders': () => json({ items: [], nextCursor: null }) });
	const { api } = context;
	const watching = {
		...context,
		api: {
			fetch: (input: RequestInfo | URL, init?: RequestInit) => {
				asked.push(new URL(new Request(input, init).url).search);
				return api.fetch(input, init);
			},
		},
	};
	for (const path of ['/smiles', '/smiles?show=attention', '/smiles?show=other']) {
		const read = await smilesLoader({ request: get(path), context: watching, params: {} });
		expect(read).toMatchObject({ isFiltered: path === '/smiles?show=attention' });
	}
	expect(asked).toEqual(['?limit=20', '?limit=20&needsAttention=yes', '?limit=20']);
});
