import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { createFalGateway, readFailure, readOutput } from '../../../workers/core/gateways/fal';
import { KEEPING_HEADERS } from '../../../workers/core/gateways/fal-keeping';
import { OUTPUT_BYTES_MAX } from '../../../workers/core/gateways/processor';
import { type Answer, json, reset, startWireServer } from './wire-server';

const wire = await startWireServer();
beforeEach(wire.reset);
afterAll(wire.close);

const config = {
	key: 'kid:ksecret',
	queueUrl: wire.origin,
	apiUrl: `${wire.origin}/api`,
	fileHosts: [wire.host],
	isEmulated: true,
};
const fal = createFalGateway(config, fetch);
const endpoint = 'fal-ai/pixverse/v6/transition';
const job = { endpoint, requestId: 'r1' };
const order = { endpoint, input: { prompt: 'a wipe' }, webhookUrl: 'https://app.test/webhooks/fal/t~1' };
const SUBMIT = `POST /${endpoint}`;
const STATUS = 'GET /fal-ai/pixverse/requests/r1/status';
const RESULT = 'GET /fal-ai/pixverse/requests/r1';
const silence = { kind: 'unknown' };

test('a submission carries input, webhook address, key and the privacy headers', async () => {
	wire.on(SUBMIT, json(200, { status: 'IN_QUEUE', request_id: 'r1' }));
	expect(await fal.submit(order)).toEqual({ kind: 'accepted', requestId: 'r1' });
	expect(wire.seen).toHaveLength(1);
	const [request] = wire.seen;
	const address = new URL(request?.path ?? '', wire.origin);
	expect(address.pathname).toBe(`/${endpoint}`);
	expect([...address.searchParams]).toEqual([['fal_webhook', order.webhookUrl]]);
	expect(JSON.parse(request?.body ?? '')).toEqual(order.input);
	expect(request?.headers).toMatchObject({
		authorization: 'Key kid:ksecret',
		'x-fal-store-io': '0',
		'x-fal-no-retry': '1',
	});
	expect(JSON.parse(String(request?.headers['x-fal-object-lifecycle-preference']))).toEqual({
		expiration_duration_seconds: 3600,
		initial_acl: { default: 'forbid' },
	});
});

test.each([429, 500, 502, 503, 504])('a submission that meets %i is made once', async (status) => {
	wire.on(SUBMIT, json(status, { detail: 'busy', error_type: 'runner_scheduling_failure' }));
	expect(await fal.submit(order)).toEqual({
		kind: 'failed',
		code: 'runner_scheduling_failure',
		message: null,
		isRetryable: true,
	});
	expect(wire.seen).toHaveLength(1);
});

test('a submission whose connection breaks is made once, and nobody knows whether it began', async () => {
	wire.on(SUBMIT, reset);
	expect(await fal.submit(order)).toEqual(silence);
	expect(wire.seen).toHaveLength(1);
});

test('an answer that breaks off, or names no request, is silence', async () => {
	wire.on(SUBMIT, (response) => {
		response.writeHead(200, { 'content-length': '1000' }).write('{"request_id":');
		setTimeout(() => response.socket?.destroy(), 20);
	});
	expect(await fal.submit(order)).toEqual(silence);
	wire.on(SUBMIT, json(200, { status: 'IN_QUEUE' }));
	expect(await fal.submit(order)).toEqual(silence);
	expect(wire.seen).toHaveLength(2);
});

test('an input fal refuses is final and tells fal’s sentence', async () => {
	const detail = [{ loc: ['body', 'image_urls'], msg: 'No face was found.', type: 'no_face' }];
	wire.on(SUBMIT, json(422, { detail }));
	expect(await fal.submit(order)).toEqual({
		kind: 'failed',
		code: 'no_face',
		message: 'No face was found.',
		isRetryable: false,
	});
});

test('a redirect is not followed', async () => {
	wire.on(SUBMIT, json(307, {}, { location: `${wire.origin}/elsewhere` }));
	expect(await fal.submit(order)).toMatchObject({ kind: 'failed', code: 'status_307', isRetryable: false });
	expect(wire.seen.map(({ path }) => path)).not.toContain('/elsewhere');
});

test('a result is pending until it is complete, then tells the address', async () => {
	for (const status of ['IN_QUEUE', 'IN_PROGRESS']) {
		wire.on(STATUS, json(202, { status }));
		expect(await fal.result(job)).toEqual({ kind: 'pending' });
	}
	wire.on(STATUS, json(200, { status: 'COMPLETED' }));
	wire.on(RESULT, json(200, { video: { url: 'https://v3.fal.media/a.mp4' } }));
	expect(await fal.result(job)).toEqual({ kind: 'done', outputUrl: 'https://v3.fal.media/a.mp4' });
	expect(wire.seen.every(({ headers }) => headers.authorization === 'Key kid:ksecret')).toBe(true);
});

