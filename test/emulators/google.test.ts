import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LOCAL_GOOGLE } from '../../emulators/sign-in/clients';
import { startEmulators } from '../../emulators/start-emulators';
import { CALLBACK, consent, jsonOf, newPkce, postForm, sentBack, withQuery } from './sign-in-client';

const emulators = await startEmulators({ signIn: { google: LOCAL_GOOGLE } });
afterAll(() => emulators.close());
beforeEach(() => emulators.google.reset());
afterEach(() => void vi.useRealTimers());

const BASE = `${emulators.origin}/google`;
const ADA = { name: 'Ada Lovelace', email: 'ada@practice.test', email_verified: 'on' };
const { verifier, query: pkce } = newPkce();

function authorizeUrl(change: Record<string, string | undefined> = {}): URL {
	return withQuery(`${BASE}/o/oauth2/v2/auth`, {
		response_type: 'code',
		client_id: LOCAL_GOOGLE.clientId,
		redirect_uri: CALLBACK,
		scope: 'email profile openid',
		state: 'st&ate',
		...pkce,
		...change,
	});
}

async function newCode(form: Record<string, string> = ADA, change: Record<string, string | undefined> = {}) {
	return sentBack(await consent(authorizeUrl(change), form))['code']!;
}

function askToken(code: string, change: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) {
	const form = {
		grant_type: 'authorization_code',
		code,
		redirect_uri: CALLBACK,
		code_verifier: verifier,
		client_id: LOCAL_GOOGLE.clientId,
		client_secret: LOCAL_GOOGLE.clientSecret,
		...change,
	};
	return postForm(`${BASE}/token`, form, headers);
}

async function newIdToken(form = ADA, change: Record<string, string | undefined> = {}): Promise<string> {
	return String((await jsonOf(askToken(await newCode(form, change))))['id_token']);
}

function tell(body: unknown): Promise<Response> {
	return fetch(`${emulators.origin}/control/google`, { method: 'POST', body: JSON.stringify(body) });
}

/** As a client verifies it; the keys are fetched anew each time. */
function verify(idToken: string) {
	return jwtVerify(idToken, createRemoteJWKSet(new URL(`${BASE}/oauth2/v3/certs`)), {
		issuer: 'https://accounts.google.com',
		audience: LOCAL_GOOGLE.clientId,
		algorithms: ['RS256'],
		maxTokenAge: '1h',
	});
}

test('a person who continues comes back with a code that buys a signed id_token', async () => {
	const answer = await consent(authorizeUrl({ nonce: 'n-1' }), { ...ADA, hd: 'practice.test' });
	expect(answer.status).toBe(302);
	expect(answer.headers.get('location')).toMatch(new RegExp(`^${CALLBACK}\\?`));
	const { code, state } = sentBack(answer);
	expect(state).toBe('st&ate');

	const tokens = await askToken(code!);
	expect(tokens.status).toBe(200);
	expect(tokens.headers.get('cache-control')).toBe('no-store');
	const body = await jsonOf(tokens);
	expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, scope: 'email profile openid' });
	const { payload, protectedHeader } = await verify(String(body['id_token']));
	expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
	expect(payload).toMatchObject({
		azp: LOCAL_GOOGLE.clientId,
		sub: expect.stringMatching(/^1\d{20}$/),
		email: ADA.email,
		email_verified: true,
		name: ADA.name,
		given_name: 'Ada',
		family_name: 'Lovelace',
		nonce: 'n-1',
		hd: 'practice.test',
	});
	const picture = await fetch(String(payload['picture']));
	expect(picture.headers.get('content-type')).toBe('image/svg+xml');
});

test('the same address is the same person, and an unticked address is not verified', async () => {
	const [first, second] = [await newIdToken(), await newIdToken()].map((token) => decodeJwt(token));
	expect(second!.sub).toBe(first!.sub);
	const { email_verified: _, ...unverified } = ADA;
	const token = decodeJwt(String((await jsonOf(askToken(await newCode(unverified))))['id_token']));
	expect(token).toMatchObject({ sub: first!.sub, email_verified: false });
	expect(decodeJwt(await newIdToken({ ...ADA, email: 'b@b.test' })).sub).not.toBe(first!.sub);
});

