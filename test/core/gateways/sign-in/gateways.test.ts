import { createPublicKey } from 'node:crypto';

import {
	decodeProtectedHeader,
	exportJWK,
	generateKeyPair,
	jwtVerify,
	SignJWT,
	UnsecuredJWT,
	type JWTPayload,
} from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';

import { LOCAL_APPLE, LOCAL_GOOGLE } from '../../../../emulators/sign-in/clients';
import { createApple } from '../../../../workers/core/gateways/sign-in/apple';
import { createGitHub } from '../../../../workers/core/gateways/sign-in/github';
import { createGoogle } from '../../../../workers/core/gateways/sign-in/google';
import { standIns } from './stand-ins';

const ADA = { name: 'Ada Lovelace', email: 'Ada@practice.test', email_verified: 'on' };
const REFUSED = { reason: 'provider_refused' };
const UNAVAILABLE = { reason: 'provider_unavailable' };

let they: ReturnType<typeof standIns>;
beforeEach(() => {
	they = standIns();
});

const ORDER = {
	state: 'the state',
	codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
	nonce: 'the nonce',
	redirectUri: 'https://app.test/api/auth/callback/google',
};
/** Of RFC 7636, appendix B. */
const CHALLENGE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

async function shown(url: Promise<URL>) {
	const { origin, pathname, searchParams } = await url;
	return [origin + pathname, Object.fromEntries(searchParams)];
}

test('each provider’s own page is visited with what ties the answer to the request', async () => {
	const client = { clientId: 'ours', clientSecret: 'secret' };
	const apple = createApple({ clientId: 'ours', teamId: 't', keyId: 'k', privateKey: '' }, fetch);
	const common = { client_id: 'ours', redirect_uri: ORDER.redirectUri, state: 'the state' };

	expect(await shown(createGoogle(client, fetch).authorizationUrl(ORDER))).toEqual([
		'https://accounts.google.com/o/oauth2/v2/auth',
		{
			...common,
			...CHALLENGE,
			response_type: 'code',
			scope: 'openid email profile',
			nonce: 'the nonce',
			prompt: 'select_account',
		},
	]);
	expect(await shown(apple.authorizationUrl(ORDER))).toEqual([
		'https://appleid.apple.com/auth/authorize',
		{ ...common, response_type: 'code', response_mode: 'form_post', scope: 'name email', nonce: 'the nonce' },
	]);
	expect(await shown(createGitHub(client, fetch).authorizationUrl({ ...ORDER, nonce: null }))).toEqual([
		'https://github.com/login/oauth/authorize',
		{ ...common, ...CHALLENGE, scope: 'user:email' },
	]);
});

test.each([
	['google', 'Ada Lovelace'],
	// In the answer beside the code, never in the token.
	['apple', null],
	['github', 'Ada Lovelace'],
] as const)('%s says who came back, with the verified address in lower case', async (id, name) => {
	const identity = await they.gateways[id].identify(await they.visit(id, ADA));

	expect(identity).toEqual({ subject: expect.any(String), email: 'ada@practice.test', name });
	const again = await they.gateways[id].identify(await they.visit(id, ADA));
	expect(again.subject).toBe(identity.subject);
});

test.each(['google', 'apple', 'github'] as const)('%s: an address that is not verified is none', async (id) => {
	const { email_verified: _, ...unverified } = ADA;
	const identity = await they.gateways[id].identify(await they.visit(id, unverified));
	expect(identity).toMatchObject({ subject: expect.stringMatching(/./), email: null });
});

test('an address that Apple relays is one', async () => {
	const identity = await they.gateways.apple.identify(await they.visit('apple', { ...ADA, hide_email: 'on' }));
	expect(identity.email).toMatch(/^\w+@privaterelay\.appleid\.com$/);
});

test.each(['google', 'apple', 'github'] as const)(
	'%s: a code is good for one sign-in, from its own request',
	async (id) => {
		const gateway = they.gateways[id];
		const grant = await they.visit(id, ADA);
		await gateway.identify(grant);
		await expect(gateway.identify(grant)).rejects.toMatchObject(REFUSED);

		const elsewhere = { ...(await they.visit(id, ADA)), redirectUri: 'http://127.0.0.1:8788/elsewhere' };
		await expect(gateway.identify(elsewhere)).rejects.toMatchObject(REFUSED);
	},
);

test.each(['google', 'github'] as const)(
	'%s: a code that was stolen is worth nothing without its verifier',
	async (id) => {
		const grant = { ...(await they.visit(id, ADA)), codeVerifier: 'w'.repeat(43) };
		await expect(they.gateways[id].identify(grant)).rejects.toMatchObject(REFUSED);
	},
);

