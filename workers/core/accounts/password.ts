import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/*
 * Native scrypt with OWASP's floor (N = 2^14, r = 8, p = 5). Workers cap WebCrypto's PBKDF2 at 100,000 rounds, and a
 * script's own scrypt runs out of CPU time, so node:crypto it is. The format names its parameters: they can rise later.
 */
const COST = 2 ** 14;
const BLOCK_SIZE = 8;
const PARALLELISM = 5;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const FORMAT = 's1';

/** The shortest password when it is the only factor (NIST SP 800-63B-4). */
export const PASSWORD_LENGTH_MIN = 15;
/** The shortest beside a second factor. */
export const PASSWORD_LENGTH_MIN_WITH_FACTOR = 8;
export const PASSWORD_LENGTH_MAX = 256;

/** The form that is counted, looked up and hashed: the same letters typed on another keyboard are the same password. */
export function hashedForm(password: string): string {
	return password.normalize('NFKC');
}

/** In characters as people count them, of the form that is hashed. */
export function passwordLength(password: string): number {
	return Array.from(hashedForm(password)).length;
}

/** `s1$<salt>$<key>`, both base64url. The pepper is a secret of the Worker, so a copy of the database is not enough to guess. */
export async function hashPassword(pepper: string, password: string): Promise<string> {
	const salt = randomBytes(SALT_BYTES);
	const key = await derive(pepper, password, salt);
	return [FORMAT, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** False for another password and for a hash that is not in our format. */
export async function verifyPassword(pepper: string, password: string, stored: string): Promise<boolean> {
	const [format, salt, key] = stored.split('$');
	if (format !== FORMAT || salt === undefined || key === undefined) return false;
	const expected = Buffer.from(key, 'base64url');
	const actual = await derive(pepper, password, Buffer.from(salt, 'base64url'));
	return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(pepper: string, password: string, salt: Buffer): Promise<Buffer> {
	const seasoned = createHmac('sha256', pepper).update(hashedForm(password)).digest();
	return new Promise((resolve, reject) => {
		scrypt(
			seasoned,
			salt,
			KEY_BYTES,
			{ N: COST, r: BLOCK_SIZE, p: PARALLELISM, maxmem: MEMORY_BYTES_MAX },
			(error, key) => {
				if (error) reject(error);
				else resolve(key);
			},
		);
	});
}
