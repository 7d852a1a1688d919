import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { LOCAL_GITHUB } from '../../emulators/sign-in/clients';
import { startEmulators } from '../../emulators/start-emulators';
import { CALLBACK, consent, jsonOf, newPkce, postForm, sentBack, withQuery } from './sign-in-client';

const emulators = await startEmulators({ signIn: { github: LOCAL_GITHUB } });
afterAll(() => emulators.close());
beforeEach(() => emulators.github.reset());

const BASE = `${emulators.origin}/github`;
const JSON_WANTED = { accept: 'application/json' };
const ADA = { name: 'Ada Lovelace', email: 'ada@practice.test', email_verified: 'on' };
const { verifier, query: pkce } = newPkce();

function authorizeUrl(change: Record<string, string | undefined> = {}): URL {
	const query = { client_id: LOCAL_GITHUB.clientId, redirect_uri: CALLBACK, scope: 'read:user user:email', state: 's' };
	return withQuery(`${BASE}/login/oauth/authorize`, { ...query, ...pkce, ...change });
}

async function newCode(form: Record<string, string> = ADA, change: Record<string, string | undefined> = {}) {
	return sentBack(await consent(authorizeUrl(change), form))['code']!;
}

function tokenForm(code: string, change: Record<string, string | undefined> = {}) {
	const { clientId: client_id, clientSecret: client_secret } = LOCAL_GITHUB;
	return { client_id, client_secret, code, redirect_uri: CALLBACK, code_verifier: verifier, ...change };
}

async function newToken(form: Record<string, string> = ADA, change: Record<string, string | undefined> = {}) {
	const answer = postForm(`${BASE}/login/oauth/access_token`, tokenForm(await newCode(form, change)), JSON_WANTED);
	return String((await jsonOf(answer))['access_token']);
}

function ask(path: string, token: string): Promise<Response> {
	return fetch(`${BASE}/api${path}`, { headers: { authorization: `Bearer ${token}` } });
}

test('a person who continues comes back with a code, and the token tells who it is', async () => {
	const answer = await consent(authorizeUrl(), ADA);
	expect(answer.status).toBe(302);
	const { code, state } = sentBack(answer);
	expect(state).toBe('s');
	const tokens = await postForm(`${BASE}/login/oauth/access_token`, tokenForm(code!), JSON_WANTED);
	const body = await jsonOf(tokens);
	expect(body).toEqual({
		access_token: expect.stringMatching(/^gho_\w{36}$/),
		scope: 'read:user,user:email',
		token_type: 'bearer',
	});

	const token = String(body['access_token']);
	const user = await jsonOf(ask('/user', token));
	expect(user).toMatchObject({ login: 'ada', id: expect.any(Number), name: ADA.name, email: null });
	expect((await fetch(String(user['avatar_url']))).status).toBe(200);
	expect(await (await ask('/user/emails', token)).json()).toEqual([
		{ email: ADA.email, primary: true, verified: true, visibility: 'private' },
	]);
	expect((await jsonOf(ask('/user', await newToken())))['id']).toBe(user['id']);
});

test('people have public, unverified and further addresses as they say', async () => {
	const token = await newToken({
		name: '',
		email: 'bo@b.test',
		public_email: 'on',
		other_emails: 'second@b.test\r\nthird@b.test unverified\r\n',
	});
	expect(await jsonOf(ask('/user', token))).toMatchObject({ name: null, email: 'bo@b.test' });
	expect(await (await ask('/user/emails', token)).json()).toEqual([
		{ email: 'bo@b.test', primary: true, verified: false, visibility: 'public' },
		{ email: 'second@b.test', primary: false, verified: true, visibility: null },
		{ email: 'third@b.test', primary: false, verified: false, visibility: null },
	]);
});

