import type { JWTPayload } from 'jose';
import type { Consent } from './consents';

const LIFETIME_SECONDS = 86_400;

interface IdTokenInput {
	readonly consent: Consent;
	readonly scopes: readonly string[];
	readonly nonce: string | undefined;
	/** What ties the token to the code or the access token that it comes with. */
	readonly hash: { readonly c_hash: string } | { readonly at_hash: string };
}

/** What Apple says of somebody. Its booleans are words. A name is never in here. */
export function idTokenClaims({ consent, scopes, nonce, hash }: IdTokenInput): JWTPayload {
	const issuedAt = Math.floor(Date.now() / 1000);
	return {
		iss: 'https://appleid.apple.com',
		aud: consent.clientId,
		exp: issuedAt + LIFETIME_SECONDS,
		iat: issuedAt,
		sub: consent.sub,
		...hash,
		...(scopes.includes('email') && {
			email: consent.email,
			email_verified: String(consent.isVerified),
			...(consent.isPrivate && { is_private_email: 'true' }),
		}),
		auth_time: issuedAt,
		nonce_supported: true,
		...(nonce !== undefined && { nonce }),
	};
}
