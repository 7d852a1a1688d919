import { expect, test } from 'vitest';

import { readOutside } from '../../../app/share/read-outside';
import { sharingAction, SHARING_INTENTS } from '../../../app/share/sharing-action';
import { apiFor } from '../../../app/api';
import { loader as fileLoader } from '../../../app/routes/files.$id.$view';
import { action as smileAction, loader as smileLoader } from '../../../app/routes/smiles.$id';
import { loader as postedLoader } from '../../../app/routes/practice.posted';
import { answered, givenRender } from '../smiles/answers';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const PATH = '/smiles/rnd_1';

async function sent(fields: Record<string, string>, answers: Parameters<typeof givenApi>[0] = {}) {
	const { context, called } = givenApi(answers);
	const request = post(PATH, fields);
	const answer = await sharingAction(context, request, await request.clone().formData());
	return { answer: answer === null ? null : answered(answer), called };
}

test('a link is made of what was chosen, and stands in the answer this once', async () => {
	const { answer, called } = await sent(
		{ intent: 'share', what: 'ast_1 smile', expiresInHours: '24', passcode: ' 123456 ' },
		{ 'POST /v1/assets/ast_1/shares': () => json({ id: 'shr_1', url: 'https://app.example/s/t' }, 201) },
	);
	expect(called).toMatchObject([{ body: { expiresInHours: 24, shows: 'smile', passcode: '123456' } }]);
	expect(answer?.data).toMatchObject({ done: null, sharing: { link: 'https://app.example/s/t', errors: null } });
});

test('a refused link comes back with the sentence beside its field, and never with the passcode', async () => {
	const { answer } = await sent(
		{ intent: 'share', what: 'ast_1 asset', expiresInHours: '24', passcode: '123' },
		{
			'POST /v1/assets/ast_1/shares': () => refusal(400, 'invalid_input', 'Too short.', { fields: ['passcode'] }),
		},
	);
	expect(answer).toMatchObject({ status: 400, data: { sharing: { link: null, errors: { passcode: 'Too short.' } } } });
	expect(JSON.stringify(answer)).not.toContain('"123"');
});

test('what the gate keeps back is said above the form', async () => {
	const { answer } = await sent(
		{ intent: 'share', what: 'ast_1 asset', expiresInHours: '24' },
		{ 'POST /v1/assets/ast_1/shares': () => refusal(403, 'publish_refused', 'Not covered.', { rule: 'x' }) },
	);
	expect(answer).toMatchObject({ status: 403, data: { sharing: { errors: { form: 'Not covered.' } } } });
});

test.each([
	[{ intent: 'note-posting', place: 'moon', address: 'x', postedAt: '2026-11-01' }, 'place'],
	[{ intent: 'note-posting', place: 'website', address: ' ', postedAt: '2026-11-01' }, 'address'],
	[{ intent: 'note-posting', place: 'website', address: 'x', postedAt: '' }, 'postedAt'],
	[{ intent: 'tick-posting', postingId: 'pst_1', proof: '' }, 'proof'],
	[{ intent: 'jurisdiction', jurisdiction: 'MARS' }, 'jurisdiction'],
] as const)('%j asks the api for nothing and says what is missing', async (fields, field) => {
	const { answer, called } = await sent(fields);
	expect(called).toEqual([]);
	expect(answer).toMatchObject({ status: 400, data: { sharing: { errors: { [field]: expect.any(String) } } } });
});

test('ending a link, noting and ticking a copy and saying the place each ask for just that', async () => {
	const entry = { id: 'pst_1' };
	for (const [fields, call, body] of [
		[{ intent: 'end-share', shareId: 'shr_1' }, 'DELETE /v1/shares/shr_1', null],
		[
			{
				intent: 'note-posting',
				assetId: 'ast_1',
				place: 'website',
				address: 'https://x.example',
				postedAt: '2026-11-01',
			},
			'POST /v1/assets/ast_1/postings',
			{ place: 'website', address: 'https://x.example', postedAt: '2026-11-01T00:00:00.000Z' },
		],
		[
			{ intent: 'tick-posting', postingId: 'pst_1', proof: 'Looked' },
			'POST /v1/postings/pst_1/removed',
			{ proof: 'Looked' },
		],
		[{ intent: 'jurisdiction', jurisdiction: 'UK' }, 'PUT /v1/account/jurisdiction', { jurisdiction: 'UK' }],
	] as const) {
		const { answer, called } = await sent(fields, { [call]: () => json(entry) });
		expect(called).toMatchObject([{ body }]);
		expect(answer?.data).toMatchObject({ done: expect.any(String), refusal: null });
	}
});

test('every other form of the page is left to the page', async () => {
	expect((await sent({ intent: 'cancel' })).answer).toBeNull();
	expect(SHARING_INTENTS).not.toContain('delete-asset');
	const { context, called } = givenApi({ 'DELETE /v1/shares/shr_1': () => json({ id: 'shr_1', revokedAt: 'now' }) });
	const request = post(PATH, { intent: 'end-share', shareId: 'shr_1' });
	await smileAction({ request, context, params: { id: 'rnd_1' } });
	expect(called).toHaveLength(1);
});

test('a finished smile comes with what left of it, and one whose links cannot be read comes all the same', async () => {
	const view = { render: givenRender({ state: 'succeeded' }), source: null, assets: [] };
	const { context } = givenApi({
		'GET /v1/renders/rnd_1/view': () => json(view),
		'GET /v1/shares': () => json({ items: [] }),
		'GET /v1/postings': () => json({ items: [] }),
	});
	const order = { request: get(PATH), context, params: { id: 'rnd_1' } };
	expect(await smileLoader(order)).toEqual({ ...view, outside: { shares: [], postings: [] } });
	const refusing = givenApi({
		'GET /v1/shares': () => refusal(503, 'upstream_unavailable', 'Later.'),
		'GET /v1/postings': () => json({ items: [] }),
	});
	expect(await readOutside(apiFor(refusing.context, get(PATH)), 'rnd_1')).toBeNull();
});

test('the list of all posted copies leads a stranger to sign-in and back', async () => {
	const { context } = givenApi({ 'GET /v1/postings': () => refusal(401, 'not_signed_in', 'Sign in.') });
	const answer = await responseOf(postedLoader({ request: get('/practice/posted'), context, params: {} }));
	expect(answer.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent('/practice/posted')}`);
});

test('what the gate keeps from leaving is looked at and not downloaded, and the answer says by which rule', async () => {
	const publish = [{ use: 'download', rule: 'The patient has revoked the consent.' }];
	const asset = { url: 'https://media.example/v', downloadUrl: null, publish };
	const { context } = givenApi({ 'GET /v1/assets/ast_1': () => json(asset) });
	const open = (view: string) => fileLoader({ request: get('/x'), context, params: { id: 'ast_1', view } });
	expect((await open('view')).headers.get('location')).toBe('https://media.example/v');
	const refused = await open('download');
	expect([refused.status, await refused.text()]).toEqual([403, 'The patient has revoked the consent.']);
});
