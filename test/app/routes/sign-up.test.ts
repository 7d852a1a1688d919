import { expect, test } from 'vitest';

import { dental } from '../../../studios/dental';
import { openedWords } from '../../../app/auth/opened';
import { action as accountsAction, loader as accountsLoader } from '../../../app/routes/accounts';
import { action as signUpAction, loader as signUpLoader } from '../../../app/routes/sign-up';
import { action as codeAction, loader as codeLoader } from '../../../app/routes/sign-up_.code';
import type { StudioSlug } from '../../../studios/studio';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const SESSION = 'afterglow_session=abc; Path=/; HttpOnly';
const TICKET = 'afterglow_sign_up=t; Path=/; HttpOnly';
const KEY = '7f0d6f3a-2f56-4f0e-a6b8-5a0ad8f6b8a1';
const ADA = { name: 'Ada', email: 'ada@example.com', password: 'four words are enough' };
const FORM = { ...ADA, account: 'Praxis Nord', statement: 'yes', key: KEY };
const ORDER = { name: 'Praxis Nord', key: KEY, statementVersion: dental.statement?.textVersion };
const POOR = () => json({ id: 'acc_2', welcomeCredits: 0 }, 201);
const SENT = () => json({ sent: true, minutes: 10 }, 200, { 'set-cookie': TICKET });

type Answers = Parameters<typeof givenApi>[0];

function signUp(answers: Answers, fields: Record<string, string>, studio?: StudioSlug) {
	const api = givenApi(answers, studio);
	return { api, result: signUpAction({ request: post('/sign-up', fields), context: api.context, params: {} }) };
}

function dataOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
}

/** The cookie of a sign-up whose code was mailed. */
async function givenMailed(fields: Record<string, string> = FORM, studio?: StudioSlug): Promise<{ cookie: string }> {
	const answer = await responseOf(signUp({ 'POST /api/auth/sign-up/email': SENT }, fields, studio).result);
	const lines = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
	return { cookie: lines.join('; ') };
}

function typeCode(
	answers: Answers,
	headers: Record<string, string>,
	fields: Record<string, string> = { code: '123456' },
) {
	const api = givenApi(answers);
	const request = post('/sign-up/code', fields, headers);
	return { api, result: codeAction({ request, context: api.context, params: {} }) };
}

test('every field that is missing is named at once, before anything is sent', async () => {
	const { api, result } = signUp({}, { name: '', email: 'no', password: 'a'.repeat(14) });

	expect(dataOf(await result)).toMatchObject({
		errors: {
			name: expect.stringContaining('Type your name.'),
			account: 'Type the name of your practice.',
			email: expect.stringContaining('This is not an e-mail address.'),
			password: 'The password is too short. It needs 15 characters or more.',
			statement: expect.stringContaining('This studio is for dental professionals'),
		},
	});
	expect(api.called).toEqual([]);
});

test('name, address and password are sent, and the browser keeps the ticket and the step, but never the password', async () => {
	const { api, result } = signUp({ 'POST /api/auth/sign-up/email': SENT }, FORM);

	const answer = await responseOf(result);

	expect(api.called[0]?.body).toEqual(ADA);
	expect(answer.headers.get('location')).toBe('/sign-up/code');
	const [ticket, step = ''] = answer.headers.getSetCookie();
	expect(ticket).toBe(TICKET);
	expect(step).toMatch(/^__Host-step=.*; Path=\/; Max-Age=1800; SameSite=Lax; HttpOnly; Secure$/);
	expect(decodeURIComponent(step)).not.toContain(ADA.password);
});

test('a refused password is said at its field, and what was typed besides stays', async () => {
	const { result } = signUp(
		{
			'POST /api/auth/sign-up/email': () =>
				json(
					{
						error: {
							code: 'invalid_input',
							message: 'It is in a list of stolen ones.',
							details: { fields: ['password'] },
						},
					},
					400,
				),
		},
		FORM,
	);

	expect(dataOf(await result)).toMatchObject({
		errors: { password: 'It is in a list of stolen ones.' },
		typed: { name: 'Ada', account: 'Praxis Nord', email: ADA.email, isStated: true, key: KEY },
	});
});

test('a check is asked for with what the page needs to show it, and its token goes on to the api', async () => {
	const details = { siteKey: '1x00', scriptUrl: 'https://challenges.example/api.js' };
	const asked = signUp(
		{
			'POST /api/auth/sign-up/email': () =>
				json({ error: { code: 'challenge_required', message: 'Pass it.', details } }, 403),
		},
		FORM,
	);
	const passed = signUp({ 'POST /api/auth/sign-up/email': SENT }, { ...FORM, 'cf-turnstile-response': 'token' });

	expect(dataOf(await asked.result)).toMatchObject({ errors: { form: 'Pass it.' }, challenge: details });
	expect((await responseOf(passed.result)).headers.get('location')).toBe('/sign-up/code');
	expect(passed.api.called[0]?.headers.get('x-captcha-response')).toBe('token');
	expect(asked.api.called[0]?.headers.has('x-captcha-response')).toBe(false);
});

