import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import type { AppleClient } from '../sign-in/clients';

const AUDIENCE = 'https://appleid.apple.com';
/** Six months: Apple refuses a `client_secret` that lives longer from now on. */
const LIFETIME_SECONDS_MAX = 15_777_000;

export interface RegisteredApp {
	readonly clientId: string;
	readonly teamId: string;
	readonly keyId: string;
	readonly publicKey: KeyObject;
}

/** The client with its key read. Throws when the key is not P-256. */
export function readAppleClient({ clientId, teamId, keyId, publicKey }: AppleClient): RegisteredApp {
	const key =
		typeof publicKey === 'string' ? createPublicKey(publicKey) : createPublicKey({ key: publicKey, format: 'jwk' });
	if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('The public key has to be on P-256.');
	return { clientId, teamId, keyId, publicKey: key };
}

/**
 * Whether `client_secret` is a JWT as Apple asks for: ES256 with a `kid`, the team as issuer, the client as subject, Apple as
 * audience, and an end within six months. Without a registered app its signature, team and key id are not looked at.
 */
export async function isClientSecret(
	secret: string,
	clientId: string,
	app: RegisteredApp | undefined,
): Promise<boolean> {
	try {
		const { alg, kid } = decodeProtectedHeader(secret);
		if (alg !== 'ES256' || kid === undefined) return false;
		if (!app) return areClaims(decodeJwt(secret), clientId);
		if (kid !== app.keyId || clientId !== app.clientId) return false;
		const { payload } = await jwtVerify(secret, app.publicKey, { algorithms: ['ES256'], issuer: app.teamId });
		return areClaims(payload, clientId);
	} catch {
		// What is no JWT, or none by this key, is no secret; Apple tells no more either.
		return false;
	}
}

function areClaims({ iss, sub, aud, iat, exp }: JWTPayload, clientId: string): boolean {
	const now = Math.floor(Date.now() / 1000);
	const isTimely = iat !== undefined && exp !== undefined && exp > now && exp <= now + LIFETIME_SECONDS_MAX;
	return isTimely && iss !== undefined && iss !== '' && sub === clientId && aud === AUDIENCE;
}
