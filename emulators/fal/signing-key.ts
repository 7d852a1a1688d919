import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

const KEY_ID = 'emulator';

/** The key pair the stand-in signs webhooks with: made anew on each start, so it can never be mistaken for fal's. */
export interface SigningKey {
	/** The public half, as fal publishes it. */
	readonly jwks: { keys: { kty: string; crv: string; x: string; kid: string; use: string; alg: string }[] };
	/** fal's four webhook headers over the raw body. `genuine: false` signs with a key that nobody published. */
	headers(input: {
		requestId: string;
		body: string;
		timestampSeconds: number;
		genuine: boolean;
	}): Record<string, string>;
}

export function createSigningKey(): SigningKey {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const foreign = generateKeyPairSync('ed25519').privateKey;
	const userId = `emulator-user-${randomUUID()}`;
	const x = publicKey.export({ format: 'jwk' }).x ?? '';
	return {
		jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: KEY_ID, use: 'sig', alg: 'EdDSA' }] },
		headers({ requestId, body, timestampSeconds, genuine }) {
			const timestamp = String(timestampSeconds);
			const message = [requestId, userId, timestamp, createHash('sha256').update(body).digest('hex')].join('\n');
			return {
				'x-fal-webhook-request-id': requestId,
				'x-fal-webhook-user-id': userId,
				'x-fal-webhook-timestamp': timestamp,
				'x-fal-webhook-signature': signatureOf(message, genuine ? privateKey : foreign),
			};
		},
	};
}

function signatureOf(message: string, key: KeyObject): string {
	return sign(null, Buffer.from(message), key).toString('hex');
}
