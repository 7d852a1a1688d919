import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { expect, test } from 'vitest';

import { action as proveAction, loader as proveLoader } from '../../../app/routes/prove';
import { action as nameAction, loader as settingsLoader } from '../../../app/routes/settings._index';
import { action as securityAction, loader as securityLoader } from '../../../app/routes/settings.security';
import { action as emailAction, loader as emailLoader } from '../../../app/routes/settings_.email';
import { action as linkAction } from '../../../app/routes/settings_.link';
import { action as passwordAction } from '../../../app/routes/settings_.password';
import { action as factorAction } from '../../../app/routes/settings_.second-factor';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const ME = {
	id: 'usr_1',
	name: 'Ada',
	email: 'ada@example.com',
	ways: [],
	passkeys: [],
	secondFactor: { isOn: false, recoveryCodesLeft: 0 },
	hasPassword: true,
	statements: [],
};
const SIGNED_IN = { cookie: 'afterglow_session=1' };
const SIGNED_OUT = () => refusal(401, 'not_signed_in', 'x');
const STALE = () => refusal(403, 'reauthentication_required', 'Show again that it is you.');

type Answers = Parameters<typeof givenApi>[0];
type Route<Answer> = (args: LoaderFunctionArgs) => Promise<Answer>;

function send<Answer>(route: Route<Answer>, answers: Answers, request: Request) {
	const api = givenApi(answers);
	return { api, result: route({ request, context: api.context, params: {} }) };
}

function dataOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
}

test('the settings of a visitor cost no call, and a session that ended meanwhile is a visitor', async () => {
	const visitor = send(settingsLoader, {}, get('/settings'));
	const ended = send(
		settingsLoader,
		{ 'GET /v1/me': SIGNED_OUT, 'GET /v1/me/mail': SIGNED_OUT },
		get('/settings', SIGNED_IN),
	);

	expect(await visitor.result).toEqual({ me: null, problem: null });
	expect(visitor.api.called).toEqual([]);
	expect(await ended.result).toEqual({ me: null, problem: null });
});

test('a name is saved trimmed, and an empty one is refused before anything is sent', async () => {
	const saved = send(nameAction, { 'PATCH /v1/me': () => json(ME) }, post('/settings?index', { name: ' Ada L. ' }));
	const empty = send(nameAction, {}, post('/settings?index', { name: ' ' }));

	expect(dataOf(await saved.result)).toMatchObject({ isDone: true, name: 'Ada L.' });
	expect(saved.api.called[0]?.body).toEqual({ name: 'Ada L.' });
	expect(dataOf(await empty.result)).toMatchObject({ isDone: false, errors: { name: 'Type your name.' } });
});

test('the security page asks for everything at once, and a stranger is led to sign-in and back', async () => {
	const answers = {
		'GET /v1/studio': () => json({ signIn: ['password', 'google'] }),
		'GET /v1/me/sessions': () => json({ items: [] }),
		'GET /v1/me/events': () => json({ items: [] }),
	};
	const page = send(securityLoader, { ...answers, 'GET /v1/me': () => json(ME) }, get('/settings/security'));
	const stranger = send(
		securityLoader,
		{ ...answers, 'GET /v1/me': () => refusal(401, 'not_signed_in', 'x') },
		get('/settings/security'),
	);

	expect(await page.result).toEqual({ me: ME, offered: ['password', 'google'], sessions: [], events: [] });
	expect((await responseOf(stranger.result)).headers.get('location')).toBe('/sign-in?next=%2Fsettings%2Fsecurity');
});

test.each([
	[{ intent: 'unlink', id: 'way_1' }, 'DELETE /v1/me/ways/way_1', null],
	[{ intent: 'remove-passkey', id: 'psk_1' }, 'DELETE /v1/me/passkeys/psk_1', null],
	[{ intent: 'rename-passkey', id: 'psk_1', name: ' Desk ' }, 'PATCH /v1/me/passkeys/psk_1', { name: 'Desk' }],
	[{ intent: 'end-session', id: 'ses_1' }, 'DELETE /v1/me/sessions/ses_1', null],
	[{ intent: 'end-others', id: '' }, 'DELETE /v1/me/sessions', null],
])('%o asks %s, says that it is done, and leads to a proof when one is due', async (fields, call, body) => {
	const path = '/settings/security';
	const done = send(securityAction, { [call]: () => json({}) }, post(path, fields));
	const stale = send(securityAction, { [call]: STALE }, post(path, fields));
	const refused = send(
		securityAction,
		{ [call]: () => refusal(409, 'conflict', 'It is the last way in.') },
		post(path, fields),
	);

	expect(dataOf(await done.result)).toMatchObject({ done: expect.any(String) });
	expect(done.api.called.map((each) => each.body)).toEqual([body]);
	expect((await responseOf(stale.result)).headers.get('location')).toBe('/prove?next=%2Fsettings%2Fsecurity');
	expect(dataOf(await refused.result)).toEqual({ refused: 'It is the last way in.' });
});

