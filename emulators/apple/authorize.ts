import { html, raw } from 'hono/html';
import type { Grants } from '../sign-in/grants';
import { type AuthorizeQuery, type ConsentProvider, redirectBack, type Refusal } from '../sign-in/consent-routes';
import { page } from '../sign-in/page';
import type { Person } from '../sign-in/people';
import { leftHalfHash, type SigningKeys } from '../sign-in/signing-keys';
import type { RegisteredApp } from './client-secret';
import type { Consent, Consents } from './consents';
import { idTokenClaims } from './id-token-claims';

interface AuthorizeOptions {
	readonly appOf: () => RegisteredApp | undefined;
	readonly grants: Grants<Consent>;
	readonly consents: Consents;
	readonly keys: SigningKeys;
}

/** Apple's authorize page: how it refuses, and what it sends back in which way. */
export function authorizeProvider({ appOf, grants, consents, keys }: AuthorizeOptions): ConsentProvider {
	return {
		name: 'Apple',
		extras: ['hide_email'],
		refuse: (query) => refusalOf(query, appOf()),
		showRefusal: ({ status, code, sentence }) =>
			Response.json({ error: code, error_description: sentence }, { status, headers: { 'cache-control': 'no-store' } }),
		actionFor: onAnotherSite,
		async onContinue(query, person) {
			const scopes = query.scope.split(/[ +]/).filter(Boolean);
			const { consent, isFirst } = consents.give(query.client_id, person);
			const code = grants.issue({
				clientId: query.client_id,
				redirectUri: query.redirect_uri,
				codeChallenge: query.code_challenge,
				nonce: query.nonce,
				scopes,
				person: consent,
			});
			const hash = { c_hash: leftHalfHash(code) };
			const wantsIdToken = typesOf(query).includes('id_token');
			return sendBack(query, {
				state: query.state,
				code,
				id_token: wantsIdToken
					? await keys.sign(idTokenClaims({ consent, scopes, nonce: query.nonce, hash }))
					: undefined,
				user: isFirst && scopes.length > 0 ? JSON.stringify(userOf(person, consent, scopes)) : undefined,
			});
		},
		onCancel: (query) => sendBack(query, { state: query.state, error: 'user_cancelled_authorize' }),
	};
}

function typesOf({ response_type = '' }: AuthorizeQuery): string[] {
	return response_type.split(' ');
}

function modeOf(query: AuthorizeQuery): string {
	return query.response_mode ?? (typesOf(query).includes('id_token') ? 'fragment' : 'query');
}

function invalidRequest(sentence: string): Refusal {
	return { status: 400, code: 'invalid_request', sentence };
}

function refusalOf(query: AuthorizeQuery, app: RegisteredApp | undefined): Refusal | undefined {
	if (app && query.client_id !== app.clientId) {
		return { status: 400, code: 'invalid_client', sentence: 'No services id is registered by this client_id.' };
	}
	const types = typesOf(query);
	if (!types.includes('code') || types.some((type) => type !== 'code' && type !== 'id_token')) {
		return { status: 400, code: 'unsupported_response_type', sentence: 'response_type is code, or code id_token.' };
	}
	const mode = modeOf(query);
	if (!['query', 'fragment', 'form_post'].includes(mode)) return invalidRequest('Invalid response_mode.');
	if (query.scope !== '' && mode !== 'form_post') {
		return invalidRequest('response_mode must be form_post when name or email scope is requested.');
	}
	if (types.includes('id_token') && mode === 'query')
		return invalidRequest('response_mode query cannot carry an id_token.');
	return undefined;
}

/** Name and address as Apple gives them at the first consent, and never again. */
function userOf(person: Person, consent: Consent, scopes: readonly string[]) {
	const [firstName = '', ...rest] = person.name.split(/\s+/).filter(Boolean);
	return {
		...(scopes.includes('name') && { name: { firstName, lastName: rest.join(' ') } }),
		...(scopes.includes('email') && { email: consent.email }),
	};
}

function sendBack(query: AuthorizeQuery, sent: Readonly<Record<string, string | undefined>>) {
	const mode = modeOf(query);
	if (mode === 'query') return redirectBack(query.redirect_uri, sent);
	const fields = Object.entries(sent).flatMap(([name, value]): [string, string][] =>
		value === undefined ? [] : [[name, value]],
	);
	if (mode === 'form_post') return formPost(query.redirect_uri, fields);
	const target = new URL(query.redirect_uri);
	target.hash = new URLSearchParams(fields).toString();
	return redirectBack(target.href, {});
}

/** A page that posts the answer to the client at once; without script, at the press of its button. */
async function formPost(redirectUri: string, fields: readonly [string, string][]): Promise<Response> {
	const hidden = fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
	const content = await page(
		'Back from the stand-in for Apple',
		html`<h1>Stand-in for Apple</h1>
			<form method="post" action="${redirectUri}">
				${hidden}
				<button class="main">Go back to ${new URL(redirectUri).origin}</button>
			</form>
			<script>
				${raw('document.forms[0].submit()')};
			</script>`,
	);
	return new Response(content.toString(), {
		headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
	});
}

/**
 * Apple's pages are another site than the client's, which decides whether cookies travel with the posted answer. Ports do not
 * make a site; 127.0.0.1 and localhost are two.
 */
function onAnotherSite(requestUrl: URL, { redirect_uri }: AuthorizeQuery): string {
	const { hostname } = new URL(redirect_uri);
	const other = new URL(requestUrl);
	if (hostname === '127.0.0.1') other.hostname = 'localhost';
	if (hostname === 'localhost') other.hostname = '127.0.0.1';
	return other.href;
}
