import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { createFailNext } from '../fail-next';
import type { Kept } from '../kept';
import type { AppleClient } from '../sign-in/clients';
import { consentRoutes } from '../sign-in/consent-routes';
import { checkPkce, createGrants, type Grant, type Grants } from '../sign-in/grants';
import type { OpenIdControl, OpenIdFailure } from '../sign-in/sign-in-control';
import { createSigningKeys, ID_TOKEN_FAULTS, leftHalfHash } from '../sign-in/signing-keys';
import { readTokenRequest, type TokenRequest } from '../sign-in/token-request';
import { authorizeProvider } from './authorize';
import { isClientSecret, readAppleClient } from './client-secret';
import { type Consent, createConsents } from './consents';
import { idTokenClaims } from './id-token-claims';

const CODE_SECONDS = 300;
const TOKEN_SECONDS = 3600;

export interface AppleControl extends OpenIdControl {
	/** Registers the one client that is let in from now on. Throws when its key is not on P-256. */
	registerKey(client: AppleClient): void;
}

type Granted = Pick<Grant<Consent>, 'scopes' | 'nonce'> & { readonly consent: Consent };

/** Stands for appleid.apple.com. Its id_tokens are RS256, as Apple's are; the client's secret is ES256. */
export function createApple({ client }: { client: AppleClient | undefined }): {
	routes: Hono;
	control: AppleControl;
	kept: Kept;
} {
	let app = client && readAppleClient(client);
	const keys = createSigningKeys();
	const grants = createGrants<Consent>(CODE_SECONDS);
	const tokens = new Map<string, Granted>();
	const consents = createConsents();
	const failures = createFailNext<OpenIdFailure>();
	const consent = consentRoutes('/auth/authorize', authorizeProvider({ appOf: () => app, grants, consents, keys }));
	const routes = new Hono().route('/', consent.routes);
	routes.get('/auth/keys', async (c) => {
		if (failures.take('keys_unavailable')) return c.text('Service Unavailable', 503);
		return c.json(await keys.jwks());
	});
	routes.post('/auth/token', async (c) => {
		if (failures.take('token_unavailable')) return c.text('Service Unavailable', 503);
		if (failures.take('token_error')) return refusal('invalid_grant', 'The code has expired or has been revoked.');
		const request = await readTokenRequest(c.req.raw);
		if (!(await isClientSecret(request.client_secret, request.client_id, app))) return refusal('invalid_client');
		const granted = takeGrant(request, grants, tokens);
		if (granted instanceof Response) return granted;
		const accessToken = `a${randomBytes(32).toString('base64url')}`;
		tokens.set(accessToken, granted);
		const claims = idTokenClaims({ ...granted, hash: { at_hash: leftHalfHash(accessToken) } });
		const refreshToken =
			request.grant_type === 'refresh_token' ? undefined : `r${randomBytes(32).toString('base64url')}`;
		if (refreshToken !== undefined) tokens.set(refreshToken, granted);
		return c.json(
			{
				access_token: accessToken,
				token_type: 'Bearer',
				expires_in: TOKEN_SECONDS,
				refresh_token: refreshToken,
				id_token: await keys.sign(claims, failures.take(...ID_TOKEN_FAULTS)),
			},
			200,
			{ 'cache-control': 'no-store' },
		);
	});
	routes.post('/auth/revoke', async (c) => {
		const request = await readTokenRequest(c.req.raw);
		if (!(await isClientSecret(request.client_secret, request.client_id, app))) return refusal('invalid_client');
		if (request.token === '') return refusal('invalid_request', 'token is missing.');
		const revoked = tokens.get(request.token)?.consent;
		if (revoked?.clientId !== request.client_id) return c.body(null, 200);
		consents.revoke(revoked);
		for (const [token, granted] of tokens) if (granted.consent === revoked) tokens.delete(token);
		return c.body(null, 200);
	});
	const control: AppleControl = {
		failNext: (failure) => failures.add(failure),
		rotateKeys: (how) => keys.rotate(how),
		registerKey(registered) {
			app = readAppleClient(registered);
		},
		reset() {
			tokens.clear();
			for (const part of [grants, consents, failures, consent]) part.reset();
		},
	};
	const kept = () => ({ people: consent.people(), grants: grants.all(), tokens, consents: consents.all() });
	return { routes, control, kept };
}

/** What a right client may have a token for: a code, once, or the consent behind a refresh token. */
function takeGrant(
	request: TokenRequest,
	grants: Grants<Consent>,
	tokens: ReadonlyMap<string, Granted>,
): Granted | Response {
	if (request.grant_type === 'refresh_token') {
		const known = request.refresh_token.startsWith('r') ? tokens.get(request.refresh_token) : undefined;
		if (known?.consent.clientId === request.client_id) return { ...known, nonce: undefined };
		return refusal('invalid_grant', 'The refresh token has been revoked.');
	}
	if (request.grant_type !== 'authorization_code') return refusal('unsupported_grant_type');
	const grant = grants.take(request.code);
	if (!grant) return refusal('invalid_grant', 'The code has expired or has been revoked.');
	if (grant.clientId !== request.client_id) {
		return refusal('invalid_grant', 'client_id mismatch. The code was not issued to this client.');
	}
	if (grant.redirectUri !== request.redirect_uri) return refusal('invalid_grant', 'redirect_uri mismatch.');
	if (checkPkce(grant.codeChallenge, request.code_verifier) !== 'right') {
		return refusal('invalid_grant', 'code_verifier mismatch.');
	}
	return { consent: grant.person, scopes: grant.scopes, nonce: grant.nonce };
}

/** Apple refuses with 400 whatever the reason. */
function refusal(error: string, description?: string): Response {
	return Response.json(
		{ error, ...(description !== undefined && { error_description: description }) },
		{ status: 400, headers: { 'cache-control': 'no-store' } },
	);
}
