import { expect, test } from 'vitest';

import { action as resetAction, loader as resetLoader } from '../../../app/routes/reset';
import { action as signInAction, loader as signInLoader } from '../../../app/routes/sign-in';
import { action as codeAction, loader as codeLoader } from '../../../app/routes/sign-in_.code';
import { action as secondFactorAction } from '../../../app/routes/sign-in_.second-factor';
import { action as withAction } from '../../../app/routes/sign-in_.with';
import { action as signOutAction } from '../../../app/routes/sign-out';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const SESSION = 'afterglow_session=abc; Path=/; HttpOnly';
const ADA = { email: 'ada@example.com', password: 'four words are enough' };
const MAILED = { 'POST /api/auth/email-otp/send-verification-otp': () => json({ sent: true, minutes: 10 }) };

type Api = ReturnType<typeof givenApi>;

function args(api: Api, request: Request) {
	return { request, context: api.context, params: {} };
}

function signIn(api: Api, fields: Record<string, string>) {
	return signInAction(args(api, post('/sign-in', fields)));
}

function dataOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
}

function refuse(status: number, code: string, message: string, details: object = {}) {
	return () => json({ error: { code, message, details } }, status);
}

/** The cookies that an answer sets, as the next request sends them. */
function cookiesOf(answer: Response): { cookie: string } {
	return {
		cookie: answer.headers
			.getSetCookie()
			.map((line) => line.split(';', 1)[0])
			.join('; '),
	};
}

test('the page offers what the studio has configured, in its order', async () => {
	const api = givenApi({ 'GET /v1/studio': () => json({ signIn: ['password', 'code', 'google'] }) });

	expect(await signInLoader(args(api, get('/sign-in')))).toEqual({ ways: ['password', 'code', 'google'] });
});

test('signing in sets the cookie of the api and leads to the work', async () => {
	const api = givenApi({
		'POST /api/auth/sign-in/email': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }),
	});

	const answer = await responseOf(signIn(api, ADA));

	expect(answer.headers.get('location')).toBe('/smiles');
	expect(answer.headers.getSetCookie()).toEqual([SESSION]);
	expect(api.called[0]?.body).toEqual(ADA);
	expect(api.called[0]?.headers.get('origin')).toBe('https://app.example');
});

test('it leads back to where the person came from, and to no other site', async () => {
	const api = givenApi({ 'POST /api/auth/sign-in/email': () => json({ signedIn: true }) });

	const back = await responseOf(signIn(api, { ...ADA, next: '/receipts/rct_1' }));
	const away = await responseOf(signIn(api, { ...ADA, next: '//evil.example' }));

	expect(back.headers.get('location')).toBe('/receipts/rct_1');
	expect(away.headers.get('location')).toBe('/smiles');
});

test('a second factor is asked for before anything else, and remembers where to go', async () => {
	const challenge = 'afterglow_challenge=1; Path=/; HttpOnly';
	const api = givenApi({
		'POST /api/auth/sign-in/email': () => json({ twoFactorRedirect: true }, 200, { 'set-cookie': challenge }),
	});

	const answer = await responseOf(signIn(api, { ...ADA, next: '/credits' }));

	expect(answer.headers.get('location')).toBe('/sign-in/second-factor?next=%2Fcredits');
	expect(answer.headers.getSetCookie()).toEqual([challenge]);
});

test('a wrong password is the api’s one sentence, beside the password', async () => {
	const sentence = 'E-mail and password do not belong together. Check both.';
	const api = givenApi({
		'POST /api/auth/sign-in/email': refuse(401, 'not_signed_in', sentence, { reason: 'wrong_credentials' }),
	});

	const result = await signIn(api, { ...ADA, next: '/credits' });

	expect(dataOf(result)).toEqual({ errors: { password: sentence }, email: ADA.email, next: '/credits' });
});

test('an empty form is answered without asking the api', async () => {
	const api = givenApi({});

	const result = await signIn(api, { email: ' ', password: '' });

	expect(dataOf(result)).toMatchObject({
		errors: { email: 'Type the e-mail address of your account.', password: 'Type your password.' },
	});
	expect(api.called).toEqual([]);
});