function link(answer: () => Response) {
	return send(linkAction, { 'POST /v1/me/ways': answer }, post('/settings/link', { provider: 'github' }));
}

test('linking leads to the provider’s page with its cookie, over a proof when one is due', async () => {
	const visit = 'afterglow_visit=1; Path=/; HttpOnly';
	const url = 'https://github.com/login/oauth/authorize?state=1';
	const begun = link(() => json({ url }, 200, { 'set-cookie': visit }));
	const answer = await begun.result;
	expect(answer.headers.get('refresh')).toBe(`0;url=${url}`);
	expect(answer.headers.getSetCookie()).toEqual([visit]);
	expect(begun.api.called[0]?.body).toEqual({ provider: 'github', next: '/settings/security' });
	expect((await link(STALE).result).headers.get('location')).toBe('/prove?next=%2Fsettings%2Fsecurity');
});

test('a new address is kept over the proof that it needs, and both codes go to the api', async () => {
	const path = '/settings/email';
	const stale = send(emailAction, { 'POST /v1/me/email': STALE }, post(path, { email: 'new@example.com' }));
	const away = await responseOf(stale.result);
	expect(away.headers.get('location')).toBe('/prove?next=%2Fsettings%2Femail');
	const kept = { cookie: away.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' };
	const back = send(emailLoader, { 'GET /v1/me': () => json(ME) }, get(path, kept));
	expect(await back.result).toEqual({ email: ME.email, typed: 'new@example.com', until: null });

	const mailed = send(
		emailAction,
		{ 'POST /v1/me/email': () => json({ minutes: 10 }) },
		post(path, { email: 'new@example.com' }),
	);
	const step = { cookie: (await responseOf(mailed.result)).headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' };
	const page = send(emailLoader, { 'GET /v1/me': () => json(ME) }, get(path, step));
	expect(await page.result).toMatchObject({ typed: 'new@example.com', until: expect.stringMatching(/Z$/) });
	const codes = { currentCode: '123 456', newCode: '654321' };
	const moved = send(
		emailAction,
		{ 'POST /v1/me/email/confirm': () => json({ email: 'new@example.com' }) },
		post(path, codes),
	);
	expect((await responseOf(moved.result)).headers.get('location')).toBe('/settings?done=email');
	expect(moved.api.called[0]?.body).toEqual({ currentCode: '123456', newCode: '654321' });
});

test('a code of the wrong mailbox is said at the field it belongs to', async () => {
	const details = { reason: 'wrong_code', fields: ['newCode'] };
	const { result } = send(
		emailAction,
		{ 'POST /v1/me/email/confirm': () => json({ error: { code: 'invalid_input', message: 'No.', details } }, 400) },
		post('/settings/email', { currentCode: '123456', newCode: '000000' }),
	);

	expect(dataOf(await result)).toEqual({ errors: { newCode: 'No.' } });
});

function setPassword(answer: () => Response, next = 'four words are enough') {
	return send(passwordAction, { 'PUT /v1/me/password': answer }, post('/settings/password', { next })).result;
}

test('a password is set, refused at its field, or leads to a proof', async () => {
	const details = { reason: 'password_breached', fields: ['next'] };

	expect((await responseOf(setPassword(() => json({ changed: true })))).headers.get('location')).toBe(
		'/settings/security?done=password',
	);
	expect((await responseOf(setPassword(STALE))).headers.get('location')).toBe('/prove?next=%2Fsettings%2Fpassword');
	expect(
		dataOf(await setPassword(() => json({ error: { code: 'invalid_input', message: 'Stolen.', details } }, 400))),
	).toEqual({ errors: { next: 'Stolen.' } });
	expect(dataOf(await setPassword(() => json({}), ''))).toEqual({ errors: { next: 'Type the new password.' } });
});

test('a second factor begins with a drawn code, keeps it over a wrong try, and ends with recovery codes', async () => {
	const uri = 'otpauth://totp/Studio:ada?secret=JBSWY3DPEHPK3PXP';
	const path = '/settings/second-factor';
	const start = send(
		factorAction,
		{ 'POST /v1/me/second-factor': () => json({ uri, secret: 'JBSWY3DPEHPK3PXP' }) },
		post(path, { intent: 'start' }),
	);
	expect(dataOf(await start.result)).toMatchObject({
		enrolment: {
			uri,
			secret: 'JBSWY3DPEHPK3PXP',
			qr: { size: expect.any(Number), path: expect.stringMatching(/^M4 4h7/) },
		},
	});

	const typed = { intent: 'confirm', uri, secret: 'JBSWY3DPEHPK3PXP', code: '123 456' };
	const details = { reason: 'wrong_code', fields: ['code'] };
	const wrong = send(
		factorAction,
		{
			'POST /v1/me/second-factor/confirm': () =>
				json({ error: { code: 'invalid_input', message: 'No.', details } }, 400),
		},
		post(path, typed),
	);
	expect(dataOf(await wrong.result)).toMatchObject({ errors: { code: 'No.' }, enrolment: { uri } });
	const right = send(
		factorAction,
		{ 'POST /v1/me/second-factor/confirm': () => json({ recoveryCodes: ['a', 'b'] }) },
		post(path, typed),
	);
	expect(dataOf(await right.result)).toEqual({ errors: {}, codes: ['a', 'b'], isFirst: true });
	expect(right.api.called[0]?.body).toEqual({ code: '123456' });
});

test('new recovery codes and switching off ask for a proof when one is due', async () => {
	const path = '/settings/second-factor';
	const codes = send(factorAction, { 'POST /v1/me/recovery-codes': STALE }, post(path, { intent: 'codes' }));
	const off = send(
		factorAction,
		{ 'DELETE /v1/me/second-factor': () => json({ isOn: false }) },
		post(path, { intent: 'off' }),
	);

	expect((await responseOf(codes.result)).headers.get('location')).toBe('/prove?next=%2Fsettings%2Fsecond-factor');
	expect((await responseOf(off.result)).headers.get('location')).toBe('/settings/security?done=second-factor-off');
});

test('the proof page knows what the person can show', async () => {
	const { result } = send(
		proveLoader,
		{
			'GET /v1/studio': () => json({ signIn: ['password', 'passkey'] }),
			'GET /v1/me': () => json({ ...ME, passkeys: [{ id: 'psk_1' }] }),
		},
		get('/prove?next=/settings/email'),
	);

	expect(await result).toEqual({ email: ME.email, hasPassword: true, hasSecondFactor: false, hasPasskey: true });
});

test.each([
	[{ password: 'four words' }, { password: 'four words' }],
	[{ code: '123 456' }, { code: '123456' }],
	[{ totp: ' 654321' }, { totp: '654321' }],
])('%o is shown to the api, which leads back to where the person was', async (typed, body) => {
	const next = '/settings/email';
	const right = send(proveAction, { 'POST /v1/me/proof': () => json({}) }, post('/prove', { ...typed, next }));
	const wrong = send(
		proveAction,
		{ 'POST /v1/me/proof': () => refusal(400, 'invalid_input', 'That is not it.') },
		post('/prove', { ...typed, next }),
	);

	expect((await responseOf(right.result)).headers.get('location')).toBe(next);
	expect(right.api.called[0]?.body).toEqual(body);
	expect(dataOf(await wrong.result)).toEqual({ errors: { [Object.keys(typed)[0]!]: 'That is not it.' }, next });
});

test('a proof by mail says until when its code holds, and never leads to another site', async () => {
	const mailed = send(
		proveAction,
		{ 'POST /v1/me/proof/code': () => json({ minutes: 10 }) },
		post('/prove', { intent: 'mail', next: '/settings' }),
	);
	const away = send(
		proveAction,
		{ 'POST /v1/me/proof': () => json({}) },
		post('/prove', { password: 'x', next: '//evil.example' }),
	);

	expect(dataOf(await mailed.result)).toMatchObject({ next: '/settings', until: expect.stringMatching(/Z$/) });
	expect((await responseOf(away.result)).headers.get('location')).toBe('/smiles');
});
