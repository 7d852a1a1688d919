import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';

import { askProvider } from './ask-provider';
import { nonceOf } from './google';
import type { SignInGateway } from './sign-in-gateway';
import { verifiedEmail, verifyIdToken } from './verify-id-token';

const APPLE = 'https://appleid.apple.com';
const SECRET_MINUTES = 5;

export interface AppleConfig {
	/** The services id. */
	clientId: string;
	teamId: string;
	keyId: string;
	/** PKCS #8 PEM, as Apple gives it once. */
	privateKey: string;
	/** Where Apple's stand-in is; without it Apple itself is asked. */
	emulatorUrl?: string | undefined;
}

const TokenAnswer = z.object({ id_token: z.string() });

/**
 * Apple by OpenID Connect. It posts its answer (`form_post`, which it asks for as soon as an address is wanted) and knows no
 * PKCE; the nonce ties the code's id_token to the request. A name comes with the first answer beside the token, never in it.
 */
export function createApple(config: AppleConfig, fetcher: typeof fetch): SignInGateway {
	const { clientId, emulatorUrl } = config;
	const base = emulatorUrl ?? APPLE;
	return {
		id: 'apple',
		hasNonce: true,
		authorizationUrl({ state, nonce, redirectUri }) {
			const url = new URL(`${base}/auth/authorize`);
			url.search = new URLSearchParams({
				response_type: 'code',
				response_mode: 'form_post',
				client_id: clientId,
				redirect_uri: redirectUri,
				scope: 'name email',
				state,
				nonce: nonce ?? '',
			}).toString();
			return Promise.resolve(url);
		},
		async identify(grant) {
			const { id_token: idToken } = await askProvider(fetcher, TokenAnswer, `${base}/auth/token`, {
				method: 'POST',
				headers: { accept: 'application/json' },
				body: new URLSearchParams({
					grant_type: 'authorization_code',
					client_id: clientId,
					client_secret: await appleClientSecret(config),
					code: grant.code,
					redirect_uri: grant.redirectUri,
				}),
			});
			const claims = await verifyIdToken(fetcher, idToken, {
				issuers: [APPLE],
				clientId,
				nonce: nonceOf(grant),
				keysUrl: `${base}/auth/keys`,
			});
			return { subject: claims.sub, email: verifiedEmail(claims), name: null };
		},
	};
}

/** A secret for one request: Apple lets one live for half a year, and then it would have to be kept and renewed. */
export async function appleClientSecret({ clientId, teamId, keyId, privateKey }: AppleConfig): Promise<string> {
	const key = await importPKCS8(privateKey.replaceAll('\\n', '\n'), 'ES256');
	return new SignJWT()
		.setProtectedHeader({ alg: 'ES256', kid: keyId })
		.setIssuer(teamId)
		.setSubject(clientId)
		.setAudience(APPLE)
		.setIssuedAt()
		.setExpirationTime(`${SECRET_MINUTES}m`)
		.sign(key);
}
