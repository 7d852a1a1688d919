import { z } from 'zod';

import { AppError } from '../errors';

/** How far a webhook's time may lie from ours, either way (facts: protocols §1.7). */
const LEEWAY_SECONDS = 300;
const KEYS_CACHED_MS = 6 * 3_600_000;
/** How old keys have to be for a failed signature to have them read anew: a flood of forgeries costs one read a minute. */
const KEYS_TRUSTED_MS = 60_000;
/** Above this a payload is left out of the record; the result is then asked for. */
const PAYLOAD_BYTES_MAX = 16 * 1024;
export const WEBHOOK_BYTES_MAX = 256 * 1024;

const KeySet = z.object({
	keys: z.array(z.object({ kty: z.string(), crv: z.string().optional(), x: z.string().optional() })),
});

const Notice = z.object({
	request_id: z.string().max(200),
	status: z.enum(['OK', 'ERROR']),
	payload: z.unknown().optional(),
	error: z.unknown().optional(),
});

export interface FalNotice {
	requestId: string;
	status: 'OK' | 'ERROR';
	/** JSON, or null when there was none or too much of it. */
	payload: string | null;
}

export type FalKeys = () => Promise<readonly CryptoKey[]>;

/**
 * fal's public keys, fetched at most every six hours. Keys belong to nobody's request, so an isolate may keep them;
 * the address of the set is part of the cache's key.
 */
const cachedKeys = new Map<string, { keys: readonly CryptoKey[]; fetchedAtMs: number }>();

export async function readFalKeys(url: string, nowMs: number, fetcher: typeof fetch): Promise<readonly CryptoKey[]> {
	const cached = cachedKeys.get(url);
	if (cached !== undefined && nowMs - cached.fetchedAtMs < KEYS_CACHED_MS) return cached.keys;
	return fetchFalKeys(url, nowMs, fetcher);
}

async function fetchFalKeys(url: string, nowMs: number, fetcher: typeof fetch): Promise<readonly CryptoKey[]> {
	const response = await fetcher(url, { signal: AbortSignal.timeout(5000) });
	if (!response.ok) {
		await response.body?.cancel();
		throw new AppError('upstream_unavailable', 'The keys of fal.ai could not be read. Send this again later.');
	}
	const keys = await importFalKeys(KeySet.parse(await response.json()).keys);
	cachedKeys.set(url, { keys, fetchedAtMs: nowMs });
	return keys;
}

export function importFalKeys(
	keys: readonly { kty: string; crv?: string | undefined; x?: string | undefined }[],
): Promise<CryptoKey[]> {
	const usable = keys.filter((key) => key.kty === 'OKP' && key.crv === 'Ed25519' && key.x !== undefined);
	return Promise.all(
		usable.map((key) =>
			// Live sets pad `x` with "=", which a JWK must not have.
			crypto.subtle.importKey(
				'jwk',
				{ kty: 'OKP', crv: 'Ed25519', x: (key.x ?? '').replace(/=+$/, '') },
				{ name: 'Ed25519' },
				false,
				['verify'],
			),
		),
	);
}

/**
 * The notice in a webhook signed by one of the keys at `keysUrl`. fal may have changed its keys since they were read
 * (F49): a signature that fails under keys over a minute old is tried once more under the set as it is now.
 */
export async function receiveFalWebhook(
	input: { headers: Headers; rawBody: Uint8Array<ArrayBuffer>; keysUrl: string; nowMs: number },
	fetcher: typeof fetch,
): Promise<FalNotice> {
	const { keysUrl, nowMs } = input;
	const keys = await readFalKeys(keysUrl, nowMs, fetcher);
	try {
		return await verifyFalWebhook({ ...input, keys });
	} catch (error) {
		const readAtMs = cachedKeys.get(keysUrl)?.fetchedAtMs ?? nowMs;
		if (!(error instanceof AppError) || nowMs - readAtMs < KEYS_TRUSTED_MS) throw error;
		return verifyFalWebhook({ ...input, keys: await fetchFalKeys(keysUrl, nowMs, fetcher) });
	}
}

/** The notice in a webhook whose raw body one of fal's keys signed in the last five minutes; refuses all else as one. */
export async function verifyFalWebhook(input: {
	headers: Headers;
	rawBody: Uint8Array<ArrayBuffer>;
	keys: readonly CryptoKey[];
	nowMs: number;
}): Promise<FalNotice> {
	const { headers, rawBody } = input;
	const requestId = headers.get('x-fal-webhook-request-id') ?? '';
	const timestamp = headers.get('x-fal-webhook-timestamp') ?? '';
	const signature = fromHex(headers.get('x-fal-webhook-signature') ?? '');
	const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(input.nowMs / 1000 - Number(timestamp)) <= LEEWAY_SECONDS;
	if (!isFresh || signature === null || requestId === '') throw badSignature();

	const bodyHash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', rawBody)));
	const message = [requestId, headers.get('x-fal-webhook-user-id') ?? '', timestamp, bodyHash].join('\n');
	const bytes = new TextEncoder().encode(message);
	const checks = await Promise.all(
		input.keys.map((key) => crypto.subtle.verify({ name: 'Ed25519' }, key, signature, bytes)),
	);
	if (!checks.includes(true)) throw badSignature();

	const notice = Notice.safeParse(parseJson(new TextDecoder().decode(rawBody)));
	if (!notice.success || notice.data.request_id !== requestId) throw badSignature();
	const payload = JSON.stringify(notice.data.payload ?? null);
	return {
		requestId,
		status: notice.data.status,
		payload: payload === 'null' || payload.length > PAYLOAD_BYTES_MAX ? null : payload,
	};
}

function badSignature(): AppError {
	return new AppError('bad_signature', 'This webhook is not signed as it should be.');
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> | null {
	if (!/^[0-9a-f]{128}$/i.test(hex)) return null;
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