test.each([
	['another secret', { client_secret: 'guess' }, 'incorrect_client_credentials'],
	['an unknown client', { client_id: 'stranger' }, 'incorrect_client_credentials'],
	['an unknown code', { code: 'nonsense' }, 'bad_verification_code'],
	['another redirect address', { redirect_uri: `${CALLBACK}/x` }, 'redirect_uri_mismatch'],
	['no verifier', { code_verifier: undefined }, 'bad_verification_code'],
	['another verifier', { code_verifier: newPkce().verifier }, 'bad_verification_code'],
])('a token request with %s is refused with a 200', async (_, change, error) => {
	const form = { ...tokenForm(await newCode()), ...change };
	const answer = await postForm(`${BASE}/login/oauth/access_token`, form, JSON_WANTED);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toEqual({
		error,
		error_description: expect.any(String),
		error_uri: expect.stringMatching(/^https:\/\/docs\.github\.com\//),
	});
});

test('a code is good for one token, and without PKCE for one that sends no verifier', async () => {
	const code = await newCode(ADA, { code_challenge: undefined, code_challenge_method: undefined });
	const form = tokenForm(code, { code_verifier: undefined, redirect_uri: undefined });
	const send = () => postForm(`${BASE}/login/oauth/access_token`, form, JSON_WANTED);
	expect(await jsonOf(send())).toHaveProperty('access_token');
	expect(await jsonOf(send())).toMatchObject({ error: 'bad_verification_code' });
});

test('the answer is form-encoded unless JSON is asked for, and the request may be JSON', async () => {
	const answer = await fetch(`${BASE}/login/oauth/access_token`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(tokenForm(await newCode())),
	});
	expect(answer.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
	expect(Object.fromEntries(new URLSearchParams(await answer.text()))).toMatchObject({ token_type: 'bearer' });
	const wrong = await postForm(`${BASE}/login/oauth/access_token`, tokenForm('nonsense'));
	expect(new URLSearchParams(await wrong.text()).get('error')).toBe('bad_verification_code');
});

test('the API refuses a request without a User-Agent, and one without a token', async () => {
	const token = await newToken();
	const sent = request(`${BASE}/api/user`, { headers: { authorization: `Bearer ${token}` } }).end();
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	expect(answer.statusCode).toBe(403);
	answer.resume();
	const stranger = await ask('/user', 'gho_stranger');
	expect(stranger.status).toBe(401);
	expect(await stranger.json()).toMatchObject({ message: 'Bad credentials', status: '401' });
});

test('addresses need their scope', async () => {
	const token = await newToken(ADA, { scope: 'read:user' });
	expect((await ask('/user', token)).headers.get('x-oauth-scopes')).toBe('read:user');
	expect((await ask('/user/emails', token)).status).toBe(404);
});

test('Cancel takes the refusal back, and an unknown client gets no page', async () => {
	const refused = sentBack(await consent(authorizeUrl(), { decision: 'cancel' }));
	expect(refused).toMatchObject({ error: 'access_denied', state: 's', error_description: expect.any(String) });
	expect(refused).not.toHaveProperty('code');
	expect((await fetch(authorizeUrl({ client_id: 'stranger' }))).status).toBe(404);
});

test('each call fails when told, once, by control over HTTP too', async () => {
	const told = await fetch(`${emulators.origin}/control/github`, {
		method: 'POST',
		body: JSON.stringify({ kind: 'token_error' }),
	});
	expect(told.status).toBe(200);
	expect(await newToken()).toBe('undefined');
	emulators.github.failNext({ kind: 'token_unavailable' });
	expect((await postForm(`${BASE}/login/oauth/access_token`, tokenForm('x'))).status).toBe(503);
	const token = await newToken();
	emulators.github.failNext({ kind: 'emails_unavailable' });
	emulators.github.failNext({ kind: 'user_unavailable' });
	expect((await ask('/user', token)).status).toBe(503);
	expect((await ask('/user/emails', token)).status).toBe(503);
	expect((await ask('/user/emails', token)).status).toBe(200);
	emulators.github.reset();
	expect((await ask('/user', token)).status).toBe(401);
});
