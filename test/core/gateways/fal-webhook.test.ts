import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

import {
	importFalKeys,
	readFalKeys,
	receiveFalWebhook,
	verifyFalWebhook,
} from '../../../workers/core/gateways/fal-webhook';
import { readAttemptToken, signAttempt } from '../../../workers/core/renders/attempt-token';

const NOW_MS = 1_700_000_000_000;
const VECTORS = new URL('../../../../shared/vectors/fal-webhook.json', import.meta.url);
const KeySet = z.object({ keys: z.array(z.object({ kty: z.string(), crv: z.string(), x: z.string() })) });
const Vectors = z.object({
	jwks: KeySet,
	jwks_padded_x_variant: KeySet,
	jwks_two_keys: KeySet,
	now_seconds: z.number(),
	cases: z.array(
		z.object({
			name: z.string(),
			valid: z.boolean(),
			evaluate_at_seconds: z.number().optional(),
			headers: z.record(z.string(), z.string()),
			body: z.string(),
		}),
	),
});

const refused = expect.objectContaining({
	code: 'bad_signature',
	message: 'This webhook is not signed as it should be.',
});

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	return new Uint8Array(Buffer.from(text));
}

test.skipIf(!existsSync(VECTORS))('fal’s nine vectors of ../shared are judged as fal would', async () => {
	const vectors = Vectors.parse(JSON.parse(readFileSync(VECTORS, 'utf8')));
	expect(vectors.cases).toHaveLength(9);
	const judged: unknown[] = [];
	for (const vector of vectors.cases) {
		for (const set of [vectors.jwks, vectors.jwks_padded_x_variant, vectors.jwks_two_keys]) {
			const verified = await verifyFalWebhook({
				headers: new Headers(vector.headers),
				rawBody: bytesOf(vector.body),
				keys: await importFalKeys(set.keys),
				nowMs: (vector.evaluate_at_seconds ?? vectors.now_seconds) * 1000,
			}).catch((error: unknown) => error);
			const isTaken = !(verified instanceof Error);
			judged.push({ name: vector.name, isTaken, code: isTaken ? undefined : Reflect.get(verified, 'code') });
		}
	}
	const wanted = vectors.cases.map(({ name, valid }) => ({
		name,
		isTaken: valid,
		code: valid ? undefined : 'bad_signature',
	}));
	expect(judged).toEqual(wanted.flatMap((each) => [each, each, each]));
});

/** One who signs as fal does, and the key set that tells so. */
function signer() {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	const { x = '' } = publicKey.export({ format: 'jwk' });
	return {
		jwk: { kty: 'OKP', crv: 'Ed25519', x },
		webhook(body: unknown, changed: { requestId?: string; timestamp?: string } = {}) {
			const rawBody = bytesOf(typeof body === 'string' ? body : JSON.stringify(body));
			const { requestId = 'req-1', timestamp = String(NOW_MS / 1000) } = changed;
			const hash = createHash('sha256').update(rawBody).digest('hex');
			const signature = sign(null, Buffer.from([requestId, 'user', timestamp, hash].join('\n')), privateKey);
			const headers = new Headers({
				'x-fal-webhook-request-id': requestId,
				'x-fal-webhook-user-id': 'user',
				'x-fal-webhook-timestamp': timestamp,
				'x-fal-webhook-signature': signature.toString('hex'),
			});
			return { headers, rawBody, nowMs: NOW_MS };
		},
	};
}

const fal = signer();
const keys = await importFalKeys([fal.jwk]);

test('a signed notice tells request, status and payload', async () => {
	const payload = { images: [{ url: 'https://v3.fal.media/a.png' }] };
	const webhook = fal.webhook({ request_id: 'req-1', status: 'OK', payload });
	expect(await verifyFalWebhook({ ...webhook, keys })).toEqual({
		requestId: 'req-1',
		status: 'OK',
		payload: JSON.stringify(payload),
	});
});

test.each([
	['a payload fal could not write', { payload: null, payload_error: 'not serialisable' }],
	['a payload of over 16 KB', { payload: { images: [{ url: `https://v3.fal.media/${'a'.repeat(17_000)}` }] } }],
	['no payload', {}],
])('%s is left to be asked for', async (_name, told) => {
	const webhook = fal.webhook({ request_id: 'req-1', status: 'OK', ...told });
	expect(await verifyFalWebhook({ ...webhook, keys })).toEqual({ requestId: 'req-1', status: 'OK', payload: null });
});