test('claims go no further than the scopes, and without openid there is no id_token', async () => {
	const claims = decodeJwt(await newIdToken(ADA, { scope: 'openid' }));
	expect(claims).not.toHaveProperty('email');
	expect(claims).not.toHaveProperty('name');
	expect(await jsonOf(askToken(await newCode(ADA, { scope: 'email' })))).not.toHaveProperty('id_token');
});

test('a code is good for one token', async () => {
	const code = await newCode();
	expect((await askToken(code)).status).toBe(200);
	const again = await askToken(code);
	expect(again.status).toBe(400);
	expect(await again.json()).toEqual({ error: 'invalid_grant', error_description: 'Malformed auth code.' });
});

test('a code is too old after ten minutes', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	const [young, old] = [await newCode(), await newCode()];
	vi.setSystemTime(Date.now() + 590_000);
	expect((await askToken(young)).status).toBe(200);
	vi.setSystemTime(Date.now() + 20_000);
	expect(await jsonOf(askToken(old))).toMatchObject({ error: 'invalid_grant' });
});

test.each([
	['another redirect address', { redirect_uri: `${CALLBACK}/x` }, 400, 'redirect_uri_mismatch'],
	['no verifier', { code_verifier: undefined }, 400, 'invalid_grant'],
	['another verifier', { code_verifier: newPkce().verifier }, 400, 'invalid_grant'],
	['an unknown client', { client_id: 'stranger' }, 401, 'invalid_client'],
	['another secret', { client_secret: 'guess' }, 401, 'invalid_client'],
	['no secret', { client_secret: undefined }, 400, 'invalid_request'],
	['no code', { code: undefined }, 400, 'invalid_request'],
	['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
])('a token request with %s is refused', async (_, change, status, error) => {
	const answer = await askToken(await newCode(), change);
	expect(answer.status).toBe(status);
	expect(await answer.json()).toMatchObject({ error, error_description: expect.any(String) });
});

test('credentials may come as HTTP Basic, and a JSON body reads as nothing', async () => {
	const basic = Buffer.from(`${LOCAL_GOOGLE.clientId}:${LOCAL_GOOGLE.clientSecret}`).toString('base64');
	const without = { client_id: undefined, client_secret: undefined };
	const answer = await askToken(await newCode(), without, { authorization: `Basic ${basic}` });
	expect(answer.status).toBe(200);
	const json = await fetch(`${BASE}/token`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ grant_type: 'authorization_code', code: await newCode() }),
	});
	expect(await json.json()).toMatchObject({ error: 'unsupported_grant_type' });
});

test('a verifier that no authorize request announced is refused', async () => {
	const code = await newCode(ADA, { code_challenge: undefined, code_challenge_method: undefined });
	expect(await jsonOf(askToken(code))).toMatchObject({ error: 'invalid_grant' });
});

test('Cancel takes the refusal back to the client, and nothing else', async () => {
	const answer = await consent(authorizeUrl(), { decision: 'cancel', name: '', email: '' });
	expect(answer.status).toBe(302);
	expect(sentBack(answer)).toEqual({ error: 'access_denied', state: 'st&ate' });
});

test('the page asks for a person, shows the known ones, and keeps what was typed wrong', async () => {
	const asked = await fetch(authorizeUrl({ login_hint: '"><script>@x.test' }));
	expect(asked.status).toBe(200);
	const text = await asked.text();
	expect(text).toContain('Stand-in for Google');
	expect(text).toContain('value="&quot;&gt;&lt;script&gt;@x.test"');
	expect(text).not.toContain('<script');

	const wrong = await consent(authorizeUrl(), { name: 'Ada', email: 'not an address' });
	expect(wrong.status).toBe(422);
	const again = await wrong.text();
	expect(again).toContain('role="alert"');
	expect(again).toContain('value="not an address"');
	expect(again).not.toContain('Continue as');

	await newCode();
	expect(await (await fetch(authorizeUrl())).text()).toContain(`Continue as ${ADA.name}`);
});

