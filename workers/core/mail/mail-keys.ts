/*
 * What is made of `MAIL_SEALING_KEY`, each for one purpose. HKDF-SHA-256 without a salt: the secret is random already, and both Workers
 * have to come to the same keys.
 */
const text = new TextEncoder();

/** AES-256-GCM. */
export function sealingKey(mailKey: string, purpose: string): Promise<CryptoKey> {
	return derive(mailKey, purpose, { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']);
}

/** HMAC-SHA-256 of `words`: the same under the same key and purpose. */
export async function hmacOf(mailKey: string, purpose: string, words: string): Promise<Uint8Array<ArrayBuffer>> {
	const key = await derive(mailKey, purpose, { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']);
	return new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(words)));
}

async function derive(
	mailKey: string,
	purpose: string,
	algorithm: { name: string; length: number; hash?: string },
	usages: ('encrypt' | 'decrypt' | 'sign')[],
): Promise<CryptoKey> {
	const secret = await crypto.subtle.importKey('raw', text.encode(mailKey), 'HKDF', false, ['deriveKey']);
	const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text.encode(purpose) };
	return crypto.subtle.deriveKey(derivation, secret, algorithm, false, usages);
}
