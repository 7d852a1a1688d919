import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';

import { askProvider } from './ask-provider';
import { SignInFailure } from './sign-in-gateway';

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });

/** Apple writes booleans as words. */
const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

const Claims = z.object({
	sub: z.string().min(1).max(255),
	email: z.string().optional(),
	email_verified: Flag.optional(),
	name: z.string().optional(),
});
export type IdTokenClaims = z.output<typeof Claims>;

export interface IdTokenRules {
	issuers: readonly string[];
	clientId: string;
	nonce: string;
	keysUrl: string;
}

/**
 * The claims of an id_token that was made for us, now and for this request (OpenID Connect Core 3.1.3.7, ASVS 10.5): RS256 by
 * a key of the provider's that its `kid` names, issuer, audience, end and nonce. Keys are fetched with every sign-in, so one
 * that was withdrawn is not believed; a `kid` that is not among them is looked for once more, since they are served from
 * many places. Refuses with `SignInFailure`.
 */
export async function verifyIdToken(
	fetcher: typeof fetch,
	token: string,
	{ issuers, clientId, nonce, keysUrl }: IdTokenRules,
): Promise<IdTokenClaims> {
	const verify = async () => {
		const keys: JSONWebKeySet = await askProvider(fetcher, KeySet, keysUrl);
		const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
			algorithms: ['RS256'],
			issuer: [...issuers],
			audience: clientId,
			requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
		});
		return payload;
	};
	const payload = await verify()
		.catch((error: unknown) => {
			if (error instanceof errors.JWKSNoMatchingKey) return verify();
			throw error;
		})
		.catch((cause: unknown) => {
			if (cause instanceof SignInFailure) throw cause;
			throw new SignInFailure('provider_refused', 'The id_token is not one for us.', { cause });
		});
	// Several audiences would make it somebody else's token as well.
	const isOurs = payload.aud === clientId && (payload['azp'] === undefined || payload['azp'] === clientId);
	if (!isOurs) throw new SignInFailure('provider_refused', 'The id_token is for another client.');
	if (payload['nonce'] !== nonce) throw new SignInFailure('provider_refused', 'The id_token is for another request.');
	const claims = Claims.safeParse(payload);
	if (!claims.success) throw new SignInFailure('provider_refused', 'The id_token lacks a claim.');
	return claims.data;
}

/** The address of an id_token when its provider verified it, else null. */
export function verifiedEmail({ email, email_verified: isVerified }: IdTokenClaims): string | null {
	return isVerified === true && email !== undefined ? toEmail(email) : null;
}

/** In lower case; null when no mail could be sent there (RFC 5321, 4.5.3.1.3). */
export function toEmail(text: string): string | null {
	return z.email().max(254).safeParse(text.toLowerCase()).data ?? null;
}
