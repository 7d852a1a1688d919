import { generateKeyPairSync } from 'node:crypto';

import { Hono } from 'hono';

import { createApple as appleStandIn } from '../../../../emulators/apple/apple';
import { createGitHub as gitHubStandIn } from '../../../../emulators/github/github';
import { createGoogle as googleStandIn } from '../../../../emulators/google/google';
import { LOCAL_APPLE, LOCAL_GITHUB, LOCAL_GOOGLE } from '../../../../emulators/sign-in/clients';
import { createApple } from '../../../../workers/core/gateways/sign-in/apple';
import { createGitHub } from '../../../../workers/core/gateways/sign-in/github';
import { createGoogle } from '../../../../workers/core/gateways/sign-in/google';
import type { AuthorizationGrant, SignInGateway } from '../../../../workers/core/gateways/sign-in/sign-in-gateway';

const BASE = 'http://127.0.0.1:9';
const REDIRECT = 'http://127.0.0.1:8788/api/auth/callback/x';

export interface Asked {
	method: string;
	url: string;
	headers: Headers;
	body: URLSearchParams;
}

/**
 * The three gateways over the stand-ins of the three providers, without a port between. `instead` answers in place of a
 * stand-in what it has an answer for; `asked` is what went over the wire.
 */
export function standIns() {
	const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const publicKey = keys.publicKey.export({ format: 'pem', type: 'spki' }).toString();
	const privateKey = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
	const google = googleStandIn({ client: LOCAL_GOOGLE, baseOf: () => `${BASE}/google` });
	const apple = appleStandIn({ client: { ...LOCAL_APPLE, publicKey } });
	const gitHub = gitHubStandIn({ client: LOCAL_GITHUB, baseOf: () => `${BASE}/github` });
	const app = new Hono().route('/google', google.routes).route('/apple', apple.routes).route('/github', gitHub.routes);
	const asked: Asked[] = [];
	let instead: ((url: URL) => Response | undefined) | null = null;
	const fetcher: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		const body = new URLSearchParams(await request.clone().text());
		asked.push({ method: request.method, url: request.url, headers: request.headers, body });
		return instead?.(new URL(request.url)) ?? app.fetch(request);
	};
	const gateways = {
		google: createGoogle({ ...LOCAL_GOOGLE, emulatorUrl: `${BASE}/google` }, fetcher),
		apple: createApple({ ...LOCAL_APPLE, privateKey, emulatorUrl: `${BASE}/apple` }, fetcher),
		github: createGitHub({ ...LOCAL_GITHUB, emulatorUrl: `${BASE}/github` }, fetcher),
	} satisfies Record<string, SignInGateway>;
	const controls = { google: google.control, apple: apple.control, github: gitHub.control };
	return {
		gateways,
		controls,
		asked,
		publicKey,
		instead(answer: (url: URL) => Response | undefined) {
			instead = answer;
		},
		/** Answers the provider's page as this person, and says with what they come back. */
		async visit(id: keyof typeof gateways, form: Record<string, string>): Promise<AuthorizationGrant> {
			const gateway = gateways[id];
			const codeVerifier = 'v'.repeat(43);
			const nonce = gateway.hasNonce ? 'the nonce' : null;
			const order = { state: 'the state', codeVerifier, nonce, redirectUri: REDIRECT };
			const url = await gateway.authorizationUrl(order);
			const answer = await app.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(form) }));
			return { code: await codeIn(answer), codeVerifier, nonce, redirectUri: REDIRECT };
		},
	};
}

/** From the redirect's address, or from the form that Apple posts. */
async function codeIn(answer: Response): Promise<string> {
	const location = answer.headers.get('location');
	if (location !== null) return new URL(location).searchParams.get('code') ?? '';
	return /name="code" value="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
}
