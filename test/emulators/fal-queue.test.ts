import { request as httpRequest } from 'node:http';
import { ApiError, ValidationError } from '@fal-ai/client';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { EDIT, FILM, KEY, startFalAccount } from './fal-account';
import { WebhookBody } from './receiver';

const Edited = z.object({ images: z.array(z.object({ url: z.string() })).length(1) });

const account = await startFalAccount();
afterAll(() => account.close());
beforeEach(() => {
	account.fal.reset();
	account.receiver.clear();
});

test('the SDK submits, watches and reads a film, and one webhook says the same', async () => {
	const submitted = await account.client.queue.submit(FILM, { input: account.film, webhookUrl: account.hook });
	expect(submitted.status).toBe('IN_QUEUE');

	await account.client.queue.subscribeToStatus(FILM, { requestId: submitted.request_id, pollInterval: 50 });
	const status = await account.client.queue.status(FILM, { requestId: submitted.request_id, logs: true });
	const result = await account.client.queue.result(FILM, { requestId: submitted.request_id });
	const [webhook] = await account.receiver.webhooks(1);

	expect(status).toMatchObject({ status: 'COMPLETED', metrics: { inference_time: expect.any(Number) } });
	expect(status).toHaveProperty('logs.0', {
		message: 'Reading the pictures',
		level: 'INFO',
		source: 'USER',
		timestamp: expect.any(String),
	});
	expect(result).toMatchObject({
		requestId: submitted.request_id,
		data: { video: { content_type: 'video/mp4', file_name: 'output.mp4' } },
	});
	expect(WebhookBody.parse(JSON.parse(webhook!.body))).toEqual({
		request_id: submitted.request_id,
		gateway_request_id: submitted.request_id,
		status: 'OK',
		error: null,
		payload: result.data,
	});
	expect(account.receiver.received).toHaveLength(1);
});

test('a request is found under its full path and its first two segments, and under no other', async () => {
	const id = await account.submit(EDIT, account.edit);
	await account.state(id, 'COMPLETED');
	const statusAt = async (path: string) =>
		(await fetch(`${account.queue}/${path}/requests/${id}/status`, { headers: KEY })).status;

	expect(await statusAt(EDIT)).toBe(200);
	expect(await statusAt('fal-ai/nano-banana-2')).toBe(200);
	expect(await statusAt('fal-ai/pixverse')).toBe(404);
});

test('status answers 202 while a job waits or runs, and its result is refused until then', async () => {
	account.fal.set({ neverAnswer: true });
	const id = await account.submit(EDIT, account.edit);
	const status = await fetch(`${account.queue}/${EDIT}/requests/${id}/status`, { headers: KEY });
	const early = await fetch(`${account.queue}/${EDIT}/requests/${id}`, { headers: KEY });

	expect(status.status).toBe(202);
	expect(await status.json()).toMatchObject({ status: expect.stringMatching(/IN_QUEUE|IN_PROGRESS/) });
	expect(early.status).toBe(400);
});

test('the status stream ends with COMPLETED', async () => {
	const id = await account.submit(EDIT, account.edit);
	const stream = await fetch(`${account.queue}/${EDIT}/requests/${id}/status/stream`, { headers: KEY });
	const events = (await stream.text()).trim().split('\n\n');
	expect(JSON.parse(events.at(-1)!.replace('data: ', ''))).toMatchObject({ status: 'COMPLETED' });
});

test('a call without a key is refused and starts nothing', async () => {
	const answer = await fetch(`${account.queue}/${EDIT}`, { method: 'POST', body: JSON.stringify(account.edit) });
	expect(answer.status).toBe(401);
	expect(account.fal.requests()).toEqual([]);
});

test('an endpoint that is not stood in for is not found', async () => {
	const submit = account.client.queue.submit('fal-ai/flux/dev', { input: { prompt: 'x' } });
	await expect(submit).rejects.toBeInstanceOf(ApiError);
	await expect(submit).rejects.toMatchObject({ status: 404 });
	expect(account.fal.requests()).toEqual([]);
});

test('an input that breaks the schema is a 422 with fal detail, in the result and in the webhook', async () => {
	const submitted = await account.client.queue.submit(FILM, {
		// @ts-expect-error the first picture is required, which is the point
		input: { prompt: 'x', duration: 99 },
		webhookUrl: account.hook,
	});
	const [webhook] = await account.receiver.webhooks(1);
	const result = account.client.queue.result(FILM, { requestId: submitted.request_id });

	await expect(result).rejects.toBeInstanceOf(ValidationError);
	const detail = [
		{ loc: ['body', 'first_image_url'], msg: 'Field required', type: 'missing' },
		{ loc: ['body', 'duration'], msg: expect.any(String), type: 'too_big', input: 99 },
	];
	await expect(result).rejects.toMatchObject({ status: 422, body: { detail } });
	expect(WebhookBody.parse(JSON.parse(webhook!.body))).toMatchObject({
		status: 'ERROR',
		error: 'Invalid status code: 422',
		payload: { detail },
	});
});

test('a picture without a face is refused with the reason as type', async () => {
	const id = await account.submit(EDIT, account.edit);
	const result = await account.result(EDIT, id);
	expect(result.status).toBe(422);
	expect(await result.json()).toEqual({
		detail: [{ loc: ['body', 'image_urls', 0], msg: expect.stringContaining('No face'), type: 'no_face' }],
	});
});

