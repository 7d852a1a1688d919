import { expect, test } from 'vitest';

import { apiFor, refusalOrAway, refusalOf, turnedAway } from '../../app/api';
import { postAuth } from '../../app/auth';
import { get, givenApi, json, refusal } from './fake-api';

test('the cookie and the origin of the browser travel to the api', async () => {
	const { context, called } = givenApi({ 'GET /v1/session': () => json({ signedIn: false }) });

	await apiFor(context, get('/', { cookie: 'afterglow_session=1' })).v1.session.$get();

	expect(called[0]?.headers.get('cookie')).toBe('afterglow_session=1');
	expect(called[0]?.headers.get('origin')).toBe('https://app.example');
});

test('what Cloudflare says of where the browser is travels, and the browser’s name; nothing else does', async () => {
	const { context, called } = givenApi({
		'GET /v1/session': () => json({ signedIn: false }),
		'POST /api/auth/sign-out': () => json({ signedOut: true }),
	});
	const whence = { 'cf-connecting-ip': '192.0.2.17', 'cf-ipcountry': 'DE', 'user-agent': 'Firefox' };

	await apiFor(context, get('/', { ...whence, 'x-forwarded-for': '198.51.100.1' })).v1.session.$get();
	await postAuth(context, get('/', whence), 'sign-out', {});
	await apiFor(context, get('/')).v1.session.$get();

	const [typed, posted, plain] = called.map(({ headers }) => Object.fromEntries(headers));
	expect(typed).toMatchObject(whence);
	expect(typed).not.toHaveProperty('x-forwarded-for');
	expect(posted).toMatchObject(whence);
	expect(plain).toEqual({ cookie: '', origin: 'https://app.example' });
});

test('a form of another site is passed on as that, for the api to refuse', async () => {
	const { context, called } = givenApi({ 'GET /v1/session': () => json({ signedIn: false }) });

	await apiFor(context, get('/', { origin: 'https://evil.example' })).v1.session.$get();

	expect(called[0]?.headers.get('origin')).toBe('https://evil.example');
});

test('a refusal keeps the sentence of the api', async () => {
	const answer = refusal(402, 'insufficient_credits', '18 credits, and this video costs 24.');
	expect(await refusalOf(answer)).toEqual({
		code: 'insufficient_credits',
		message: '18 credits, and this video costs 24.',
	});
});

test('an answer in no known form becomes a sentence that promises nothing was changed', async () => {
	expect((await refusalOf(new Response('<h1>502</h1>', { status: 502 }))).message).toContain('Nothing was changed.');
	expect((await refusalOf(json({ message: 'stack trace' }, 500))).message).toContain('Nothing was changed.');
});

test('who is not signed in is led to sign-in and back', async () => {
	const answer = await turnedAway(refusal(401, 'not_signed_in', 'Sign in first.'), get('/credits'));
	expect(answer.status).toBe(302);
	expect(answer.headers.get('location')).toBe('/sign-in?next=%2Fcredits');
});

test('what is not there answers 404 with the sentence, and a broken api answers 503', async () => {
	const missing = await turnedAway(
		refusal(404, 'not_found', 'There is no such receipt, or it is not yours.'),
		get('/x'),
	);
	expect(missing.status).toBe(404);
	expect(await missing.text()).toBe('There is no such receipt, or it is not yours.');
	expect((await turnedAway(new Response(null, { status: 500 }), get('/x'))).status).toBe(503);
});

test('a refusal stays where the person is looking, unless another page has to come first', async () => {
	const taken = refusal(409, 'conflict', 'It is the last way in.');
	expect(await refusalOrAway(taken, get('/settings/security'))).toEqual({
		code: 'conflict',
		message: 'It is the last way in.',
	});
	for (const [status, code, to] of [
		[401, 'not_signed_in', '/sign-in?next=%2Fsettings'],
		[403, 'account_required', '/accounts?next=%2Fsettings'],
		[403, 'reauthentication_required', '/prove?next=%2Fsettings'],
	] as const) {
		const away = refusalOrAway(refusal(status, code, 'x'), get('/settings?index')).catch((thrown: unknown) => thrown);
		expect(await away).toBeInstanceOf(Response);
		expect(((await away) as Response).headers.get('location')).toBe(to);
	}
});