test('too many tries say how long to wait, and an answer without a sentence that nothing was changed', async () => {
	const busy = givenApi({ 'POST /api/auth/sign-in/email': refuse(429, 'too_many_requests', 'Wait 12 minutes.') });
	const broken = givenApi({ 'POST /api/auth/sign-in/email': () => new Response('oh', { status: 500 }) });

	expect(dataOf(await signIn(busy, ADA))).toMatchObject({ errors: { form: 'Wait 12 minutes.' } });
	expect(dataOf(await signIn(broken, ADA))).toMatchObject({
		errors: { form: expect.stringContaining('Nothing was changed.') },
	});
});

test('a code is mailed and typed with the address in a cookie alone, never in a page’s address', async () => {
	const api = givenApi({
		...MAILED,
		'POST /api/auth/sign-in/email-otp': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }),
	});

	const mailed = await responseOf(signIn(api, { email: ADA.email, intent: 'code', next: '/credits' }));
	expect(mailed.headers.get('location')).toBe('/sign-in/code');
	expect(mailed.headers.getSetCookie()).toEqual([
		expect.stringMatching(/^__Host-step=.*; Path=\/; .*HttpOnly; Secure$/),
	]);
	const cookies = cookiesOf(mailed);
	expect(codeLoader(args(api, get('/sign-in/code', cookies)))).toMatchObject({
		mailed: { email: ADA.email, minutes: 10 },
		next: '/credits',
	});
	const typed = await responseOf(codeAction(args(api, post('/sign-in/code', { code: '123 456' }, cookies))));

	expect(typed.headers.get('location')).toBe('/credits');
	expect(typed.headers.getSetCookie()).toEqual([SESSION, expect.stringMatching(/^__Host-step=; .*Max-Age=0/)]);
	expect(api.called.map(({ body }) => body)).toEqual([
		{ email: ADA.email, type: 'sign-in' },
		{ email: ADA.email, code: '123456' },
	]);
});

test('a wrong code is said at its field, and a code without an address asks for the address', async () => {
	const wrong = refuse(400, 'invalid_input', 'That is not the code.', { reason: 'wrong_code', fields: ['code'] });
	const api = givenApi({ ...MAILED, 'POST /api/auth/sign-in/email-otp': wrong });
	const mailed = await responseOf(signIn(api, { email: ADA.email, intent: 'code' }));

	const refused = await codeAction(args(api, post('/sign-in/code', { code: '000000' }, cookiesOf(mailed))));
	const lost = await codeAction(args(api, post('/sign-in/code', { code: '000000' })));

	expect(dataOf(refused)).toEqual({ errors: { code: 'That is not the code.' } });
	expect(dataOf(lost)).toEqual({ errors: { email: 'Type the e-mail address of your account.' } });
});

test('the app’s digits and a recovery code go to different doors, and an ended sign-in begins again', async () => {
	const over = refuse(401, 'not_signed_in', 'This sign-in took too long.', { reason: 'challenge_ended' });
	const api = givenApi({
		'POST /api/auth/two-factor/verify-totp': () => json({ signedIn: true }),
		'POST /api/auth/two-factor/verify-backup-code': over,
	});
	const send = (fields: Record<string, string>) =>
		secondFactorAction(args(api, post('/sign-in/second-factor', fields)));

	const answer = await responseOf(send({ code: '123456', next: '/credits' }));
	const ended = await send({ code: 'abcde-fghij', with: 'recovery' });

	expect(answer.headers.get('location')).toBe('/credits');
	expect(dataOf(ended)).toMatchObject({ hasEnded: true, errors: { form: 'This sign-in took too long.' } });
});

