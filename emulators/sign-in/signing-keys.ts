import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** Ways in which an id_token is made wrong on demand; each keeps everything else right. */
export const ID_TOKEN_FAULTS = [
	'wrong_nonce',
	'wrong_audience',
	'wrong_issuer',
	'expired_id_token',
	'unknown_kid',
	'wrong_signature',
] as const;
export type IdTokenFault = (typeof ID_TOKEN_FAULTS)[number];

interface Key {
	readonly kid: string;
	readonly privateKey: CryptoKey;
	readonly publicJwk: JWK;
}

/** A provider's RS256 keys: made on first use, gone with the process, so they can never be mistaken for the provider's. */
export interface SigningKeys {
	/** The published halves, the newest first. */
	jwks(): Promise<{ keys: JWK[] }>;
	sign(claims: JWTPayload, fault?: IdTokenFault): Promise<string>;
	/** Signs with a new key from now on. The old one stays published for tokens that are out, unless it is dropped. */
	rotate(options?: { dropOld?: boolean }): Promise<void>;
}

const EXPIRED_SECONDS = 3600;

export function createSigningKeys(): SigningKeys {
	let keys: Promise<[Key, ...Key[]]> | undefined;
	const all = () => (keys ??= makeKey().then((key) => [key]));
	return {
		jwks: async () => ({ keys: (await all()).map(({ publicJwk }) => publicJwk) }),
		async sign(claims, fault) {
			const [current] = await all();
			const { privateKey } = fault === 'wrong_signature' ? await makeKey() : current;
			const kid = fault === 'unknown_kid' ? 'nobody-published-this' : current.kid;
			return new SignJWT(withFault(claims, fault))
				.setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
				.sign(privateKey);
		},
		async rotate({ dropOld = false } = {}) {
			const old = dropOld ? [] : await all();
			keys = makeKey().then((key) => [key, ...old]);
			await keys;
		},
	};
}

async function makeKey(): Promise<Key> {
	const { privateKey, publicKey } = await generateKeyPair('RS256');
	const kid = randomBytes(20).toString('hex');
	return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function withFault(claims: JWTPayload, fault: IdTokenFault | undefined): JWTPayload {
	if (fault === 'wrong_nonce') return { ...claims, nonce: 'nonce-of-another-request' };
	if (fault === 'wrong_audience') return { ...claims, aud: 'another-client', azp: 'another-client' };
	if (fault === 'wrong_issuer') return { ...claims, iss: 'https://issuer.invalid' };
	if (fault !== 'expired_id_token') return claims;
	const { iat: issuedAt = 0 } = claims;
	return { ...claims, iat: issuedAt - 2 * EXPIRED_SECONDS, exp: issuedAt - EXPIRED_SECONDS };
}

/** `at_hash` and `c_hash` of OpenID Connect for RS256: the left half of the SHA-256, base64url. */
export function leftHalfHash(value: string): string {
	return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}