test.each([
	['another request’s body', fal.webhook({ request_id: 'req-2', status: 'OK' })],
	['an unknown status', fal.webhook({ request_id: 'req-1', status: 'MAYBE' })],
	['no JSON', fal.webhook('hello')],
	['a time that is no number', fal.webhook({ request_id: 'req-1', status: 'OK' }, { timestamp: 'now' })],
	['an empty request id', fal.webhook({ request_id: '', status: 'OK' }, { requestId: '' })],
	['another signer', signer().webhook({ request_id: 'req-1', status: 'OK' })],
])('%s is refused like every other', async (_name, webhook) => {
	await expect(verifyFalWebhook({ ...webhook, keys })).rejects.toEqual(refused);
});

test('no header and no key is refused', async () => {
	const webhook = fal.webhook({ request_id: 'req-1', status: 'OK' });
	await expect(verifyFalWebhook({ ...webhook, headers: new Headers(), keys })).rejects.toEqual(refused);
	await expect(verifyFalWebhook({ ...webhook, keys: [] })).rejects.toEqual(refused);
});

/** fal's key set as it stands, and how often it was read. */
function keyServer() {
	const server = {
		keys: [fal.jwk],
		status: 200,
		reads: 0,
		fetcher: (() => Promise.reject(new Error())) as typeof fetch,
	};
	server.fetcher = () => {
		server.reads += 1;
		return Promise.resolve(Response.json({ keys: server.keys }, { status: server.status }));
	};
	return server;
}

test('keys are read once in six hours, and keys of other kinds are left out', async () => {
	const server = keyServer();
	server.keys = [{ kty: 'RSA', crv: '', x: '' }, fal.jwk];
	const url = 'https://keys.test/cached';
	expect(await readFalKeys(url, NOW_MS, server.fetcher)).toHaveLength(1);
	await readFalKeys(url, NOW_MS + 6 * 3_600_000 - 1, server.fetcher);
	expect(server.reads).toBe(1);
	await readFalKeys(url, NOW_MS + 6 * 3_600_000, server.fetcher);
	expect(server.reads).toBe(2);
});

test('keys that cannot be read are fal’s trouble, to be tried again, and are not remembered', async () => {
	const server = keyServer();
	server.status = 503;
	const read = () => readFalKeys('https://keys.test/down', NOW_MS, server.fetcher);
	await expect(read()).rejects.toMatchObject({ code: 'upstream_unavailable', isRetryable: true });
	server.status = 200;
	expect(await read()).toHaveLength(1);
});

test('a webhook under a key that fal has just begun to use is taken', async () => {
	const server = keyServer();
	const keysUrl = 'https://keys.test/rotated';
	await readFalKeys(keysUrl, NOW_MS - 60_000, server.fetcher);
	const rotated = signer();
	server.keys = [rotated.jwk];
	const webhook = { ...rotated.webhook({ request_id: 'req-1', status: 'OK' }), keysUrl };
	expect(await receiveFalWebhook(webhook, server.fetcher)).toMatchObject({ requestId: 'req-1' });
	expect(server.reads).toBe(2);
});

test('forged webhooks have the keys read once a minute at most', async () => {
	const server = keyServer();
	const keysUrl = 'https://keys.test/forged';
	const forged = { ...signer().webhook({ request_id: 'req-1', status: 'OK' }), keysUrl };
	for (const seconds of [0, 1, 59, 60, 61, 119]) {
		const nowMs = NOW_MS + seconds * 1000;
		await expect(receiveFalWebhook({ ...forged, nowMs }, server.fetcher)).rejects.toEqual(refused);
	}
	expect(server.reads).toBe(2);
});

const SECRET = 'a token key of the tests, 32 characters or more';

test('an attempt’s token tells the attempt, and any change to it is refused', async () => {
	const token = await signAttempt(SECRET, 'rnd_a.motion.1');
	expect(await readAttemptToken(SECRET, token)).toBe('rnd_a.motion.1');
	const [id = '', mac = ''] = token.split('~');
	const flipped = mac.slice(0, -1) + (mac.endsWith('0') ? '1' : '0');
	const changed = [
		`rnd_a.motion.2~${mac}`,
		`rnd_b.motion.1~${mac}`,
		`${id}~${flipped}`,
		`${id}~${mac.slice(0, 62)}`,
		`${id}~${mac}00`,
		`${id}~${mac.toUpperCase()}`,
		`${id}~`,
		`~${mac}`,
		id,
		'',
		await signAttempt(`${SECRET}!`, id),
	];
	for (const wrong of changed) {
		await expect(readAttemptToken(SECRET, wrong)).rejects.toMatchObject({ code: 'bad_signature' });
	}
});
