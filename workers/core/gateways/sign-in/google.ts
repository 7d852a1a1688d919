import { createHash } from 'node:crypto';

import { z } from 'zod';

import { askProvider } from './ask-provider';
import { SignInFailure, type AuthorizationGrant, type SignInGateway } from './sign-in-gateway';
import { verifiedEmail, verifyIdToken } from './verify-id-token';

const ISSUER = 'https://accounts.google.com';

interface GoogleConfig {
	clientId: string;
	clientSecret: string;
	/** Where Google's stand-in is; without it Google itself is asked. */
	emulatorUrl?: string | undefined;
}

const TokenAnswer = z.object({ id_token: z.string() });

/** Google by OpenID Connect: code, PKCE and nonce. Known by `sub`, since an address at a company's domain changes hands. */
export function createGoogle(config: GoogleConfig, fetcher: typeof fetch): SignInGateway {
	const { clientId, clientSecret } = config;
	const addresses = addressesOf(config);
	return {
		id: 'google',
		hasNonce: true,
		authorizationUrl({ state, codeVerifier, nonce, redirectUri }) {
			const url = new URL(addresses.authorize);
			url.search = new URLSearchParams({
				response_type: 'code',
				client_id: clientId,
				redirect_uri: redirectUri,
				scope: 'openid email profile',
				state,
				nonce: nonce ?? '',
				code_challenge: codeChallenge(codeVerifier),
				code_challenge_method: 'S256',
				// Somebody with two Google accounts says which.
				prompt: 'select_account',
			}).toString();
			return Promise.resolve(url);
		},
		async identify(grant) {
			const { code, codeVerifier, redirectUri } = grant;
			const { id_token: idToken } = await askProvider(fetcher, TokenAnswer, addresses.token, {
				method: 'POST',
				headers: { accept: 'application/json' },
				body: new URLSearchParams({
					grant_type: 'authorization_code',
					client_id: clientId,
					client_secret: clientSecret,
					code,
					code_verifier: codeVerifier,
					redirect_uri: redirectUri,
				}),
			});
			const claims = await verifyIdToken(fetcher, idToken, {
				issuers: [ISSUER, 'accounts.google.com'],
				clientId,
				nonce: nonceOf(grant),
				keysUrl: addresses.keys,
			});
			return { subject: claims.sub, email: verifiedEmail(claims), name: claims.name ?? null };
		},
	};
}

function addressesOf({ emulatorUrl }: GoogleConfig) {
	return {
		authorize: `${emulatorUrl ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
		token: `${emulatorUrl ?? 'https://oauth2.googleapis.com'}/token`,
		keys: `${emulatorUrl ?? 'https://www.googleapis.com'}/oauth2/v3/certs`,
	};
}

/** PKCE's hash of the verifier (RFC 7636, S256). */
export function codeChallenge(codeVerifier: string): string {
	return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** Refuses a callback whose state held no nonce: an id_token that is tied to nothing could be anybody's. */
export function nonceOf({ nonce }: AuthorizationGrant): string {
	if (nonce === null || nonce === '') throw new SignInFailure('provider_refused', 'The request had no nonce.');
	return nonce;
}
