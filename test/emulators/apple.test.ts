import { createHash } from 'node:crypto';
import {
	createRemoteJWKSet,
	decodeJwt,
	exportJWK,
	exportSPKI,
	generateKeyPair,
	type JWTPayload,
	jwtVerify,
	SignJWT,
} from 'jose';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { LOCAL_APPLE } from '../../emulators/sign-in/clients';
import { startEmulators } from '../../emulators/start-emulators';
import { CALLBACK, consent, jsonOf, newPkce, postForm, withQuery } from './sign-in-client';

const pair = await generateKeyPair('ES256', { extractable: true });
const app = { ...LOCAL_APPLE, publicKey: await exportSPKI(pair.publicKey) };
const emulators = await startEmulators({ signIn: { apple: app } });
afterAll(() => emulators.close());
beforeEach(() => {
	emulators.apple.reset();
	emulators.apple.registerKey(app);
});

const BASE = `${emulators.origin}/apple`;
const ADA = { name: 'Ada King Lovelace', email: 'ada@practice.test', email_verified: 'on' };
const { verifier, query: pkce } = newPkce();

function authorizeUrl(change: Record<string, string | undefined> = {}): URL {
	return withQuery(`${BASE}/auth/authorize`, {
		response_type: 'code id_token',
		response_mode: 'form_post',
		client_id: LOCAL_APPLE.clientId,
		redirect_uri: CALLBACK,
		scope: 'email name',
		state: 's"&<',
		...pkce,
		...change,
	});
}

function plain(value: string): string {
	return value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What the page that Apple answers would post, as a browser reads it. */
async function posted(answer: Response): Promise<Record<string, string>> {
	const text = await answer.text();
	expect(text).toContain(`action="${CALLBACK}"`);
	const fields = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
	return Object.fromEntries(fields.map(([, name, value]) => [name!, plain(value!)]));
}

async function signIn(form: Record<string, string> = ADA, change: Record<string, string | undefined> = {}) {
	return posted(await consent(authorizeUrl(change), form));
}

const NOW_SECONDS = Math.floor(Date.now() / 1000);
const CLAIMS = {
	iss: LOCAL_APPLE.teamId,
	sub: LOCAL_APPLE.clientId,
	aud: 'https://appleid.apple.com',
	iat: NOW_SECONDS,
	exp: NOW_SECONDS + 600,
};

const { exp: _exp, ...ENDLESS } = CLAIMS;

function newSecret(
	claims: JWTPayload = CLAIMS,
	header: { kid?: string } = { kid: LOCAL_APPLE.keyId },
): Promise<string> {
	return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(pair.privateKey);
}

async function tokenForm(code: string, change: Record<string, string | undefined> = {}) {
	const client_secret = await newSecret();
	const client_id = LOCAL_APPLE.clientId;
	const redirect_uri = CALLBACK;
	return {
		grant_type: 'authorization_code',
		code,
		redirect_uri,
		code_verifier: verifier,
		client_id,
		client_secret,
		...change,
	};
}

async function askToken(code: string, change: Record<string, string | undefined> = {}): Promise<Response> {
	return postForm(`${BASE}/auth/token`, await tokenForm(code, change));
}

async function newTokens(form: Record<string, string> = ADA): Promise<Record<string, unknown>> {
	return jsonOf(askToken((await signIn(form))['code']!));
}

function verify(idToken: unknown) {
	return jwtVerify(String(idToken), createRemoteJWKSet(new URL(`${BASE}/auth/keys`)), {
		issuer: 'https://appleid.apple.com',
		audience: LOCAL_APPLE.clientId,
		algorithms: ['RS256'],
		maxTokenAge: '1h',
	});
}

test('the first consent posts code, state, id_token and who it is; the code buys tokens', async () => {
	const back = await signIn(ADA, { nonce: 'n-1' });
	expect(Object.keys(back)).toEqual(['state', 'code', 'id_token', 'user']);
	expect(back['state']).toBe('s"&<');
	expect(JSON.parse(back['user']!)).toEqual({
		name: { firstName: 'Ada', lastName: 'King Lovelace' },
		email: ADA.email,
	});
	const front = await verify(back['id_token']);
	const cHash = createHash('sha256').update(back['code']!).digest().subarray(0, 16).toString('base64url');
	expect(front.payload).toMatchObject({ c_hash: cHash, email: ADA.email, email_verified: 'true', nonce: 'n-1' });

	const answer = await askToken(back['code']!);
	expect(answer.status).toBe(200);
	const tokens = await jsonOf(answer);
	expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_token: expect.any(String) });
	const { payload } = await verify(tokens['id_token']);
	expect(payload).toMatchObject({
		sub: front.payload.sub,
		email_verified: 'true',
		nonce: 'n-1',
		nonce_supported: true,
	});
	expect(payload).not.toHaveProperty('name');
	expect(payload).not.toHaveProperty('is_private_email');
});