test.each(['google', 'apple', 'github'] as const)('%s: its failures tell absence from refusal', async (id) => {
	const gateway = they.gateways[id];
	const control: { failNext(failure: { kind: string }): void } = they.controls[id];
	const attempt = async (failure: string) => {
		const grant = await they.visit(id, ADA);
		control.failNext({ kind: failure });
		return gateway.identify(grant);
	};
	await expect(attempt('token_error')).rejects.toMatchObject(REFUSED);
	await expect(attempt('token_unavailable')).rejects.toMatchObject(UNAVAILABLE);
	for (const failure of id === 'github' ? ['user_unavailable', 'emails_unavailable'] : ['keys_unavailable']) {
		await expect(attempt(failure)).rejects.toMatchObject(UNAVAILABLE);
	}
});

test.each([
	['a redirect', () => Response.redirect('https://evil.test/', 307)],
	['more than an answer has', () => new Response('x'.repeat(300 * 1024))],
	['no JSON', () => new Response('<html>')],
	['429', () => new Response('', { status: 429 })],
] as const)('a token endpoint that answers %s is unavailable, and nobody else is asked', async (_, answer) => {
	for (const id of ['google', 'apple', 'github'] as const) {
		const grant = await they.visit(id, ADA);
		const before = they.asked.length;
		they.instead(() => answer());
		await expect(they.gateways[id].identify(grant)).rejects.toMatchObject(UNAVAILABLE);
		expect(they.asked).toHaveLength(before + 1);
	}
});

test('a connection that breaks is an absence', async () => {
	const grant = await they.visit('google', ADA);
	they.instead(() => {
		throw new TypeError('fetch failed');
	});
	await expect(they.gateways.google.identify(grant)).rejects.toMatchObject(UNAVAILABLE);
});