test('trouble with asking is not the job’s failure', async () => {
	for (const answer of [json(503, {}), json(429, {}), json(404, {}), reset]) {
		wire.reset();
		wire.on(STATUS, answer);
		expect(await fal.result(job)).toEqual(silence);
		expect(wire.seen).toHaveLength(1);
	}
});

test('a job that failed says how', async () => {
	wire.on(STATUS, json(200, { status: 'COMPLETED' }));
	wire.on(RESULT, json(422, { detail: [{ msg: 'Refused.', type: 'content_policy_violation' }] }));
	expect(await fal.result(job)).toMatchObject({ code: 'content_policy_violation', isRetryable: false });
	wire.on(RESULT, json(500, { detail: 'x', error_type: 'runner_server_error' }));
	expect(await fal.result(job)).toMatchObject({ code: 'runner_server_error', isRetryable: true });
});

test('a cancel asks once and takes every answer', async () => {
	const CANCEL = 'PUT /fal-ai/pixverse/requests/r1/cancel';
	for (const answer of [json(202, { status: 'CANCELLATION_REQUESTED' }), json(400, {}), json(404, {}), reset]) {
		wire.reset();
		wire.on(CANCEL, answer);
		await fal.cancel(job);
		expect(wire.seen).toMatchObject([{ method: 'PUT' }]);
	}
});

const DELETE = 'DELETE /api/v1/models/requests/r1/payloads';
const FILE = '/files/a.mp4';

/** fal with a finished request: its result tells the file until it is deleted, and what is there afterwards is what was told. */
function finishedRequest(after: { deletion?: Answer; result?: Answer; file?: Answer } = {}) {
	wire.reset();
	wire.on(RESULT, json(200, { video: { url: `${wire.origin}${FILE}` } }));
	wire.on(DELETE, (response, request) => {
		wire.on(RESULT, after.result ?? json(404, {}));
		(after.deletion ?? json(200, {}))(response, request);
	});
	wire.on(`GET ${FILE}`, after.file ?? json(404, {}));
}

