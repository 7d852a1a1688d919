import { ConfigError } from '../errors';

/** PKCS #8 around an Ed25519 seed (RFC 8410 §7): this prefix, then the 32 bytes. */
const PKCS8_PREFIX = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
const SEED_BYTES = 32;

export interface ReceiptKey {
	/** The first 16 hexadecimal digits of the public key's SHA-256. */
	keyId: string;
	privateKey: CryptoKey;
	/** The raw Ed25519 public key in base64url. */
	publicKey: string;
}

/** `/.well-known/afterglow-keys.json`: a JSON Web Key Set (RFC 8037). */
export interface PublicKeySet {
	keys: { kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA'; use: 'sig'; kid: string; x: string }[];
}

/**
 * Reads RECEIPT_SIGNING_KEY, or another secret of its form: base64 of a PKCS #8 Ed25519 key, or of the 32-byte seed alone. Anything
 * else is refused at start, not at the first deletion.
 */
export async function importReceiptKey(secret: string, name = 'RECEIPT_SIGNING_KEY'): Promise<ReceiptKey> {
	const bytes = fromBase64(secret);
	const pkcs8 = bytes.length === SEED_BYTES ? Uint8Array.from([...PKCS8_PREFIX, ...bytes]) : bytes;
	if (pkcs8.length !== PKCS8_PREFIX.length + SEED_BYTES) {
		throw new ConfigError(`${name} needs to be a PKCS #8 Ed25519 key or a 32-byte seed, in base64`);
	}
	const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
	const jwk = await crypto.subtle.exportKey('jwk', extractable);
	if (jwk instanceof ArrayBuffer || jwk.x === undefined) throw new TypeError('an exported JWK has a public part');
	return {
		keyId: await keyIdOf(jwk.x),
		privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
		publicKey: jwk.x,
	};
}

/** SPKI around an Ed25519 key (RFC 8410 §4): this prefix, then the key's 32 bytes. */
const SPKI = /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/;
const KEY_BYTES = 32;

/** A public key in base64 SPKI, as its variable has it, raw and in base64url. */
export function rawPublicKey(spki: string): string {
	return toBase64Url(fromBase64(spki).slice(-KEY_BYTES).buffer);
}

/** RECEIPT_PUBLIC_KEYS_BEFORE and its like: the keys that signed until they were replaced, base64 SPKI, by commas; each raw and in base64url. */
export function earlierPublicKeys(list: string, name = 'RECEIPT_PUBLIC_KEYS_BEFORE'): string[] {
	const keys = list.split(',').flatMap((key) => (key.trim() === '' ? [] : [key.trim()]));
	return keys.map((key) => {
		if (!SPKI.test(key)) {
			throw new ConfigError(`${name} needs to be public Ed25519 keys in base64 SPKI, by commas`);
		}
		return rawPublicKey(key);
	});
}

/** The keys that receipts are checked against. Replaced keys stay listed as long as receipts of theirs exist. */
export function publicKeySet(...keys: Pick<ReceiptKey, 'keyId' | 'publicKey'>[]): PublicKeySet {
	return {
		keys: keys.map(({ keyId, publicKey }) => ({
			kty: 'OKP',
			crv: 'Ed25519',
			alg: 'EdDSA',
			use: 'sig',
			kid: keyId,
			x: publicKey,
		})),
	};
}

export async function keyIdOf(publicKey: string): Promise<string> {
	return toHex(await crypto.subtle.digest('SHA-256', fromBase64(publicKey))).slice(0, 16);
}

export function toHex(buffer: ArrayBuffer): string {
	return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function toBase64Url(buffer: ArrayBuffer): string {
	return btoa(String.fromCharCode(...new Uint8Array(buffer)))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

/** Reads base64 and base64url. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}