test('a provider is reached by a page that leads on, since a redirect after a form would be stopped', async () => {
	const visit = 'afterglow_visit=1; Path=/; HttpOnly';
	const url = 'https://accounts.google.com/o/oauth2/v2/auth?state=1&scope=openid%20email';
	const api = givenApi({ 'POST /api/auth/sign-in/social': () => json({ url }, 200, { 'set-cookie': visit }) });

	const answer = await withAction(args(api, post('/sign-in/with', { provider: 'google', next: '/credits' })));

	expect(answer.status).toBe(200);
	expect(answer.headers.get('refresh')).toBe(`0;url=${url}`);
	expect(answer.headers.getSetCookie()).toEqual([visit]);
	expect(await answer.text()).toContain('href="https://accounts.google.com/o/oauth2/v2/auth?state=1&amp;scope=openid');
	expect(api.called[0]?.body).toEqual({ provider: 'google', next: '/credits' });
});

test('a provider that cannot be begun leads back to the sign-in with the reason', async () => {
	const api = givenApi({ 'POST /api/auth/sign-in/social': () => refusal(404, 'not_found', 'Not offered.') });

	const refused = await withAction(args(api, post('/sign-in/with', { provider: 'github' })));
	const unknown = await withAction(args(api, post('/sign-in/with', { provider: 'toString' })));

	expect(refused.headers.get('location')).toBe('/sign-in?error=provider_unavailable');
	expect(unknown.headers.get('location')).toBe('/sign-in');
	expect(api.called).toHaveLength(1);
});

test('a forgotten password takes a mailed code and a new password, and ends at the sign-in', async () => {
	const api = givenApi({ ...MAILED, 'POST /api/auth/email-otp/reset-password': () => json({ changed: true }) });

	const mailed = await responseOf(resetAction(args(api, post('/reset', { email: ADA.email, intent: 'mail' }))));
	const cookies = cookiesOf(mailed);
	expect(resetLoader(args(api, get('/reset', cookies)))).toMatchObject({ mailed: { email: ADA.email } });
	expect(resetLoader(args(api, get('/reset?again', cookies)))).toEqual({ mailed: null });
	const form = post('/reset', { code: '123456', password: ADA.password }, cookies);
	const changed = await responseOf(resetAction(args(api, form)));

	expect(changed.headers.get('location')).toBe('/sign-in?done=reset');
	expect(api.called.map(({ body }) => body)).toEqual([
		{ email: ADA.email, type: 'forget-password' },
		{ ...ADA, code: '123456' },
	]);
});

test('signing out ends the cookie; everywhere ends every session first', async () => {
	const gone = { 'set-cookie': 'afterglow_session=; Path=/; Max-Age=0' };
	const api = givenApi({
		'DELETE /v1/me/sessions': () => json({ ended: 2 }),
		'POST /api/auth/sign-out': () => json({ signedOut: true }, 200, gone),
	});
	const out = (fields: Record<string, string>) => responseOf(signOutAction(args(api, post('/sign-out', fields))));

	const here = await out({});
	const everywhere = await out({ everywhere: 'yes' });

	expect(here.headers.getSetCookie()).toEqual([gone['set-cookie']]);
	expect(here.headers.get('location')).toBe('/');
	expect(everywhere.headers.get('location')).toBe('/sign-in?done=ended');
	expect(api.called.map(({ path }) => path)).toEqual(['/api/auth/sign-out', '/v1/me/sessions', '/api/auth/sign-out']);
});

test('sessions that could not be ended are said, and nobody is told that they were', async () => {
	const api = givenApi({ 'DELETE /v1/me/sessions': () => refusal(503, 'upstream_unavailable', 'Try again.') });

	const answer = await responseOf(signOutAction(args(api, post('/sign-out', { everywhere: 'yes' }))));

	expect(answer.status).toBe(503);
	expect(await answer.text()).toBe('Try again.');
});

test('a session that could not be ended is not said to be over, and its cookie stays for another try', async () => {
	const gone = { 'set-cookie': 'afterglow_session=; Path=/; Max-Age=0' };
	const failed = () => json({ error: { code: 'internal', message: 'Try again.' } }, 500, gone);
	const api = givenApi({ 'POST /api/auth/sign-out': failed });

	const answer = await responseOf(signOutAction(args(api, post('/sign-out', {}))));

	expect(answer.status).toBe(503);
	expect(await answer.text()).toBe('Try again.');
	expect(answer.headers.getSetCookie()).toEqual([]);
});