test('a request is gone when neither it nor its file is found again, and the file was asked for with our key', async () => {
	for (const status of [403, 404, 410]) {
		finishedRequest({ file: json(status, {}) });
		expect(await fal.forget(job)).toEqual({ kind: 'gone', seen: [status] });
	}
	expect(wire.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([RESULT, DELETE, RESULT, `GET ${FILE}`]);
	expect(wire.seen.every(({ headers }) => headers.authorization === 'Key kid:ksecret')).toBe(true);
});

test('a file that can still be read leaves its request, and one whose host is in trouble says nothing', async () => {
	finishedRequest({ file: json(200, {}) });
	expect(await fal.forget(job)).toEqual({ kind: 'left', seen: [200] });
	finishedRequest({ file: json(503, {}) });
	expect(await fal.forget(job)).toEqual({ kind: 'gone', seen: [503] });
	finishedRequest({ file: reset });
	expect(await fal.forget(job)).toEqual({ kind: 'gone', seen: [] });
});

test('a request without an output is forgotten as well, and a file on another host is not asked for', async () => {
	for (const result of [json(422, { detail: [{ msg: 'm', type: 't' }] }), json(404, {}), json(200, {})]) {
		finishedRequest();
		wire.on(RESULT, result);
		expect(await fal.forget(job)).toEqual({ kind: 'gone', seen: [] });
	}
	finishedRequest();
	wire.on(RESULT, json(200, { video: { url: 'https://evil.test/a.mp4' } }));
	expect(await fal.forget(job)).toEqual({ kind: 'gone', seen: [] });
});

test('a request that fal does not know is absent, one that is still told is left, and trouble is neither', async () => {
	finishedRequest({ deletion: json(404, {}) });
	expect(await fal.forget(job)).toEqual({ kind: 'absent', seen: [404] });
	finishedRequest({ result: json(200, {}) });
	expect(await fal.forget(job)).toEqual({ kind: 'left', seen: [] });
	for (const after of [
		{ result: json(400, { detail: 'Request is still in progress' }) },
		{ result: reset },
		{ deletion: json(500, {}) },
		{ deletion: reset },
	]) {
		finishedRequest(after);
		expect(await fal.forget(job)).toEqual({ kind: 'unknown', seen: [] });
	}
	finishedRequest();
	wire.on(RESULT, reset);
	expect(await fal.forget(job)).toEqual({ kind: 'unknown', seen: [] });
	expect(wire.seen).toHaveLength(1);
});

test('a submission’s headers about keeping are those that are noted of it, and hold what the policy promises', async () => {
	wire.on(SUBMIT, json(200, { request_id: 'r1' }));
	await fal.submit(order);
	const sent = Object.entries(wire.seen[0]?.headers ?? {}).filter(([name]) => name in KEEPING_HEADERS);
	expect(Object.fromEntries(sent)).toEqual(KEEPING_HEADERS);

	const KeepingPolicy = z.object({
		'x-fal-store-io': z.literal('0'),
		'x-fal-no-retry': z.literal('1'),
		'x-fal-object-lifecycle-preference': z.string().transform((text) => Preference.parse(JSON.parse(text))),
	});
	const Preference = z.object({
		expiration_duration_seconds: z.number().positive().max(3600),
		initial_acl: z.object({ default: z.enum(['forbid', 'hide']) }),
	});
	expect(KeepingPolicy.safeParse(Object.fromEntries(sent))).toMatchObject({ success: true });
});

test('an output is fetched with the key, whole', async () => {
	wire.on('GET /files/a.png', (response) => void response.end(Buffer.from([1, 2, 3])));
	expect(await fal.fetchOutput(`${wire.origin}/files/a.png`)).toEqual(new Uint8Array([1, 2, 3]));
	expect(wire.seen[0]?.headers.authorization).toBe('Key kid:ksecret');
});

test.each([
	'https://evil.test/a.png',
	'http://169.254.169.254/latest/meta-data',
	'http://127.0.0.1:1/a.png',
	`http://${wire.host}.evil.test/a.png`,
	`http://${wire.host}@evil.test/a.png`,
	'file:///etc/passwd',
	'data:image/png;base64,AAAA',
	'not an address',
])('an output at %s is not fetched', async (address) => {
	expect(await fal.fetchOutput(address)).toMatchObject({ code: 'output_host_not_allowed', isRetryable: false });
	expect(wire.seen).toEqual([]);
});

test('in production an output comes over TLS only', async () => {
	const real = createFalGateway({ ...config, isEmulated: false }, fetch);
	expect(await real.fetchOutput(`${wire.origin}/files/a.png`)).toMatchObject({ code: 'output_host_not_allowed' });
	expect(wire.seen).toEqual([]);
});

test('an output that redirects, is missing or is over 60 MB is not taken', async () => {
	const url = `${wire.origin}/files/a.png`;
	wire.on('GET /files/a.png', json(302, {}, { location: `${wire.origin}/internal` }));
	expect(await fal.fetchOutput(url)).toMatchObject({ code: 'output_status_302', isRetryable: false });
	wire.on('GET /files/a.png', json(404, {}));
	expect(await fal.fetchOutput(url)).toMatchObject({ code: 'output_status_404', isRetryable: true });
	wire.on('GET /files/a.png', reset);
	expect(await fal.fetchOutput(url)).toMatchObject({ code: 'output_unreachable', isRetryable: true });
	wire.on('GET /files/a.png', (response) => void response.end(Buffer.alloc(OUTPUT_BYTES_MAX + 1)));
	expect(await fal.fetchOutput(url)).toMatchObject({ code: 'output_too_large', isRetryable: false });
	expect(wire.seen.map(({ path }) => path)).not.toContain('/internal');
});

function done(outputUrl: string) {
	return { kind: 'done', outputUrl };
}

test('an output’s address is found in each shape, and nowhere else', () => {
	expect(readOutput({ video: { url: 'https://a.test/v' } })).toEqual(done('https://a.test/v'));
	expect(readOutput({ images: [{ url: 'https://a.test/1' }, { url: 'https://a.test/2' }] })).toEqual(
		done('https://a.test/1'),
	);
	for (const wrong of [null, {}, { images: [] }, { video: 'x' }, { video: { url: 'x' } }, 'https://a.test']) {
		expect(readOutput(wrong)).toMatchObject({ kind: 'failed', code: 'unexpected_output', isRetryable: true });
	}
});

test.each([
	[422, { detail: [{ msg: 'm', type: 't' }] }, { code: 't', message: 'm', isRetryable: false }],
	[503, { detail: 'd', error_type: 'startup_timeout' }, { code: 'startup_timeout', message: null, isRetryable: true }],
	[401, { detail: 'Authentication is required' }, { code: 'status_401', message: null, isRetryable: false }],
	[429, null, { code: 'status_429', message: null, isRetryable: true }],
	[500, { detail: 'd', error_type: 'bad_request' }, { code: 'bad_request', message: null, isRetryable: false }],
	[
		500,
		{ detail: 'd', error_type: 'client_cancelled' },
		{ code: 'client_cancelled', message: null, isRetryable: false },
	],
	[
		422,
		{ detail: [{ msg: 'm', type: 'file_download_error' }] },
		{ code: 'file_download_error', message: 'm', isRetryable: true },
	],
	[500, { detail: [] }, { code: 'status_500', message: null, isRetryable: true }],
])('a %i with %j is read as what it is', (status, body, expected) => {
	expect(readFailure(status, body)).toEqual({ kind: 'failed', ...expected });
});
