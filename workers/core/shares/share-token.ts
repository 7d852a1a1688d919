import { lookupHash } from '../accounts/person-hash';
import type { AccessDeps } from '../deps';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** 256 random bits, base64url: what stands at the end of a shared link, and is stored nowhere. */
export function newShareToken(): string {
	return Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('base64url');
}

/** What its row is found by; null for what can be no token. */
export async function shareTokenHash(
	{ lookupKey }: Pick<AccessDeps, 'lookupKey'>,
	token: string,
): Promise<string | null> {
	return TOKEN.test(token) ? lookupHash(lookupKey, 'share', token) : null;
}

/** The link itself. */
export function shareUrl({ appOrigin }: Pick<AccessDeps, 'appOrigin'>, token: string): string {
	return `${appOrigin}/s/${token}`;
}
