import { lookupHash } from '../accounts/person-hash';
import type { AccessDeps } from '../deps';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** 256 random bits, base64url: what stands at the end of a patient's link, and is stored nowhere. */
export function newLinkToken(): string {
	return Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('base64url');
}

/** What its row is found by; null for what can be no token. Another word than a share's, so that neither opens the other. */
export async function linkTokenHash(
	{ lookupKey }: Pick<AccessDeps, 'lookupKey'>,
	token: string,
): Promise<string | null> {
	return TOKEN.test(token) ? lookupHash(lookupKey, 'consent link', token) : null;
}

/** The link itself: short, for it is read from a screen as a QR code. */
export function linkUrl({ appOrigin }: Pick<AccessDeps, 'appOrigin'>, token: string): string {
	return `${appOrigin}/p/${token}`;
}
