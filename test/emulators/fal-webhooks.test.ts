import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { EDIT, startFalAccount } from './fal-account';
import { type ReceivedWebhook, WebhookBody } from './receiver';
import { verifyWebhook } from './verify-webhook';

const VECTORS = new URL('../../../shared/vectors/fal-webhook.json', import.meta.url);
const Vectors = z.object({
	now_seconds: z.number(),
	jwks: z.unknown(),
	cases: z.array(
		z.object({
			name: z.string(),
			valid: z.boolean(),
			headers: z.record(z.string(), z.string()),
			body: z.string(),
			evaluate_at_seconds: z.number().optional(),
			jwks: z.unknown().optional(),
		}),
	),
});

const account = await startFalAccount({ faults: { lateMs: 1500 } });
afterAll(() => account.close());
beforeEach(() => {
	account.fal.reset();
	account.receiver.clear();
});

async function keySetOf(origin: string): Promise<unknown> {
	return (await fetch(`${origin}/fal/rest/.well-known/jwks.json`)).json();
}

async function isGenuine(webhook: ReceivedWebhook): Promise<boolean> {
	const jwks = await keySetOf(account.origin);
	return verifyWebhook(webhook, jwks, Math.floor(Date.now() / 1000));
}

const idOf = (webhook: ReceivedWebhook) => WebhookBody.parse(JSON.parse(webhook.body)).request_id;

/** Until every webhook of these requests is through, so that what did not come can be told from what is late. */
async function settled(...ids: string[]): Promise<void> {
	for (const id of ids) await account.state(id, 'COMPLETED');
	await new Promise((resolve) => setTimeout(resolve, 100));
}

test.skipIf(!existsSync(VECTORS))('the check used here agrees with every published vector', async () => {
	const vectors = Vectors.parse(JSON.parse(readFileSync(VECTORS, 'utf8')));
	for (const { name, valid, headers, body, evaluate_at_seconds: at } of vectors.cases) {
		const webhook = { headers: new Headers(headers), body };
		expect([name, await verifyWebhook(webhook, vectors.jwks, at ?? vectors.now_seconds)]).toEqual([name, valid]);
	}
});

test('a webhook carries the four headers, verifies with the published keys, and keeps its address whole', async () => {
	const id = await account.submit(EDIT, account.edit);
	const [webhook] = await account.receiver.webhooks(1);

	expect(webhook!.headers.get('x-fal-webhook-request-id')).toBe(id);
	expect(webhook!.headers.get('x-fal-webhook-user-id')).toMatch(/.+/);
	expect(webhook!.path).toBe('/hook/a');
	expect(await isGenuine(webhook!)).toBe(true);
	expect(await isGenuine({ ...webhook!, body: `${webhook!.body} ` })).toBe(false);
});

test('each start signs with a key of its own', async () => {
	const other = await startFalAccount();
	const [mine, theirs] = [await keySetOf(account.origin), await keySetOf(other.origin)];
	await other.close();
	expect(mine).not.toEqual(theirs);
});

test('a webhook that is not accepted is tried again until it is, and no more after that', async () => {
	account.receiver.answerNext(503, 500);
	const id = await account.submit(EDIT, account.edit);
	await account.receiver.webhooks(3);
	await settled(id);

	expect(account.receiver.received.map(idOf)).toEqual([id, id, id]);
	expect(account.fal.requests()[0]!.deliveries.map(({ status }) => status)).toEqual([503, 500, 204]);
});

test('a duplicate webhook comes twice with the same body', async () => {
	account.fal.set({ webhook: { mode: 'duplicate', times: 1 } });
	const id = await account.submit(EDIT, account.edit);
	const [first, second] = await account.receiver.webhooks(2);
	expect(second!.body).toBe(first!.body);
	expect(idOf(second!)).toBe(id);
	expect(account.fal.faults().webhook).toEqual({ mode: 'once' });
});

test('a lost webhook never comes, and the result is there all the same', async () => {
	account.fal.set({ webhook: { mode: 'lost' } });
	const id = await account.submit(EDIT, account.edit);
	await settled(id);
	expect(account.receiver.received).toEqual([]);
	expect((await account.result(EDIT, id)).status).toBe(422);
});

test('a late webhook comes after the result could be read', async () => {
	account.fal.set({ webhook: { mode: 'late' } });
	const id = await account.submit(EDIT, account.edit);
	await account.result(EDIT, id);
	expect(account.receiver.received).toEqual([]);
	expect(idOf((await account.receiver.webhooks(1))[0]!)).toBe(id);
});

test('reordered webhooks come in the other order', async () => {
	account.fal.set({ webhook: { mode: 'reordered', times: 2 }, lateMs: 60_000 });
	const first = await account.submit(EDIT, account.edit);
	await account.state(first, 'COMPLETED');
	const second = await account.submit(EDIT, account.edit);
	expect((await account.receiver.webhooks(2)).map(idOf)).toEqual([second, first]);
});

test('a wrong signature has the right form and does not verify', async () => {
	account.fal.set({ webhook: { mode: 'wrong_signature' } });
	await account.submit(EDIT, account.edit);
	const [webhook] = await account.receiver.webhooks(1);
	expect(webhook!.headers.get('x-fal-webhook-signature')).toMatch(/^[0-9a-f]{128}$/);
	expect(await isGenuine(webhook!)).toBe(false);
});

test('a stale webhook is signed well and too old', async () => {
	account.fal.set({ webhook: { mode: 'stale_timestamp' } });
	await account.submit(EDIT, account.edit);
	const [webhook] = await account.receiver.webhooks(1);
	const timestamp = Number(webhook!.headers.get('x-fal-webhook-timestamp'));
	const jwks = await keySetOf(account.origin);
	expect(await isGenuine(webhook!)).toBe(false);
	expect(await verifyWebhook(webhook!, jwks, timestamp)).toBe(true);
});

test('a moved clock moves the time a webhook is signed with', async () => {
	const dayMs = 24 * 3600 * 1000;
	account.fal.set({ clockOffsetMs: dayMs });
	await account.submit(EDIT, account.edit);
	const [webhook] = await account.receiver.webhooks(1);
	const aheadMs = Number(webhook!.headers.get('x-fal-webhook-timestamp')) * 1000 - Date.now();
	expect(Math.abs(aheadMs - dayMs)).toBeLessThan(60_000);
});

test('a webhook can be there before the submit call returns', async () => {
	account.fal.set({ webhook: { mode: 'before_submit_returns', times: 1 } });
	const id = await account.submit(EDIT, account.edit);
	expect(account.receiver.received.map(idOf)).toEqual([id]);
});
