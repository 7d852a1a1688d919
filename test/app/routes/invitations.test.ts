import { expect, test } from 'vitest';

import { action, loader } from '../../../app/routes/invitations';
import { dental } from '../../../studios/dental';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const TOKEN = 'a-token_of-43-characters-0123456789abcdefgh';
const COOKIE = { cookie: `__Host-invitation=${TOKEN}` };
const SIGNED_IN = { cookie: `__Host-invitation=${TOKEN}; afterglow_session=x` };
const VIEW = {
	accountName: 'Praxis Nord',
	inviterName: 'Ada',
	role: 'staff',
	email: 'b…@x.test',
	state: 'open',
	expiresAt: '2026-11-28T12:00:00Z',
};
const ME = (statements: object[]) => () => json({ email: 'ben@x.test', statements });
const MADE = { kind: dental.statement?.kind, textVersion: dental.statement?.textVersion };
const args = (api: ReturnType<typeof givenApi>, request: Request) => ({ request, context: api.context, params: {} });

test('without a kept token nobody is asked', async () => {
	const api = givenApi({});
	expect(await loader(args(api, get('/invitations')))).toEqual({ invitation: null, unknown: null, person: null });
	expect(await loader(args(api, get('/invitations', { cookie: '__Host-invitation=%3Cscript%3E' })))).toMatchObject({
		invitation: null,
	});
});

test('the token goes from the form into a cookie that script cannot read, and into no address', async () => {
	const api = givenApi({});
	const link = `https://app.example/invitations#${TOKEN}`;
	const answer = await responseOf(action(args(api, post('/invitations', { intent: 'open', link }))));
	expect(answer.headers.get('location')).toBe('/invitations');
	expect(answer.headers.getSetCookie()).toEqual([
		`__Host-invitation=${TOKEN}; Path=/; Max-Age=3600; SameSite=Lax; HttpOnly; Secure`,
	]);
	expect(await action(args(api, post('/invitations', { intent: 'open', link: 'hello' })))).toMatchObject({
		data: { errors: { link: expect.stringContaining('not the link of an invitation') } },
		init: { status: 400 },
	});
});

test('a stranger sees what it is about, somebody signed in whether they have stated it already', async () => {
	const look = { 'POST /v1/invitations/look': () => json(VIEW) };
	const api = givenApi(look);
	expect(await loader(args(api, get('/invitations', COOKIE)))).toMatchObject({ invitation: VIEW, person: null });
	expect(api.called).toMatchObject([{ path: '/v1/invitations/look', body: { token: TOKEN } }]);
	const stated = givenApi({ ...look, 'GET /v1/me': ME([MADE]) });
	expect(await loader(args(stated, get('/invitations', SIGNED_IN)))).toMatchObject({
		person: { email: 'ben@x.test', isStated: true },
	});
	const older = givenApi({ ...look, 'GET /v1/me': ME([{ ...MADE, textVersion: '2020-01-01' }]) });
	expect(await loader(args(older, get('/invitations', SIGNED_IN)))).toMatchObject({ person: { isStated: false } });
});

test('an unknown invitation says so and lets another link be pasted', async () => {
	const api = givenApi({
		'POST /v1/invitations/look': () => refusal(404, 'not_found', 'There is no such invitation.'),
	});
	expect(await loader(args(api, get('/invitations', COOKIE)))).toEqual({
		invitation: null,
		unknown: 'There is no such invitation.',
		person: null,
	});
});

test('accepting needs the statement, sends its version, and forgets the token', async () => {
	const api = givenApi({
		'POST /v1/invitations/accept': () => json({ id: 'acc_1', name: 'Praxis Nord', role: 'staff' }),
	});
	const accept = (fields: Record<string, string>) =>
		action(args(api, post('/invitations', { intent: 'accept', ...fields }, SIGNED_IN)));
	expect(await accept({})).toMatchObject({ data: { errors: { statement: expect.stringContaining('Tick the box') } } });
	expect(api.called).toEqual([]);
	const answer = await responseOf(accept({ statement: 'yes' }));
	expect(api.called[0]?.body).toEqual({ token: TOKEN, statementVersion: dental.statement?.textVersion });
	expect(answer.headers.get('location')).toBe('/practice/team?done=joined');
	expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-invitation=; .*Max-Age=0/);
});

test('a refusal to accept stands on the page, and the token stays for another try', async () => {
	const sentence = 'This invitation went to another e-mail address than yours.';
	const api = givenApi({ 'POST /v1/invitations/accept': () => refusal(403, 'not_allowed', sentence) });
	const request = post('/invitations', { intent: 'accept', statement: 'yes' }, SIGNED_IN);
	expect(await action(args(api, request))).toMatchObject({
		data: { errors: { form: sentence } },
		init: { status: 403 },
	});
});

test('a session that ended meanwhile is led to sign-in and back to the invitation', async () => {
	const api = givenApi({ 'POST /v1/invitations/accept': () => refusal(401, 'not_signed_in', 'Sign in.') });
	const request = post('/invitations', { intent: 'accept', statement: 'yes' }, SIGNED_IN);
	expect((await responseOf(action(args(api, request)))).headers.get('location')).toBe('/sign-in?next=%2Finvitations');
});

const out = () => json({}, 200, { 'set-cookie': 'afterglow_session=; Max-Age=0' });

test('somebody else signs out on the way to sign-in and keeps the invitation; not now forgets it', async () => {
	const api = givenApi({ 'POST /api/auth/sign-out': out });
	const other = await responseOf(action(args(api, post('/invitations', { intent: 'switch' }, SIGNED_IN))));
	expect(other.headers.get('location')).toBe('/sign-in?next=/invitations');
	expect(other.headers.getSetCookie().join()).not.toContain('invitation=');
	const later = await responseOf(action(args(api, post('/invitations', { intent: 'forget' }, SIGNED_IN))));
	expect(later.headers.get('location')).toBe('/');
	expect(later.headers.getSetCookie()[0]).toMatch(/^__Host-invitation=; /);
});

test('whoever could not be signed out is not led to sign-in as somebody else', async () => {
	const api = givenApi({ 'POST /api/auth/sign-out': () => refusal(500, 'internal', 'Try again.') });
	const answer = await responseOf(action(args(api, post('/invitations', { intent: 'switch' }, SIGNED_IN))));
	expect(answer.status).toBe(503);
	expect(await answer.text()).toBe('Try again.');
	expect(answer.headers.getSetCookie()).toEqual([]);
});