test('the right code opens the practice with the session that has just begun, and leads to the work', async () => {
	const cookies = await givenMailed();
	const { api, result } = typeCode(
		{
			'POST /api/auth/email-otp/verify-email': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }),
			'POST /v1/accounts': () => json({ id: 'acc_1', welcomeCredits: 60 }, 201),
		},
		cookies,
		{ code: ' 123 456 ' },
	);

	const answer = await responseOf(result);

	expect(answer.headers.get('location')).toBe('/smiles');
	expect(answer.headers.getSetCookie()).toEqual([SESSION, expect.stringMatching(/^__Host-step=; .*Max-Age=0/)]);
	expect(api.called.map(({ body }) => body)).toEqual([{ email: ADA.email, code: '123456' }, ORDER]);
	expect(api.called[0]?.headers.get('cookie')).toContain('afterglow_sign_up=t');
	expect(api.called[1]?.headers.get('cookie')).toContain('afterglow_session=abc');
});

test('somebody is signed in all the same when the practice cannot be opened, and is led to where it can', async () => {
	const { result } = typeCode(
		{
			'POST /api/auth/email-otp/verify-email': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }),
			'POST /v1/accounts': () => refusal(503, 'upstream_unavailable', 'Later.'),
		},
		await givenMailed({ ...FORM, next: '/credits' }),
	);

	const answer = await responseOf(result);

	expect(answer.headers.get('location')).toBe('/accounts?next=%2Fcredits');
	expect(answer.headers.getSetCookie()[0]).toBe(SESSION);
});

test('whoever was invited opens nothing and states nothing here', async () => {
	const cookies = await givenMailed({ ...ADA, key: KEY, next: '/invitations' });
	const { api, result } = typeCode(
		{ 'POST /api/auth/email-otp/verify-email': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }) },
		cookies,
	);

	expect((await responseOf(result)).headers.get('location')).toBe('/invitations');
	expect(api.called).toHaveLength(1);
});

test('a person alone gives their own account their name', async () => {
	const cookies = await givenMailed({ ...ADA, key: KEY }, 'image');
	const { api, result } = typeCode(
		{
			'POST /api/auth/email-otp/verify-email': () => json({ signedIn: true }),
			'POST /v1/accounts': () => json({ id: 'acc_1', welcomeCredits: 60 }, 201),
		},
		cookies,
	);

	await responseOf(result);

	expect(api.called[1]?.body).toEqual({ name: 'Ada', key: KEY });
});

function answering(status: number, details: object): Answers {
	const body = { error: { code: 'invalid_input', message: 'No.', details } };
	return { 'POST /api/auth/email-otp/verify-email': () => json(body, status) };
}

test('a wrong code says so at its field; an address that has an account leads to the sign-in', async () => {
	const cookies = await givenMailed();
	const wrong = typeCode(answering(400, { reason: 'wrong_code', fields: ['code'] }), cookies);
	const taken = typeCode(answering(409, { reason: 'already_signed_up' }), cookies);

	expect(dataOf(await wrong.result)).toEqual({ errors: { code: 'No.' } });
	expect((await responseOf(taken.result)).headers.get('location')).toBe('/sign-in?done=taken');
});

test('another code is asked for with the ticket, and without a running sign-up there is nothing to confirm', async () => {
	const { api, result } = typeCode({ 'POST /api/auth/email-otp/send-verification-otp': SENT }, await givenMailed(), {
		intent: 'again',
	});

	expect((await responseOf(result)).headers.get('location')).toBe('/sign-up/code');
	expect(api.called[0]?.body).toEqual({ email: ADA.email, type: 'email-verification' });
	expect(api.called[0]?.headers.get('cookie')).toContain('afterglow_sign_up=t');
	const { context } = givenApi({});
	const lost = (async () => codeLoader({ request: get('/sign-up/code'), context, params: {} }))();
	expect((await responseOf(lost)).headers.get('location')).toBe('/sign-up');
	expect((await responseOf(typeCode({}, {}).result)).headers.get('location')).toBe('/sign-up');
});