test.each([
	['an unknown client', { client_id: 'stranger' }, 401],
	['no client', { client_id: undefined }, 400],
	['plain http elsewhere', { redirect_uri: 'http://practice.test/cb' }, 400],
	['a script for an address', { redirect_uri: 'javascript:alert(1)' }, 400],
	['the implicit flow', { response_type: 'token' }, 400],
	['no scope', { scope: undefined }, 400],
	['plain PKCE', { code_challenge_method: 'plain' }, 400],
])('an authorize request with %s is refused on a page and sends nobody on', async (_, change, status) => {
	for (const answer of [await fetch(authorizeUrl(change)), await consent(authorizeUrl(change), ADA)]) {
		expect(answer.status).toBe(status);
		expect(answer.headers.get('location')).toBeNull();
		expect(await answer.text()).toContain('refused');
	}
});

test('keys can be rotated: the old one stays published, unless it is dropped', async () => {
	const before = await newIdToken();
	await emulators.google.rotateKeys();
	const after = await newIdToken();
	expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
	await expect(verify(before)).resolves.toBeDefined();
	await fetch(`${emulators.origin}/control/google/rotate-keys`, {
		method: 'POST',
		body: JSON.stringify({ dropOld: true }),
	});
	await expect(verify(after)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
	await expect(verify(await newIdToken())).resolves.toBeDefined();
});

test.each([
	['wrong_audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
	['wrong_issuer', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
	['expired_id_token', 'ERR_JWT_EXPIRED'],
	['unknown_kid', 'ERR_JWKS_NO_MATCHING_KEY'],
	['wrong_signature', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
] as const)('%s is an id_token that does not verify, once', async (kind, code) => {
	emulators.google.failNext({ kind });
	await expect(verify(await newIdToken())).rejects.toMatchObject({ code });
	await expect(verify(await newIdToken())).resolves.toBeDefined();
});

test('wrong_nonce verifies but answers another request', async () => {
	emulators.google.failNext({ kind: 'wrong_nonce' });
	const { payload } = await verify(await newIdToken(ADA, { nonce: 'n-1' }));
	expect(payload['nonce']).not.toBe('n-1');
});

test('the token endpoint and the key set fail when told, by control over HTTP too', async () => {
	expect((await tell({ kind: 'token_error' })).status).toBe(200);
	expect(await jsonOf(askToken(await newCode()))).toMatchObject({ error: 'invalid_grant' });
	await tell({ kind: 'token_unavailable', times: 2 });
	expect((await askToken(await newCode())).status).toBe(503);
	expect((await askToken(await newCode())).status).toBe(503);
	const idToken = await newIdToken();
	await tell({ kind: 'keys_unavailable' });
	await expect(verify(idToken)).rejects.toThrow('200 OK');
	await expect(verify(idToken)).resolves.toBeDefined();
	expect((await tell({ kind: 'unheard_of' })).status).toBe(400);
});

test('reset forgets codes, people and failures', async () => {
	const code = await newCode();
	emulators.google.failNext({ kind: 'token_unavailable', times: 5 });
	await fetch(`${emulators.origin}/control/google/reset`, { method: 'POST' });
	expect(await jsonOf(askToken(code))).toMatchObject({ error: 'invalid_grant' });
	expect(await (await fetch(authorizeUrl())).text()).not.toContain('Continue as');
});

test('the discovery document names endpoints here and the issuer there', async () => {
	const document = await jsonOf(fetch(`${BASE}/.well-known/openid-configuration`));
	expect(document).toMatchObject({ issuer: 'https://accounts.google.com', token_endpoint: `${BASE}/token` });
	expect((await fetch(String(document['jwks_uri']))).status).toBe(200);
});

test('without a registered client any will do, but not none', async () => {
	const open = await startEmulators();
	const address = authorizeUrl({ client_id: 'whoever' });
	address.port = new URL(open.origin).port;
	const { code } = sentBack(await consent(address, ADA));
	const ask = (client_secret: string) =>
		postForm(`${open.origin}/google/token`, {
			grant_type: 'authorization_code',
			code: code!,
			redirect_uri: CALLBACK,
			code_verifier: verifier,
			client_id: 'whoever',
			client_secret,
		});
	expect((await ask('')).status).toBe(400);
	expect((await ask('anything')).status).toBe(200);
	await open.close();
});
