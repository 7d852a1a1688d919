import { expect, test } from 'vitest';

import { action as signInAction } from '../../../app/routes/sign-in';
import { action as signOutAction } from '../../../app/routes/sign-out';
import { action as signUpAction } from '../../../app/routes/sign-up';
import { givenApi, json, post, responseOf } from '../fake-api';

const SESSION = 'afterglow_session=abc; Path=/; HttpOnly';
const ADA = { email: 'ada@example.com', password: 'four words are enough' };

function signIn(api: ReturnType<typeof givenApi>, fields: Record<string, string>) {
	return signInAction({ request: post('/sign-in', fields), context: api.context, params: {} });
}

function signUp(api: ReturnType<typeof givenApi>, fields: Record<string, string>) {
	return signUpAction({ request: post('/sign-up', fields), context: api.context, params: {} });
}

function errorsOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
}

test('signing in sets the cookie of the api and leads to the work', async () => {
	const api = givenApi({ 'POST /api/auth/sign-in/email': () => json({}, 200, { 'set-cookie': SESSION }) });

	const answer = await responseOf(signIn(api, ADA));

	expect(answer.headers.get('location')).toBe('/smiles');
	expect(answer.headers.getSetCookie()).toEqual([SESSION]);
	expect(api.called[0]?.body).toEqual(ADA);
	expect(api.called[0]?.headers.get('origin')).toBe('https://app.example');
});

test('it leads back to where the person came from, and to no other site', async () => {
	const api = givenApi({ 'POST /api/auth/sign-in/email': () => json({}) });

	const back = await responseOf(signIn(api, { ...ADA, next: '/receipts/rct_1' }));
	const away = await responseOf(signIn(api, { ...ADA, next: '//evil.example' }));

	expect(back.headers.get('location')).toBe('/receipts/rct_1');
	expect(away.headers.get('location')).toBe('/smiles');
});

test('a wrong password is one sentence that does not say which of the two is wrong', async () => {
	const api = givenApi({
		'POST /api/auth/sign-in/email': () => json({ code: 'INVALID_EMAIL_OR_PASSWORD', message: 'x' }, 401),
	});

	const result = await signIn(api, { ...ADA, next: '/credits' });

	expect(errorsOf(result)).toEqual({
		errors: { password: 'E-mail and password do not belong together. Check both.' },
		email: ADA.email,
		next: '/credits',
	});
});

test('an empty form is answered without asking the api', async () => {
	const api = givenApi({});

	const result = await signIn(api, { email: ' ', password: '' });

	expect(errorsOf(result)).toMatchObject({
		errors: { email: 'Type the e-mail address of your account.', password: 'Type your password.' },
	});
	expect(api.called).toEqual([]);
});

test('too many tries and an answer without a code have their own sentences', async () => {
	const busy = givenApi({ 'POST /api/auth/sign-in/email': () => json({}, 429) });
	const broken = givenApi({ 'POST /api/auth/sign-in/email': () => new Response('oh', { status: 500 }) });

	expect(errorsOf(await signIn(busy, ADA))).toMatchObject({
		errors: { form: 'Too many tries. Wait a minute, then try again.' },
	});
	expect(errorsOf(await signIn(broken, ADA))).toMatchObject({
		errors: { form: expect.stringContaining('Nothing was changed.') },
	});
});

test('a password of 14 characters is refused before anything is sent', async () => {
	const api = givenApi({});

	const result = await signUp(api, { name: 'Ada', email: ADA.email, password: 'a'.repeat(14) });

	expect(errorsOf(result)).toMatchObject({
		errors: { password: 'The password is too short. It needs 15 characters or more.' },
		name: 'Ada',
	});
	expect(api.called).toEqual([]);
});

test('creating an account sends name, address and password, and signs in', async () => {
	const api = givenApi({ 'POST /api/auth/sign-up/email': () => json({}, 200, { 'set-cookie': SESSION }) }, 'image');

	const answer = await responseOf(signUp(api, { name: ' Ada ', ...ADA }));

	expect(api.called[0]?.body).toEqual({ name: 'Ada', ...ADA });
	expect(answer.headers.get('location')).toBe('/pictures');
	expect(answer.headers.getSetCookie()).toEqual([SESSION]);
});

test('an address with an account is said beside its field', async () => {
	const api = givenApi({
		'POST /api/auth/sign-up/email': () => json({ code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }, 422),
	});

	expect(errorsOf(await signUp(api, { name: 'Ada', ...ADA }))).toMatchObject({
		errors: { email: 'This address has an account. Sign in instead, or use another address.' },
	});
});

test('signing out ends the cookie; everywhere ends every session first', async () => {
	const gone = { 'set-cookie': 'afterglow_session=; Path=/; Max-Age=0' };
	const api = givenApi({
		'POST /api/auth/revoke-sessions': () => json({ status: true }),
		'POST /api/auth/sign-out': () => json({ success: true }, 200, gone),
	});
	const out = (fields: Record<string, string>) =>
		responseOf(signOutAction({ request: post('/sign-out', fields), context: api.context, params: {} }));

	const here = await out({});
	const everywhere = await out({ everywhere: 'yes' });

	expect(here.headers.getSetCookie()).toEqual([gone['set-cookie']]);
	expect(everywhere.headers.get('location')).toBe('/');
	expect(api.called.map(({ path }) => path)).toEqual([
		'/api/auth/sign-out',
		'/api/auth/revoke-sessions',
		'/api/auth/sign-out',
	]);
});
