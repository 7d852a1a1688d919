import { AppError } from '../errors';

/*
 * The webhook's path carries `<attempt id>~<HMAC>`: a webhook finds its attempt even when the answer to the submission
 * was lost, and one attempt's webhook can never speak for another's (F46, F55).
 */

const SEPARATOR = '~';

export async function signAttempt(secret: string, attemptId: string): Promise<string> {
	const mac = await crypto.subtle.sign('HMAC', await importKey(secret), new TextEncoder().encode(attemptId));
	return `${attemptId}${SEPARATOR}${toHex(new Uint8Array(mac))}`;
}

/** The attempt's id; refuses any token we did not make. */
export async function readAttemptToken(secret: string, token: string): Promise<string> {
	const [attemptId, mac] = token.split(SEPARATOR);
	const isHex = mac !== undefined && /^[0-9a-f]{64}$/.test(mac);
	if (attemptId === undefined || attemptId === '' || !isHex) throw refused();
	const bytes = Uint8Array.from(mac.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
	// WebCrypto's verify compares in constant time.
	const isOurs = await crypto.subtle.verify(
		'HMAC',
		await importKey(secret),
		bytes,
		new TextEncoder().encode(attemptId),
	);
	if (!isOurs) throw refused();
	return attemptId;
}

function refused(): AppError {
	return new AppError('bad_signature', 'This webhook address is not one of ours.');
}

function importKey(secret: string): Promise<CryptoKey> {
	const bytes = new TextEncoder().encode(secret);
	return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
