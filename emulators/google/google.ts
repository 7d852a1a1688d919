import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { createFailNext } from '../fail-next';
import type { Kept } from '../kept';
import { isClient, type OAuthClient } from '../sign-in/clients';
import { type ConsentProvider, consentRoutes, redirectBack } from '../sign-in/consent-routes';
import { checkPkce, createGrants, type Grant, type Grants } from '../sign-in/grants';
import { type Person, pictureRoutes } from '../sign-in/people';
import type { OpenIdControl, OpenIdFailure } from '../sign-in/sign-in-control';
import { createSigningKeys, ID_TOKEN_FAULTS } from '../sign-in/signing-keys';
import { readTokenRequest, type TokenRequest } from '../sign-in/token-request';
import { idTokenClaims } from './id-token-claims';

const CODE_SECONDS = 600;
const TOKEN_SECONDS = 3599;

interface GoogleOptions {
	readonly client: OAuthClient | undefined;
	/** `{origin}/google` */
	readonly baseOf: () => string;
}

/** Stands for accounts.google.com, oauth2.googleapis.com and www.googleapis.com/oauth2, all below one path; no refresh tokens. */
export function createGoogle({ client, baseOf }: GoogleOptions): {
	routes: Hono;
	control: OpenIdControl;
	kept: Kept;
} {
	const keys = createSigningKeys();
	const grants = createGrants<Person>(CODE_SECONDS);
	const failures = createFailNext<OpenIdFailure>();
	const consent = consentRoutes('/o/oauth2/v2/auth', consentOf(client, grants));
	const routes = new Hono()
		.route('/', consent.routes)
		.route('/picture', pictureRoutes())
		.get('/.well-known/openid-configuration', (c) => c.json(discovery(baseOf())))
		.get('/oauth2/v3/certs', async (c) => {
			if (failures.take('keys_unavailable')) return c.text('Service Unavailable', 503);
			return c.json(await keys.jwks(), 200, { 'cache-control': 'public, max-age=20000, must-revalidate' });
		})
		.post('/token', async (c) => {
			if (failures.take('token_unavailable')) return c.text('Service Unavailable', 503);
			if (failures.take('token_error')) return refusal(400, 'invalid_grant', 'Bad Request');
			const granted = takeGrant(await readTokenRequest(c.req.raw), client, grants);
			if (granted instanceof Response) return granted;
			const accessToken = `ya29.${randomBytes(48).toString('base64url')}`;
			const body = {
				access_token: accessToken,
				expires_in: TOKEN_SECONDS,
				scope: granted.scopes.join(' '),
				token_type: 'Bearer',
			};
			const headers = { 'cache-control': 'no-store' };
			if (!granted.scopes.includes('openid')) return c.json(body, 200, headers);
			const claims = idTokenClaims(granted, { accessToken, base: baseOf() });
			return c.json({ ...body, id_token: await keys.sign(claims, failures.take(...ID_TOKEN_FAULTS)) }, 200, headers);
		});
	const control: OpenIdControl = {
		failNext: (failure) => failures.add(failure),
		rotateKeys: (how) => keys.rotate(how),
		reset() {
			for (const part of [grants, failures, consent]) part.reset();
		},
	};
	return { routes, control, kept: () => ({ people: consent.people(), grants: grants.all() }) };
}

function consentOf(client: OAuthClient | undefined, grants: Grants<Person>): ConsentProvider {
	return {
		name: 'Google',
		extras: ['hd'],
		refuse({ client_id, response_type, scope }) {
			if (client && client_id !== client.clientId) {
				return { status: 401, code: 'invalid_client', sentence: 'The OAuth client was not found.' };
			}
			if (response_type !== 'code') {
				const sentence = 'The stand-in knows the authorization code flow alone: response_type has to be code.';
				return { status: 400, code: 'unsupported_response_type', sentence };
			}
			if (scope.trim() !== '') return undefined;
			return { status: 400, code: 'invalid_request', sentence: 'Missing required parameter: scope' };
		},
		onContinue(query, person) {
			const code = grants.issue({
				clientId: query.client_id,
				redirectUri: query.redirect_uri,
				codeChallenge: query.code_challenge,
				nonce: query.nonce,
				scopes: query.scope.split(' ').filter(Boolean),
				person,
			});
			const { redirect_uri, state, scope } = query;
			return redirectBack(redirect_uri, { state, code: `4/${code}`, scope, authuser: '0', prompt: 'consent' });
		},
		onCancel: ({ redirect_uri, state }) => redirectBack(redirect_uri, { error: 'access_denied', state }),
	};
}

/** The grant that the request spends, or Google's refusal. */
function takeGrant(
	request: TokenRequest,
	client: OAuthClient | undefined,
	grants: Grants<Person>,
): Grant<Person> | Response {
	const given = { clientId: request.client_id, clientSecret: request.client_secret };
	if (request.grant_type !== 'authorization_code') {
		return refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${request.grant_type}`);
	}
	if (given.clientId === '') return refusal(400, 'invalid_request', 'Could not determine client ID from request.');
	if (given.clientSecret === '') return refusal(400, 'invalid_request', 'client_secret is missing.');
	if (client && given.clientId !== client.clientId) {
		return refusal(401, 'invalid_client', 'The OAuth client was not found.');
	}
	if (!isClient(client, given)) return refusal(401, 'invalid_client', 'Unauthorized');
	if (request.code === '') return refusal(400, 'invalid_request', 'Missing required parameter: code');
	const grant = grants.take(request.code.replace(/^4\//, ''));
	if (!grant || grant.clientId !== given.clientId) return refusal(400, 'invalid_grant', 'Malformed auth code.');
	if (grant.redirectUri !== request.redirect_uri) return refusal(400, 'redirect_uri_mismatch', 'Bad Request');
	const pkce = checkPkce(grant.codeChallenge, request.code_verifier);
	if (pkce === 'missing') return refusal(400, 'invalid_grant', 'Missing code verifier.');
	if (pkce === 'wrong') return refusal(400, 'invalid_grant', 'Invalid code verifier.');
	return grant;
}

function discovery(base: string) {
	return {
		issuer: 'https://accounts.google.com',
		authorization_endpoint: `${base}/o/oauth2/v2/auth`,
		token_endpoint: `${base}/token`,
		jwks_uri: `${base}/oauth2/v3/certs`,
		response_types_supported: ['code'],
		subject_types_supported: ['public'],
		id_token_signing_alg_values_supported: ['RS256'],
		scopes_supported: ['openid', 'email', 'profile'],
		token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
		code_challenge_methods_supported: ['S256'],
		grant_types_supported: ['authorization_code'],
	};
}

function refusal(status: 400 | 401, error: string, description: string): Response {
	return Response.json({ error, error_description: description }, { status, headers: { 'cache-control': 'no-store' } });
}
