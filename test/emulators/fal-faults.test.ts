import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { RUN_KINDS } from '../../emulators/fal/failures';
import { EDIT, FILM, KEY, startFalAccount } from './fal-account';
import { WebhookBody } from './receiver';

const account = await startFalAccount();
afterAll(() => account.close());
beforeEach(() => {
	account.fal.reset();
	account.receiver.clear();
});

const Edited = z.object({ images: z.array(z.object({ url: z.string() })).length(1) });
const webhookOf = async () => WebhookBody.parse(JSON.parse((await account.receiver.webhooks(1))[0]!.body));

const STATUS_BY_KIND: Record<string, number> = {
	request_timeout: 504,
	startup_timeout: 504,
	runner_scheduling_failure: 503,
	runner_connection_timeout: 503,
	runner_disconnected: 503,
	runner_connection_refused: 503,
	runner_connection_error: 503,
	runner_incomplete_response: 502,
	runner_server_error: 500,
	client_disconnected: 499,
	client_cancelled: 499,
	bad_request: 400,
	internal_error: 500,
};

for (const kind of RUN_KINDS.filter((each) => each !== 'payload_error')) {
	const status = STATUS_BY_KIND[kind] ?? 422;
	const expected =
		status === 422
			? { detail: [{ loc: ['body'], msg: expect.any(String), type: kind }] }
			: { detail: expect.any(String), error_type: kind };

	test(`${kind} fails the run with ${status} in the result and in the webhook, once`, async () => {
		account.fal.set({ failNext: [{ kind, times: 1 }] });
		const id = await account.submit(FILM, account.film);
		const result = await account.result(FILM, id);

		expect(result.status).toBe(status);
		expect(await result.json()).toEqual(expected);
		expect(result.headers.get('x-fal-error-type')).toBe(status === 422 ? null : kind);
		const webhook = { status: 'ERROR', error: `Invalid status code: ${status}`, payload: expected };
		expect(await webhookOf()).toMatchObject(webhook);
		expect(account.fal.faults().failNext).toEqual([]);
	});
}

test('a payload error sends no payload, and the result can still be read', async () => {
	account.fal.set({ failNext: [{ kind: 'payload_error' }] });
	const id = await account.submit(EDIT, account.whiten);
	const result = await account.result(EDIT, id);
	expect(result.status).toBe(200);
	expect(await result.json()).toMatchObject({ images: [{ content_type: 'image/png' }] });
	expect(await webhookOf()).toMatchObject({ status: 'OK', payload: null, payload_error: expect.any(String) });
});

test('a rate limit is answered at submit, starts nothing, and passes', async () => {
	account.fal.set({ failNext: [{ kind: 'rate_limited' }] });
	await expect(account.submit(EDIT, account.edit)).rejects.toThrow(/429/);
	expect(account.fal.requests()).toEqual([]);
	await account.submit(EDIT, account.edit);
	expect(account.fal.requests()).toHaveLength(1);
});

test('a connection cut before the start leaves no job', async () => {
	account.fal.set({ failNext: [{ kind: 'submit_reset_before_start' }] });
	await expect(account.submit(EDIT, account.edit)).rejects.toThrow('fetch failed');
	expect(account.fal.requests()).toEqual([]);
});

test('a connection cut after the start loses the answer but not the job', async () => {
	account.fal.set({ failNext: [{ kind: 'submit_reset_after_start' }] });
	await expect(account.submit(EDIT, account.edit)).rejects.toThrow('fetch failed');
	const [request] = account.fal.requests();
	expect((await webhookOf()).request_id).toBe(request!.id);
	expect(account.fal.requests()).toHaveLength(1);
});

test('a failure for one endpoint leaves the other alone, and is used up by its number', async () => {
	account.fal.set({ failNext: [{ kind: 'runner_server_error', times: 2, endpoint: EDIT }] });
	const statusOf = async (endpoint: string, input: object) =>
		(await account.result(endpoint, await account.submit(endpoint, input))).status;
	expect(await statusOf(FILM, account.film)).toBe(200);
	expect(await statusOf(EDIT, account.whiten)).toBe(500);
	expect(await statusOf(EDIT, account.whiten)).toBe(500);
	expect(await statusOf(EDIT, account.whiten)).toBe(200);
});

test('a marker in the prompt fails that request alone', async () => {
	const marked = { ...account.film, prompt: 'a wipe [emulator:runner_server_error]' };
	expect((await account.result(FILM, await account.submit(FILM, marked))).status).toBe(500);
	await expect(account.submit(FILM, { ...marked, prompt: '[emulator:rate_limited]' })).rejects.toThrow(/429/);
});