test('whoever goes back to change the address finds the form as it was', async () => {
	const api = givenApi({ 'GET /v1/studio': () => json({ signIn: ['password'] }) });
	const request = get('/sign-up', await givenMailed());

	const page = await signUpLoader({ request, context: api.context, params: {} });

	expect(page.typed).toEqual({
		name: 'Ada',
		account: 'Praxis Nord',
		email: ADA.email,
		isStated: true,
		wantsUpdates: false,
		key: KEY,
	});
});

const ME = { id: 'usr_1', name: 'Ada', email: ADA.email, ways: [], passkeys: [], hasPassword: true };

function openAccounts(textVersion: string) {
	const statements = [{ kind: 'professional', textVersion, madeAt: '2026-11-21T00:00:00Z' }];
	const { context } = givenApi({
		'GET /v1/accounts': () => json({ items: [] }),
		'GET /v1/me': () => json({ ...ME, statements }),
	});
	return accountsLoader({ request: get('/accounts'), context, params: {} });
}

test('the accounts page knows what was stated, and a new text is asked for again', async () => {
	expect(await openAccounts(ORDER.statementVersion ?? '')).toMatchObject({ isStated: true, items: [], name: 'Ada' });
	expect(await openAccounts('2020-01-01')).toMatchObject({ isStated: false });
});

test('a practice is opened with its key, and leads on to where the person wanted to go', async () => {
	const api = givenApi({ 'POST /v1/accounts': () => json({ id: 'acc_1', welcomeCredits: 60 }, 201) });
	const send = (fields: Record<string, string>) =>
		accountsAction({ request: post('/accounts', fields), context: api.context, params: {} });

	const empty = await send({ account: ' ', key: KEY });
	const opened = await responseOf(send({ account: 'Praxis Nord', statement: 'yes', key: KEY, next: '/credits' }));

	expect(dataOf(empty)).toMatchObject({ part: 'open', errors: { account: 'Type the name of your practice.' } });
	expect(opened.headers.get('location')).toBe('/credits');
	expect(api.called.map(({ body }) => body)).toEqual([ORDER]);
});

test('a practice that begins without the welcome says why on the page it leads to', async () => {
	const { result } = typeCode(
		{
			'POST /api/auth/email-otp/verify-email': () => json({ signedIn: true }, 200, { 'set-cookie': SESSION }),
			'POST /v1/accounts': POOR,
		},
		await givenMailed(),
	);
	const request = post('/accounts', { account: 'Praxis Nord', statement: 'yes', key: KEY, next: '/credits?cursor=1' });
	const { context } = givenApi({ 'POST /v1/accounts': POOR });
	const second = await responseOf(accountsAction({ request, context, params: {} }));

	const first = (await responseOf(result)).headers.get('location');
	expect(first).toBe('/smiles?opened=without-welcome');
	expect(second.headers.get('location')).toBe('/credits?cursor=1&opened=without-welcome');
	expect(openedWords(new URL(first ?? '', 'https://app.example').searchParams, dental)).toEqual({
		title: 'Welcome credits come once a person',
		sentence: 'Your first practice got them.',
	});
	expect(openedWords(new URLSearchParams({ opened: 'else' }), dental)).toBeNull();
});

test('another account is chosen, and one that is not there any more is said above the list', async () => {
	const answers = [
		() => json({ id: 'acc_1' }),
		() => refusal(404, 'not_found', 'There is no such account, or it is not yours.'),
	];
	const api = givenApi({ 'PUT /v1/session/account': () => answers.shift()!() });
	const send = () =>
		accountsAction({ request: post('/accounts', { accountId: 'acc_1' }), context: api.context, params: {} });

	expect((await responseOf(send())).headers.get('location')).toBe('/smiles');
	expect(dataOf(await send())).toMatchObject({
		part: 'choose',
		errors: { form: 'There is no such account, or it is not yours.' },
	});
});

test.each([
	[{ ...FORM, updates: 'yes' }, [{ product_updates: true, announcements: false, surface: 'sign_up' }]],
	[FORM, []],
])('product updates are switched on by the box that stands unticked, and by nothing else', async (fields, put) => {
	const cookies = await givenMailed(fields);
	const { api, result } = typeCode(
		{
			'POST /api/auth/email-otp/verify-email': () => json({}, 200, { 'set-cookie': SESSION }),
			'PUT /v1/me/mail': () => json({ wants: {}, problem: null }),
			'POST /v1/accounts': () => json({ id: 'acc_1', welcomeCredits: 60 }, 201),
		},
		cookies,
	);
	await responseOf(result);
	const asked = api.called.filter(({ path }) => path === '/v1/me/mail');
	expect(asked.map(({ body }) => body)).toEqual(put);
	expect(asked.every(({ headers }) => headers.get('cookie')?.includes('afterglow_session=abc') === true)).toBe(true);
});