test('who it is comes once, until the consent is revoked', async () => {
	const first = await newTokens();
	expect(await signIn()).not.toHaveProperty('user');
	const revoke = async (change: Record<string, string>) =>
		postForm(`${BASE}/auth/revoke`, await tokenForm('', { token: String(first['refresh_token']), ...change }));
	expect((await revoke({ token: 'unknown' })).status).toBe(200);
	expect((await revoke({ client_secret: 'guess' })).status).toBe(400);
	expect(await signIn()).not.toHaveProperty('user');
	expect((await revoke({})).status).toBe(200);
	const refresh = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']) };
	expect(await jsonOf(askToken('', refresh))).toMatchObject({ error: 'invalid_grant' });
	expect(await signIn()).toHaveProperty('user');
});

test('a refresh token buys tokens again, an access token does not', async () => {
	const { refresh_token, access_token, id_token } = await newTokens();
	const again = await jsonOf(askToken('', { grant_type: 'refresh_token', refresh_token: String(refresh_token) }));
	expect(again).not.toHaveProperty('refresh_token');
	expect((await verify(again['id_token'])).payload.sub).toBe(decodeJwt(String(id_token)).sub);
	const wrong = askToken('', { grant_type: 'refresh_token', refresh_token: String(access_token) });
	expect(await jsonOf(wrong)).toMatchObject({ error: 'invalid_grant' });
});

test('a hidden address is relayed, the same one each time, whatever is ticked later', async () => {
	const hidden = decodeJwt(String((await newTokens({ ...ADA, hide_email: 'on' }))['id_token']));
	expect(hidden).toMatchObject({ is_private_email: 'true', email_verified: 'true' });
	expect(hidden['email']).toMatch(/^[0-9a-f]{10}@privaterelay\.appleid\.com$/);
	const later = decodeJwt(String((await newTokens())['id_token']));
	expect(later).toMatchObject({ sub: hidden.sub, email: hidden['email'] });
});

test('the page posts across sites, works without script, and Cancel says so', async () => {
	const page = await (await fetch(authorizeUrl())).text();
	const action = /<form method="post" action="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&');
	expect(new URL(action).hostname).toBe('localhost');
	const answer = await consent(action, ADA);
	expect(answer.headers.get('cache-control')).toBe('no-store');
	const text = await answer.text();
	expect(text).toContain('<button class="main">Go back to http://127.0.0.1:8788</button>');
	expect(text).toContain('document.forms[0].submit()');
	const refused = await signIn({ decision: 'cancel' });
	expect(refused).toEqual({ state: 's"&<', error: 'user_cancelled_authorize' });
});

test('without scopes the answer may come in the query or in the fragment', async () => {
	const bare = { scope: undefined, response_type: 'code', response_mode: undefined };
	const query = await consent(authorizeUrl(bare), ADA);
	expect(query.headers.get('location')).toMatch(/\?state=.*&code=/);
	const fragment = await consent(authorizeUrl({ ...bare, response_type: 'code id_token' }), ADA);
	expect(fragment.headers.get('location')).toMatch(/#state=.*&code=.*&id_token=/);
});

test.each([
	['scopes and no form_post', { response_mode: 'query' }, 'invalid_request'],
	['an id_token in the query', { scope: undefined, response_mode: 'query' }, 'invalid_request'],
	['an unknown client', { client_id: 'stranger' }, 'invalid_client'],
	['no redirect address', { redirect_uri: undefined }, 'invalid_request'],
	['the implicit flow', { response_type: 'id_token' }, 'unsupported_response_type'],
])('an authorize request with %s is refused as JSON', async (_, change, error) => {
	for (const answer of [await fetch(authorizeUrl(change)), await consent(authorizeUrl(change), ADA)]) {
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ error });
	}
});

const foreign = await generateKeyPair('ES256');

