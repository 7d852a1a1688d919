import { expect, test } from 'vitest';

import { loader as auditLoader } from '../../../app/routes/practice.audit';
import { action as keysAction } from '../../../app/routes/practice.keys';
import { action as makeAction, loader as makeLoader } from '../../../app/routes/practice_.keys.new';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { args, members, PROOF } from '../given-team';

const MADE = {
	id: 'key_1',
	name: 'Nightly',
	ending: 'abcd',
	scopes: [],
	createdAt: '',
	expiresAt: '2027-01-01T00:00:00Z',
};
const ORDER = { name: 'Nightly', days: '30', scopes: 'credits:read' };

test('a made key is in the answer and in no header', async () => {
	const api = givenApi({ 'POST /v1/keys': () => json({ ...MADE, key: 'ak_secret' }, 201) });
	const answer = await makeAction(args(api, post('/practice/keys/new', ORDER)));
	expect(api.called[0]?.body).toEqual({ name: 'Nightly', scopes: ['credits:read'], expiresInDays: 30 });
	expect(answer).toMatchObject({ data: { made: { name: 'Nightly', key: 'ak_secret' } } });
	expect(JSON.stringify(answer.init)).not.toContain('ak_secret');
	expect(JSON.stringify(answer.init)).toContain('__Host-key-draft=;');
});

test('a proof asked for keeps what was typed, and the page takes it up again', async () => {
	const api = givenApi({ 'POST /v1/keys': PROOF, 'GET /v1/members': members('ada') });
	const away = await responseOf(makeAction(args(api, post('/practice/keys/new', ORDER))));
	expect(away.headers.get('location')).toBe('/prove?next=%2Fpractice%2Fkeys%2Fnew');
	const cookie = away.headers.getSetCookie()[0] ?? '';
	expect(cookie).toMatch(/HttpOnly; Secure$/);
	const back = get('/practice/keys/new', { cookie: cookie.split(';')[0] ?? '' });
	expect(await makeLoader(args(api, back))).toMatchObject({
		draft: { name: 'Nightly', scopes: ['credits:read'], days: 30 },
	});
	expect(
		await makeLoader(args(api, get('/practice/keys/new', { cookie: '__Host-key-draft=%7Bbroken' }))),
	).toMatchObject({
		draft: { name: '', scopes: [], days: 90 },
	});
});

test('a role without keys gets no form, and nothing chosen is said at the choice', async () => {
	const api = givenApi({ 'GET /v1/members': members('ben') });
	expect((await responseOf(makeLoader(args(api, get('/practice/keys/new'))))).status).toBe(403);
	expect(await makeAction(args(api, post('/practice/keys/new', { name: 'N', days: '30' })))).toMatchObject({
		data: { made: null, errors: { scopes: 'Choose at least one thing that the key may do.' }, draft: { name: 'N' } },
	});
});

test('a key is revoked in place, with a reason if one was given', async () => {
	const api = givenApi({ 'DELETE /v1/keys/key_1': () => json({ id: 'key_1', revokedAt: '2026-01-01T00:00:00Z' }) });
	const revoking = (more: Record<string, string>) =>
		keysAction(args(api, post('/practice/keys', { intent: 'revoke', id: 'key_1', ...more })));
	expect(await revoking({})).toMatchObject({ data: { done: expect.stringContaining('refused') } });
	expect(await revoking({ reason: ' It leaked. ' })).toMatchObject({ data: { done: expect.any(String) } });
	expect(await revoking({ reason: 'x'.repeat(301) })).toMatchObject({
		data: { refused: 'A reason has 300 characters at most.' },
	});
	expect(api.called.map(({ body }) => body)).toEqual([{ reason: '' }, { reason: 'It leaked.' }]);
});

test('the record is asked with the filter of its address, by the reader’s days, and names who left', async () => {
	const asked: string[] = [];
	const entry = { who: { id: 'usr_cleo', name: 'Cleo' } };
	const api = givenApi({ 'GET /v1/members': members('ada') });
	const others = api.context.api;
	const context = {
		...api.context,
		api: {
			fetch(input: RequestInfo | URL, init?: RequestInit) {
				const url = new URL(new Request(input, init).url);
				if (url.pathname !== '/v1/audit') return others.fetch(input, init);
				asked.push(url.search);
				return Promise.resolve(json({ items: [entry], nextCursor: '5~aud_1' }));
			},
		},
	};
	const request = get('/practice/audit?what=key.made&from=2026-11-21&cursor=9~aud_2', {
		cookie: 'zone=Europe%2FBerlin',
	});
	const answer = await auditLoader({ request, context, params: {} });
	expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
		limit: '30',
		action: 'key.made',
		from: '2026-11-20T23:00:00.000Z',
		cursor: '9~aud_2',
	});
	expect(answer).toMatchObject({ isFirstPage: false, nextCursor: '5~aud_1' });
	expect(answer.people.map(({ name }) => name)).toEqual(['Ada', 'Ben', 'Cleo (not a member)']);
	const gone = await auditLoader({ request: get('/practice/audit?who=usr_dora'), context, params: {} });
	expect(gone.people.at(-1)).toEqual({ id: 'usr_dora', name: 'Somebody who is not a member' });
});

test('who may not read the record is told so with the api’s reason', async () => {
	const api = givenApi({
		'GET /v1/members': members('ben'),
		'GET /v1/audit': () => refusal(403, 'not_allowed', 'Your role here, staff, does not include this. Ask the owner.'),
	});
	const answer = await responseOf(auditLoader(args(api, get('/practice/audit'))));
	expect(answer.status).toBe(403);
	expect(await answer.text()).toContain('Ask the owner.');
});
