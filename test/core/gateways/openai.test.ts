import { afterAll, beforeEach, expect, test } from 'vitest';

import { createPictureGateway } from '../../../workers/core/gateways/openai';
import { json, reset, startWireServer } from './wire-server';

const wire = await startWireServer();
beforeEach(wire.reset);
afterAll(wire.close);

const pictures = createPictureGateway({ key: 'sk-test', baseUrl: `${wire.origin}/v1` }, fetch);
const order = { model: 'gpt-image-1', prompt: 'a paper boat' };
const GENERATE = 'POST /v1/images/generations';

test('words become one square PNG in one call', async () => {
	const bytes = Buffer.from([1, 2, 3]);
	wire.on(GENERATE, json(200, { created: 1, data: [{ b64_json: bytes.toString('base64') }] }));
	expect(await pictures.generate(order)).toEqual({ kind: 'done', bytes: new Uint8Array(bytes) });
	expect(wire.seen).toHaveLength(1);
	expect(wire.seen[0]?.headers.authorization).toBe('Bearer sk-test');
	expect(JSON.parse(wire.seen[0]?.body ?? '')).toEqual({ ...order, size: '1024x1024', n: 1, output_format: 'png' });
});

test.each([
	[400, 'moderation_blocked', 'moderation_blocked', false],
	[401, 'invalid_api_key', 'invalid_api_key', false],
	[429, 'rate_limit_exceeded', 'rate_limit_exceeded', true],
	[429, 'insufficient_quota', 'insufficient_quota', false],
	[500, null, 'status_500', true],
	[503, null, 'status_503', true],
])('a %i %s is asked once and read as what it is', async (status, code, expected, isRetryable) => {
	wire.on(GENERATE, json(status, { error: { message: 'no', type: 't', param: null, code } }));
	expect(await pictures.generate(order)).toEqual({ kind: 'failed', code: expected, message: null, isRetryable });
	expect(wire.seen).toHaveLength(1);
});

test('a connection that breaks is silence, asked once', async () => {
	wire.on(GENERATE, reset);
	expect(await pictures.generate(order)).toEqual({ kind: 'unknown' });
	expect(wire.seen).toHaveLength(1);
});

test('an answer without a picture is not one', async () => {
	for (const body of [{ data: [] }, { data: [{ url: 'https://a.test/b.png' }] }, {}]) {
		wire.on(GENERATE, json(200, body));
		expect(await pictures.generate(order)).toMatchObject({ kind: 'failed', code: 'unexpected_output' });
	}
});
