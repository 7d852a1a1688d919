import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { createFailNext } from '../fail-next';
import type { Kept } from '../kept';
import { isClient, type OAuthClient } from '../sign-in/clients';
import { type ConsentProvider, consentRoutes, redirectBack } from '../sign-in/consent-routes';
import { checkPkce, createGrants, type Grant, type Grants } from '../sign-in/grants';
import { type Person, pictureRoutes } from '../sign-in/people';
import type { GitHubFailure, SignInControl } from '../sign-in/sign-in-control';
import { readTokenRequest, type TokenRequest } from '../sign-in/token-request';
import { apiRoutes } from './api-routes';

const CODE_SECONDS = 600;
const TROUBLESHOOTING = 'https://docs.github.com/apps/managing-oauth-apps';

interface GitHubOptions {
	readonly client: OAuthClient | undefined;
	/** `{origin}/github` */
	readonly baseOf: () => string;
}

/** Stands for github.com's OAuth and, below `/api`, for as much of api.github.com as signing in asks. Tokens do not expire. */
export function createGitHub({ client, baseOf }: GitHubOptions): {
	routes: Hono;
	control: SignInControl<GitHubFailure>;
	kept: Kept;
} {
	const grants = createGrants<Person>(CODE_SECONDS);
	const tokens = new Map<string, Grant<Person>>();
	const failures = createFailNext<GitHubFailure>();
	const consent = consentRoutes('/login/oauth/authorize', consentOf(client, grants));
	const routes = new Hono()
		.route('/', consent.routes)
		.route('/picture', pictureRoutes())
		.route('/api', apiRoutes({ tokens, failures, baseOf }))
		.post('/login/oauth/access_token', async (c) => {
			if (failures.take('token_unavailable')) return c.text('Service Unavailable', 503);
			const accept = c.req.header('accept') ?? '';
			if (failures.take('token_error')) return answer(accept, REFUSALS.bad_verification_code);
			const granted = takeGrant(await readTokenRequest(c.req.raw, true), client, grants);
			if ('error' in granted) return answer(accept, granted);
			const accessToken = `gho_${randomBytes(18).toString('hex')}`;
			tokens.set(accessToken, granted);
			return answer(accept, { access_token: accessToken, scope: granted.scopes.join(','), token_type: 'bearer' });
		});
	const control = {
		failNext: (failure: Parameters<typeof failures.add>[0]) => failures.add(failure),
		reset() {
			tokens.clear();
			for (const part of [grants, failures, consent]) part.reset();
		},
	};
	return { routes, control, kept: () => ({ people: consent.people(), grants: grants.all(), tokens }) };
}

function consentOf(client: OAuthClient | undefined, grants: Grants<Person>): ConsentProvider {
	return {
		name: 'GitHub',
		extras: ['public_email', 'other_emails'],
		refuse({ client_id }) {
			if (!client || client_id === client.clientId) return undefined;
			return { status: 404, code: 'not_found', sentence: 'No OAuth App has this client_id.' };
		},
		onContinue(query, person) {
			const code = grants.issue({
				clientId: query.client_id,
				redirectUri: query.redirect_uri,
				codeChallenge: query.code_challenge,
				nonce: undefined,
				scopes: query.scope.split(/[ ,]+/).filter(Boolean),
				person,
			});
			return redirectBack(query.redirect_uri, { code, state: query.state });
		},
		onCancel: ({ redirect_uri, state }) =>
			redirectBack(redirect_uri, {
				error: 'access_denied',
				error_description: 'The user has denied your application access.',
				error_uri: `${TROUBLESHOOTING}/troubleshooting-authorization-request-errors/#access-denied`,
				state,
			}),
	};
}

const TOKEN_ERRORS = `${TROUBLESHOOTING}/troubleshooting-oauth-app-access-token-request-errors`;

const REFUSALS = {
	incorrect_client_credentials: {
		error: 'incorrect_client_credentials',
		error_description: 'The client_id and/or client_secret passed are incorrect.',
		error_uri: `${TOKEN_ERRORS}/#incorrect-client-credentials`,
	},
	redirect_uri_mismatch: {
		error: 'redirect_uri_mismatch',
		error_description: 'The redirect_uri MUST match the registered callback URL for this application.',
		error_uri: `${TOKEN_ERRORS}/#redirect-uri-mismatch2`,
	},
	bad_verification_code: {
		error: 'bad_verification_code',
		error_description: 'The code passed is incorrect or expired.',
		error_uri: `${TOKEN_ERRORS}/#bad-verification-code`,
	},
} as const;

function takeGrant(
	request: TokenRequest,
	client: OAuthClient | undefined,
	grants: Grants<Person>,
): Grant<Person> | (typeof REFUSALS)[keyof typeof REFUSALS] {
	const given = { clientId: request.client_id, clientSecret: request.client_secret };
	if (!isClient(client, given)) return REFUSALS.incorrect_client_credentials;
	const grant = grants.take(request.code);
	if (!grant || grant.clientId !== given.clientId) return REFUSALS.bad_verification_code;
	// GitHub asks for the redirect address only if it is sent.
	if (request.redirect_uri !== undefined && request.redirect_uri !== grant.redirectUri) {
		return REFUSALS.redirect_uri_mismatch;
	}
	const isProven = checkPkce(grant.codeChallenge, request.code_verifier) === 'right';
	return isProven ? grant : REFUSALS.bad_verification_code;
}

/** Refusals are 200 like grants, and either is form-encoded unless JSON is asked for. */
function answer(accept: string, body: Readonly<Record<string, string>>): Response {
	if (accept.includes('application/json')) return Response.json(body);
	return new Response(new URLSearchParams(body).toString(), {
		headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
	});
}