test('markers choose the webhook, the output and silence for one request too', async () => {
	const marked = (word: string) => ({ ...account.whiten, prompt: `from A3 to A1 [emulator:${word}]` });
	const silent = await account.submit(EDIT, marked('never_answer'));
	const lost = await account.submit(EDIT, marked('lost'));
	await account.state(lost, 'COMPLETED');
	const wrong = Edited.parse(
		await (await account.result(EDIT, await account.submit(EDIT, marked('wrong_type')))).json(),
	);

	expect((await fetch(wrong.images[0]!.url)).headers.get('content-type')).toMatch('text/html');
	await account.receiver.webhooks(1);
	expect(account.fal.requests().find(({ id }) => id === silent)).toMatchObject({ state: 'IN_PROGRESS' });
	expect(account.fal.requests().find(({ id }) => id === lost)).toMatchObject({ status: 200, deliveries: [] });
	expect(account.fal.faults()).toMatchObject({ neverAnswer: false, output: 'right', webhook: { mode: 'once' } });
});

test('a job that is never answered stays in progress and does not hold up the next ones', async () => {
	account.fal.set({ neverAnswer: true });
	const stuck = [];
	for (let job = 0; job < 3; job++) stuck.push(await account.submit(EDIT, account.edit));
	for (const id of stuck) await account.state(id, 'IN_PROGRESS');
	account.fal.set({ neverAnswer: false });
	const next = await account.submit(EDIT, account.edit);
	await account.state(next, 'COMPLETED');
	expect(account.fal.requests().map(({ state }) => state)).toEqual([
		'IN_PROGRESS',
		'IN_PROGRESS',
		'IN_PROGRESS',
		'COMPLETED',
	]);
});

test('latency keeps a job in the queue, where it can be cancelled', async () => {
	account.fal.set({ latencyMs: 60_000 });
	const id = await account.submit(EDIT, account.edit);
	const status = await fetch(`${account.queue}/${EDIT}/requests/${id}/status`, { headers: KEY });
	expect(await status.json()).toMatchObject({ status: 'IN_QUEUE' });
	await account.client.queue.cancel(EDIT, { requestId: id });
	expect((await account.result(EDIT, id)).status).toBe(499);
});

async function fileUrl(): Promise<string> {
	const body: unknown = await (await account.result(EDIT, await account.submit(EDIT, account.whiten))).json();
	return Edited.parse(body).images[0]!.url;
}

test('an output of the wrong type is promised as PNG and is a page', async () => {
	account.fal.set({ output: 'wrong_type' });
	const file = await fetch(await fileUrl());
	expect(file.headers.get('content-type')).toMatch('text/html');
	expect(await file.text()).toMatch(/^<!doctype html>/);
});

test('a missing output is a 404', async () => {
	account.fal.set({ output: 'missing' });
	expect((await fetch(await fileUrl())).status).toBe(404);
});

test('a huge output promises two gigabytes and goes on', async () => {
	account.fal.set({ output: 'huge' });
	const file = await fetch(await fileUrl());
	expect(file.headers.get('content-length')).toBe(String(2 ** 31));
	const reader = file.body!.getReader();
	let bytes = 0;
	while (bytes < 8_000_000) bytes += (await reader.read()).value!.length;
	await reader.cancel();
});

test('a redirected output leads to the file by one more step', async () => {
	account.fal.set({ output: 'redirect' });
	const url = await fileUrl();
	const step = await fetch(url, { redirect: 'manual' });
	expect(step.status).toBe(302);
	expect((await fetch(step.headers.get('location')!)).headers.get('content-type')).toBe('image/png');
});

test('an output on a foreign host is an address that resolves nowhere', async () => {
	account.fal.set({ output: 'foreign_host' });
	expect(new URL(await fileUrl()).hostname).toBe('foreign-host.invalid');
});

test('switches work over HTTP, and what is unknown changes nothing', async () => {
	const post = (path: string, body: unknown) =>
		fetch(`${account.origin}/control${path}`, { method: 'POST', body: JSON.stringify(body) });

	const changed = await post('/fal', { latencyMs: 5, webhook: { mode: 'lost', times: 2 } });
	expect(await changed.json()).toMatchObject({
		fal: { latencyMs: 5, webhook: { mode: 'lost', times: 2 }, output: 'right' },
	});
	expect((await post('/fal', { latency: 7 })).status).toBe(400);
	expect((await post('/fal', { output: 'wrong' })).status).toBe(400);
	expect(account.fal.faults()).toMatchObject({ latencyMs: 5, output: 'right' });

	const partial = await post('/fal', { neverAnswer: true });
	expect(await partial.json()).toMatchObject({ fal: { latencyMs: 5, neverAnswer: true } });
	expect((await post('/fal/reset', {})).status).toBe(200);
	expect(account.fal.faults()).toMatchObject({ latencyMs: 0, neverAnswer: false, webhook: { mode: 'once' } });
	expect(await (await fetch(`${account.origin}/control/fal/requests`, { headers: KEY })).json()).toEqual({
		requests: [],
	});
});