describe.each(['google', 'apple'] as const)('an id_token of %s', (id) => {
	const clientId = id === 'google' ? LOCAL_GOOGLE.clientId : LOCAL_APPLE.clientId;
	const issuer = id === 'google' ? 'https://accounts.google.com' : 'https://appleid.apple.com';
	const right = (): JWTPayload => {
		const now = Math.floor(Date.now() / 1000);
		return { iss: issuer, aud: clientId, sub: '1', nonce: 'the nonce', iat: now, exp: now + 300 };
	};

	/** The token endpoint hands out this one, made with a key that is published. */
	async function identifyBy(claims: JWTPayload, { alg = 'RS256' } = {}) {
		const { privateKey, publicKey } = await generateKeyPair(alg);
		const published = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', use: 'sig' }] };
		const idToken = await new SignJWT(claims).setProtectedHeader({ alg, kid: 'k' }).sign(privateKey);
		return identifyWith(idToken, published);
	}

	async function identifyWith(idToken: string, published: object) {
		const grant = await they.visit(id, ADA);
		they.instead(({ pathname }) => Response.json(pathname.endsWith('token') ? { id_token: idToken } : published));
		return they.gateways[id].identify(grant);
	}

	test('is believed when all of it is right', async () => {
		expect(await identifyBy(right())).toEqual({ subject: '1', email: null, name: null });
	});

	test.each([
		'wrong_nonce',
		'wrong_audience',
		'wrong_issuer',
		'expired_id_token',
		'unknown_kid',
		'wrong_signature',
	] as const)('with %s is refused', async (failure) => {
		const grant = await they.visit(id, ADA);
		they.controls[id].failNext({ kind: failure });
		await expect(they.gateways[id].identify(grant)).rejects.toMatchObject(REFUSED);
	});

	test.each([
		['for several clients', { aud: [clientId, 'another'] }],
		['that another client asked for', { azp: 'another' }],
		['without a nonce', { nonce: undefined }],
		['with a nonce that begins like ours', { nonce: 'the nonce and more' }],
		['without an end', { exp: undefined }],
		['without a subject', { sub: undefined }],
		['with an empty subject', { sub: '' }],
		['whose issuer begins like the provider’s', { iss: `${issuer}.evil.test` }],
		['that is not good yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
	] as const)('%s is refused', async (_, wrong) => {
		await expect(identifyBy({ ...right(), ...wrong } as JWTPayload)).rejects.toMatchObject(REFUSED);
	});

	test.each([true, 'true'])('says %j of a verified address', async (word) => {
		const claims = { ...right(), email: 'ada@practice.test', email_verified: word };
		expect(await identifyBy(claims)).toMatchObject({ email: 'ada@practice.test' });
	});

	test.each([false, 'false', undefined])('says %j of one that is not', async (word) => {
		const claims = { ...right(), email: 'ada@practice.test', email_verified: word };
		expect(await identifyBy(claims)).toMatchObject({ email: null });
	});

	test.each(['ES256', 'PS256'])('signed with %s is refused', async (alg) => {
		await expect(identifyBy(right(), { alg })).rejects.toMatchObject(REFUSED);
	});

	test('without a signature, or signed with the published key as a secret, is refused', async () => {
		const { publicKey } = await generateKeyPair('RS256', { extractable: true });
		const jwk = await exportJWK(publicKey);
		const published = { keys: [{ ...jwk, kid: 'k' }] };
		const header = { alg: 'HS256', kid: 'k' };
		const asSecret = await new SignJWT(right()).setProtectedHeader(header).sign(Buffer.from(jwk.n!, 'base64url'));

		await expect(identifyWith(new UnsecuredJWT(right()).encode(), published)).rejects.toMatchObject(REFUSED);
		await expect(identifyWith(asSecret, published)).rejects.toMatchObject(REFUSED);
	});

	test('by a key that is not there yet is looked for once more', async () => {
		const { privateKey, publicKey } = await generateKeyPair('RS256');
		const jwk = { ...(await exportJWK(publicKey)), use: 'sig' };
		const idToken = await new SignJWT(right()).setProtectedHeader({ alg: 'RS256', kid: 'new' }).sign(privateKey);
		const grant = await they.visit(id, ADA);
		let fetched = 0;
		they.instead(({ pathname }) => {
			if (pathname.endsWith('token')) return Response.json({ id_token: idToken });
			fetched += 1;
			return Response.json({ keys: [{ ...jwk, kid: fetched === 1 ? 'old' : 'new' }] });
		});
		expect(await they.gateways[id].identify(grant)).toMatchObject({ subject: '1' });
		expect(fetched).toBe(2);
	});

	test('by a key of nobody is looked for twice and no more', async () => {
		const grant = await they.visit(id, ADA);
		they.controls[id].failNext({ kind: 'unknown_kid' });
		const before = they.asked.length;
		await expect(they.gateways[id].identify(grant)).rejects.toMatchObject(REFUSED);
		expect(they.asked).toHaveLength(before + 3);
	});

	test('is believed after the provider changed its keys', async () => {
		await they.gateways[id].identify(await they.visit(id, ADA));
		await they.controls[id].rotateKeys({ dropOld: true });
		expect(await they.gateways[id].identify(await they.visit(id, ADA))).toMatchObject({ email: 'ada@practice.test' });
	});

	test('is not even asked for a request without a nonce', async () => {
		const grant = { ...(await they.visit(id, ADA)), nonce: null };
		await expect(they.gateways[id].identify(grant)).rejects.toMatchObject(REFUSED);
	});
});

test('Apple’s client secret is made for the request, and is over in five minutes', async () => {
	await they.gateways.apple.identify(await they.visit('apple', ADA));
	await they.gateways.apple.identify(await they.visit('apple', ADA));
	const secrets = they.asked.flatMap(({ body }) => body.get('client_secret') ?? []);

	expect(new Set(secrets).size).toBe(2);
	const key = createPublicKey(they.publicKey);
	const { payload } = await jwtVerify(secrets[0]!, key, {
		algorithms: ['ES256'],
		audience: 'https://appleid.apple.com',
	});
	expect(payload).toMatchObject({ iss: LOCAL_APPLE.teamId, sub: LOCAL_APPLE.clientId });
	expect(payload.exp! - payload.iat!).toBe(300);
	expect(decodeProtectedHeader(secrets[0]!)).toEqual({ alg: 'ES256', kid: LOCAL_APPLE.keyId });
});

test('GitHub’s numeric id is the subject, and its API is told who asks', async () => {
	const { subject } = await they.gateways.github.identify(await they.visit('github', ADA));
	expect(subject).toMatch(/^\d+$/);
	const agents = they.asked.filter(({ url }) => url.includes('/api/')).map(({ headers }) => headers.get('user-agent'));
	expect(agents).toEqual(['afterglow', 'afterglow']);
});

test('of GitHub’s addresses only a primary one that is verified counts', async () => {
	const others = 'work@practice.test\nold@practice.test unverified';
	const { email_verified: _, ...unverified } = ADA;
	const identify = async (form: Record<string, string>) =>
		they.gateways.github.identify(await they.visit('github', { ...form, other_emails: others }));

	expect(await identify(unverified)).toMatchObject({ email: null });
	expect(await identify({ ...unverified, public_email: 'on' })).toMatchObject({ email: null });
	expect(await identify(ADA)).toMatchObject({ email: 'ada@practice.test' });
});