test('a picture outside loopback is not fetched', async () => {
	const id = await account.submit(EDIT, { ...account.edit, image_urls: ['https://pictures.invalid/a.png'] });
	expect(await (await account.result(EDIT, id)).json()).toMatchObject({ detail: [{ type: 'file_download_error' }] });
});

test('a webhook outside loopback is refused and starts nothing', async () => {
	await expect(account.submit(EDIT, account.edit, 'https://hooks.invalid/a')).rejects.toThrow(/422/);
	expect(account.fal.requests()).toEqual([]);
});

test('a cancelled job ends as client_cancelled, sends no webhook and cannot be cancelled again', async () => {
	account.fal.set({ neverAnswer: true });
	const submitted = await account.client.queue.submit(FILM, { input: account.film, webhookUrl: account.hook });
	await account.state(submitted.request_id, 'IN_PROGRESS');

	await account.client.queue.cancel(FILM, { requestId: submitted.request_id });
	const result = await account.result(FILM, submitted.request_id);
	const again = account.client.queue.cancel(FILM, { requestId: submitted.request_id });

	expect(result.status).toBe(499);
	expect(await result.json()).toMatchObject({ error_type: 'client_cancelled' });
	await expect(again).rejects.toMatchObject({ status: 400, body: { status: 'ALREADY_COMPLETED' } });
	// A notice of an earlier test may still be on its way.
	const own = account.receiver.received.filter(({ body }) => body.includes(submitted.request_id));
	expect(own).toEqual([]);
	const unknown = account.client.queue.cancel(FILM, { requestId: 'nobody' });
	await expect(unknown).rejects.toMatchObject({ status: 404, body: { status: 'NOT_FOUND' } });
});

test('a third job waits its turn until one of two ends', async () => {
	account.fal.set({ progressMs: 60_000 });
	const [first, second] = [await account.submit(EDIT, account.edit), await account.submit(EDIT, account.edit)];
	await account.state(first, 'IN_PROGRESS');
	await account.state(second, 'IN_PROGRESS');
	const third = await account.submit(EDIT, account.edit);
	const waiting = async () =>
		(await fetch(`${account.queue}/${EDIT}/requests/${third}/status`, { headers: KEY })).json();
	await expect.poll(waiting).toMatchObject({ status: 'IN_QUEUE', queue_position: 1 });

	account.fal.set({ progressMs: 0 });
	await account.client.queue.cancel(EDIT, { requestId: first });

	await account.state(third, 'COMPLETED');
	expect(account.fal.requests().map(({ state }) => state)).toEqual(['COMPLETED', 'IN_PROGRESS', 'COMPLETED']);
});

test('deleting the payloads takes the result, its files and the input, and nothing of other requests', async () => {
	const [gone, kept] = [await account.submit(EDIT, account.whiten), await account.submit(EDIT, account.whiten)];
	const fileOf = async (id: string) => Edited.parse(await (await account.result(EDIT, id)).json()).images[0]!.url;
	const [goneFile, keptFile] = [await fileOf(gone), await fileOf(kept)];
	const address = `${account.origin}/fal/api/v1/models/requests/${gone}/payloads`;

	expect((await fetch(address, { method: 'DELETE' })).status).toBe(401);
	expect((await fetch(goneFile)).status).toBe(200);
	expect((await fetch(address, { method: 'DELETE', headers: KEY })).status).toBe(204);

	expect((await account.result(EDIT, gone)).status).toBe(404);
	expect((await fetch(goneFile)).status).toBe(404);
	expect(account.fal.requests()[0]).toMatchObject({ id: gone, input: null, payloadsDeleted: true });
	expect(account.kept().fal).toMatchObject({
		requests: [{ id: gone, input: null, outcome: { status: 200, body: null }, logs: [] }, { id: kept }],
		files: [{ contentType: 'image/png' }],
	});
	expect((await account.result(EDIT, kept)).status).toBe(200);
	expect((await fetch(keptFile)).headers.get('content-type')).toBe('image/png');
	const unknown = address.replace(gone, 'nobody');
	expect((await fetch(unknown, { method: 'DELETE', headers: KEY })).status).toBe(404);
});

test('the control shows what was asked without the key', async () => {
	await fetch(`${account.queue}/${EDIT}`, {
		method: 'POST',
		headers: { ...KEY, 'x-fal-store-io': '0', 'x-fal-no-retry': '1' },
		body: JSON.stringify(account.edit),
	});
	const [seen] = account.fal.requests();
	expect(seen).toMatchObject({ endpoint: EDIT, input: account.edit, webhookUrl: null });
	expect(seen!.headers).toMatchObject({ 'x-fal-store-io': '0', 'x-fal-no-retry': '1' });
	expect(JSON.stringify(account.fal.requests())).not.toContain('ksecret');
});

test('the stand-in listens on 127.0.0.1 and refuses another host name', async () => {
	expect(new URL(account.origin).hostname).toBe('127.0.0.1');
	const { port } = new URL(account.origin);
	const status = await new Promise<number | undefined>((resolve, reject) => {
		httpRequest({ host: '127.0.0.1', port, path: '/healthz', headers: { host: 'rebound.example' } }, (answer) => {
			answer.resume();
			resolve(answer.statusCode);
		})
			.on('error', reject)
			.end();
	});
	expect(status).toBe(403);
	expect((await fetch(`${account.origin}/healthz`)).status).toBe(200);
});