test.each([
	['that is a plain word', () => 'local-emulator-no-secret'],
	[
		'by another key',
		() => new SignJWT(CLAIMS).setProtectedHeader({ alg: 'ES256', kid: LOCAL_APPLE.keyId }).sign(foreign.privateKey),
	],
	[
		'by HS256',
		() => new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: LOCAL_APPLE.keyId }).sign(new Uint8Array(32)),
	],
	['without a kid', () => newSecret(CLAIMS, {})],
	['with another kid', () => newSecret(CLAIMS, { kid: 'OTHERKEY01' })],
	['of another team', () => newSecret({ ...CLAIMS, iss: 'OTHERTEAM1' })],
	['for another client', () => newSecret({ ...CLAIMS, sub: 'other.client' })],
	['for another audience', () => newSecret({ ...CLAIMS, aud: 'https://apple.com' })],
	['that is over', () => newSecret({ ...CLAIMS, exp: NOW_SECONDS - 1 })],
	['that never ends', () => newSecret(ENDLESS)],
	['for more than six months', () => newSecret({ ...CLAIMS, exp: NOW_SECONDS + 15_777_000 + 600 })],
])('a client_secret %s is refused, and the code stays unspent', async (_, secret) => {
	const { code } = await signIn();
	const answer = await askToken(code!, { client_secret: await secret() });
	expect(answer.status).toBe(400);
	expect(await answer.json()).toEqual({ error: 'invalid_client' });
	expect((await askToken(code!)).status).toBe(200);
});

test.each([
	['another redirect address', { redirect_uri: `${CALLBACK}/x` }, 'invalid_grant'],
	['another verifier', { code_verifier: newPkce().verifier }, 'invalid_grant'],
	['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
])('a token request with %s is refused', async (_, change, error) => {
	const answer = await askToken((await signIn())['code']!, change);
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ error });
});

test('a code is good for one token', async () => {
	const { code } = await signIn();
	expect((await askToken(code!)).status).toBe(200);
	expect(await jsonOf(askToken(code!))).toMatchObject({ error: 'invalid_grant' });
});

test('a key registered later is the one that counts, by control over HTTP too', async () => {
	const other = await generateKeyPair('ES256', { extractable: true });
	const register = (publicKey: unknown) =>
		fetch(`${emulators.origin}/control/apple/register-key`, {
			method: 'POST',
			body: JSON.stringify({ ...LOCAL_APPLE, publicKey }),
		});
	const rsa = await generateKeyPair('RS256', { extractable: true });
	expect((await register(await exportSPKI(rsa.publicKey))).status).toBe(400);
	expect((await register('nonsense')).status).toBe(400);
	expect((await askToken((await signIn())['code']!)).status).toBe(200);
	expect((await register(await exportSPKI(other.publicKey))).status).toBe(200);
	expect(await jsonOf(askToken((await signIn())['code']!))).toEqual({ error: 'invalid_client' });
	emulators.apple.registerKey({ ...LOCAL_APPLE, publicKey: { ...(await exportJWK(pair.publicKey)) } });
	expect((await askToken((await signIn())['code']!)).status).toBe(200);
});

test.each([
	['wrong_audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
	['expired_id_token', 'ERR_JWT_EXPIRED'],
	['unknown_kid', 'ERR_JWKS_NO_MATCHING_KEY'],
	['wrong_signature', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
] as const)('%s is an id_token that does not verify, once', async (kind, code) => {
	emulators.apple.failNext({ kind });
	await expect(verify((await newTokens())['id_token'])).rejects.toMatchObject({ code });
	await expect(verify((await newTokens())['id_token'])).resolves.toBeDefined();
});

test('the token endpoint and the keys fail when told, and keys can be dropped', async () => {
	emulators.apple.failNext({ kind: 'token_error' });
	emulators.apple.failNext({ kind: 'token_unavailable' });
	expect((await askToken((await signIn())['code']!)).status).toBe(503);
	expect(await newTokens()).toMatchObject({ error: 'invalid_grant' });
	const { id_token } = await newTokens();
	await emulators.apple.rotateKeys();
	await expect(verify(id_token)).resolves.toBeDefined();
	emulators.apple.failNext({ kind: 'keys_unavailable' });
	expect((await fetch(`${BASE}/auth/keys`)).status).toBe(503);
	await emulators.apple.rotateKeys({ dropOld: true });
	await expect(verify(id_token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('without a registered app a secret needs the right claims and any signature', async () => {
	const open = await startEmulators();
	const ask = async (client_secret: string) => {
		const address = authorizeUrl();
		address.port = new URL(open.origin).port;
		const { code } = await posted(await consent(address, ADA));
		return postForm(`${open.origin}/apple/auth/token`, await tokenForm(code!, { client_secret }));
	};
	const header = { alg: 'ES256', kid: 'ANYKEY' };
	const secret = await new SignJWT({ ...CLAIMS, iss: 'ANYTEAM' }).setProtectedHeader(header).sign(foreign.privateKey);
	expect((await ask(secret)).status).toBe(200);
	expect((await ask(await newSecret({ ...CLAIMS, aud: 'elsewhere' }))).status).toBe(400);
	await open.close();
});
