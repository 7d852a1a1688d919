import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { FalFaults } from '../../emulators/fal/faults';
import { givenOrder, givenPhoto, patient, readRender, type RenderBody, waitForEnd } from './support/given-smile';
import { givenPractice, type Practice, refusalIn } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { type SentWebhook, tapWebhooks, type WebhookTap } from './support/tap-webhooks';
import { expectNoTrace, expectOrder, objectsOf, rowsOf, untilQuiet } from './support/trace';
import { until } from './support/until';

const FAIR = FalFaults.parse({});

let it: TestEdge;
let tap: WebhookTap | undefined;
beforeAll(async () => {
	it = await startTestEdge();
});
afterEach(async () => {
	tap?.close();
	tap = undefined;
	it.emulators.fal.set(FAIR);
	await expectOrder(it);
});
afterAll(() => it.close());

/** A render whose first stage is done at the processor, and the genuine webhook that says so, not delivered. */
async function givenHeldWebhook(
	photo?: Uint8Array<ArrayBuffer>,
): Promise<{ practice: Practice; id: string; webhook: SentWebhook; asked: number }> {
	const practice = await givenPractice(it.edge);
	const asked = it.emulators.fal.requests().length;
	const uploadId = await givenPhoto(practice, photo);
	const held = tapWebhooks({ isHeldBack: true });
	try {
		const id = await givenOrder(practice, uploadId);
		const webhook = await until('the webhook is sent', () => Promise.resolve(held.sent[0]));
		await until('the submission is recorded', async () =>
			(await attemptsOf(id)).some((row) => row['state'] === 'submitted') ? true : undefined,
		);
		return { practice, id, webhook, asked };
	} finally {
		held.close();
	}
}

function deliver(webhook: SentWebhook): Promise<Response> {
	return fetch(webhook.url, { method: 'POST', headers: webhook.headers, body: webhook.body });
}

async function attemptsOf(id: string): Promise<Record<string, unknown>[]> {
	return (await rowsOf(it.edge, 'attempts')).filter((row) => row['render_id'] === id);
}

async function eventsOf(id: string): Promise<Record<string, unknown>[]> {
	return (await rowsOf(it.edge, 'webhook_events')).filter((row) => String(row['attempt_id']).startsWith(`${id}.`));
}

async function cancel(practice: Practice, id: string): Promise<void> {
	await practice.send('POST', `/v1/renders/${id}/cancel`);
	await until('it is forgotten', async () => (await readRender(practice, id)).processorsForgotAt ?? undefined);
}

async function expectOneVideo(practice: Practice, render: RenderBody): Promise<void> {
	expect(render).toMatchObject({ state: 'succeeded', credits: { held: 0, charged: 24 } });
	expect(render.stages.map(({ tries }) => tries)).toEqual([1, 1]);
	expect(await practice.credits()).toEqual({ available: 36, held: 0 });
	const outcomes = (await rowsOf(it.edge, 'render_outcomes')).filter((row) => row['render_id'] === render.id);
	expect(outcomes).toMatchObject([{ state: 'succeeded' }]);
	const assets = (await rowsOf(it.edge, 'assets')).filter((row) => row['render_id'] === render.id);
	expect(new Set(assets.map((row) => row['kind']))).toEqual(new Set(['after', 'video']));
	expect(assets).toHaveLength(2);
	// Addresses of files at a processor are not kept.
	expect((await eventsOf(render.id)).filter((row) => row['payload'] !== null)).toEqual([]);
}

/** fal's four headers over this body, made with a key that is not fal's. */
function signedByStranger(webhook: SentWebhook): SentWebhook {
	const { privateKey } = generateKeyPairSync('ed25519');
	const { headers, body } = webhook;
	const message = [
		headers['x-fal-webhook-request-id'],
		headers['x-fal-webhook-user-id'],
		headers['x-fal-webhook-timestamp'],
		createHash('sha256').update(body).digest('hex'),
	].join('\n');
	const signature = sign(null, Buffer.from(message), privateKey).toString('hex');
	return { ...webhook, headers: { ...headers, 'x-fal-webhook-signature': signature } };
}

function withHeader(webhook: SentWebhook, name: string, value: string): SentWebhook {
	return { ...webhook, headers: { ...webhook.headers, [name]: value } };
}

function secondsFromNow(seconds: number): string {
	return String(Math.floor(Date.now() / 1000) + seconds);
}

function withBody(webhook: SentWebhook, change: Record<string, unknown>): SentWebhook {
	const body = z.record(z.string(), z.unknown()).parse(JSON.parse(webhook.body));
	return { ...webhook, body: JSON.stringify({ ...body, ...change }) };
}

function withToken(webhook: SentWebhook, change: (token: string) => string): SentWebhook {
	const url = new URL(webhook.url);
	const parts = url.pathname.split('/');
	const token = change(decodeURIComponent(parts.pop() ?? ''));
	return { ...webhook, url: new URL([...parts, encodeURIComponent(token)].join('/'), url).href };
}

const NOT_SIGNED = { status: 400, code: 'bad_signature', message: 'This webhook is not signed as it should be.' };
const NOT_OURS = { status: 400, code: 'bad_signature', message: 'This webhook address is not one of ours.' };

describe('a webhook that is not genuine is refused, and nothing is written', () => {
	let practice: Practice;
	let id: string;
	let webhook: SentWebhook;
	beforeAll(async () => {
		({ practice, id, webhook } = await givenHeldWebhook());
		// What the mail service tells of the sign-up's mails is written beside it.
		await untilQuiet(it);
	});
	afterAll(() => cancel(practice, id));

	const forgeries: [string, (genuine: SentWebhook) => SentWebhook][] = [
		['signed by a stranger', signedByStranger],
		['without a signature', (genuine) => withHeader(genuine, 'x-fal-webhook-signature', '')],
		['signed in another alphabet', (genuine) => withHeader(genuine, 'x-fal-webhook-signature', 'z'.repeat(128))],
		[
			'with one bit of its signature changed',
			(genuine) => {
				const signature = genuine.headers['x-fal-webhook-signature'] ?? '';
				const flipped = signature.startsWith('0') ? '1' : '0';
				return withHeader(genuine, 'x-fal-webhook-signature', flipped + signature.slice(1));
			},
		],
		['with another outcome', (genuine) => withBody(genuine, { status: 'ERROR' })],
		[
			'with another file',
			(genuine) => withBody(genuine, { payload: { images: [{ url: 'https://elsewhere.example/x' }] } }),
		],
		['with a space more', (genuine) => ({ ...genuine, body: `${genuine.body} ` })],
		['with nothing in it', (genuine) => ({ ...genuine, body: '' })],
		['of another request', (genuine) => withHeader(genuine, 'x-fal-webhook-request-id', 'another')],
		['of another user', (genuine) => withHeader(genuine, 'x-fal-webhook-user-id', 'another')],
		['dated ten minutes ago', (genuine) => withHeader(genuine, 'x-fal-webhook-timestamp', secondsFromNow(-600))],
		['dated in ten minutes', (genuine) => withHeader(genuine, 'x-fal-webhook-timestamp', secondsFromNow(600))],
		['dated with a word', (genuine) => withHeader(genuine, 'x-fal-webhook-timestamp', 'now')],
	];

	test.each(forgeries)('%s', async (_, forge) => {
		expect(await expectNoTrace(it, async () => refusalIn(await deliver(forge(webhook))))).toEqual(NOT_SIGNED);
	});

	test.each<[string, (token: string) => string]>([
		['without a token', () => 'x'],
		['for another attempt under this one’s token', (token) => token.replace('.1~', '.2~')],
		[
			'for another render under this one’s token',
			(token) => token.replace(/^rnd_./, (first) => (first === 'rnd_z' ? 'rnd_y' : 'rnd_z')),
		],
		['with one digit of its token changed', (token) => token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')],
		['with a token cut short', (token) => token.slice(0, -2)],
	])('%s', async (_, change) => {
		const refused = await expectNoTrace(it, async () => refusalIn(await deliver(withToken(webhook, change))));
		expect(refused).toEqual(NOT_OURS);
	});

	test('larger than any of fal’s', async () => {
		const large = { ...webhook, body: webhook.body + ' '.repeat(256 * 1024) };
		expect(await expectNoTrace(it, async () => refusalIn(await deliver(large)))).toMatchObject({
			status: 413,
			code: 'payload_too_large',
		});
	});

	test('and another method finds nothing there', async () => {
		const answer = await expectNoTrace(it, () => fetch(webhook.url, { headers: webhook.headers }));
		expect(answer.status).toBe(404);
	});

	test('while the render waits on, and takes the genuine one', async () => {
		expect(await eventsOf(id)).toEqual([]);
		expect(await attemptsOf(id)).toMatchObject([{ state: 'submitted' }]);
		expect((await deliver(webhook)).status).toBe(200);
		await expectOneVideo(practice, await waitForEnd(practice, id));
	});
});

test('a genuine webhook sent five times at once and again after the end is one event, one picture, one charge', async () => {
	const { practice, id, webhook, asked } = await givenHeldWebhook();
	const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(webhook)));
	expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
	const render = await waitForEnd(practice, id);
	await expectOneVideo(practice, render);
	expect(it.emulators.fal.requests().length - asked).toBe(2);

	const objects = await objectsOf(it.edge);
	expect((await deliver(webhook)).status).toBe(200);
	await until('it is forgotten', async () => (await readRender(practice, id)).processorsForgotAt ?? undefined);
	await expectOneVideo(practice, await readRender(practice, id));
	expect(await eventsOf(id)).toHaveLength(2);
	expect(await objectsOf(it.edge)).toEqual(objects);
});

test('an answer that comes after the render was cancelled is not taken, and its copy at the processor goes', async () => {
	const { practice, id, webhook, asked } = await givenHeldWebhook();
	const objects = await objectsOf(it.edge);
	await cancel(practice, id);
	expect((await deliver(webhook)).status).toBe(200);
	await until('the late notice is emptied', async () => {
		const events = await eventsOf(id);
		return events.length === 1 && events[0]?.['payload'] === null ? true : undefined;
	});

	expect(await readRender(practice, id)).toMatchObject({
		state: 'cancelled',
		credits: { held: 0, charged: 0 },
		assets: [],
	});
	expect(await practice.credits()).toEqual({ available: 60, held: 0 });
	expect(await objectsOf(it.edge)).toEqual(objects);
	expect(it.emulators.fal.requests()[asked]).toMatchObject({ payloadsDeleted: true });
});

/** The after picture of a finished render, as stored. */
async function afterPicture(id: string): Promise<Buffer> {
	const assets = await rowsOf(it.edge, 'assets');
	const key = assets.find((row) => row['render_id'] === id && row['kind'] === 'after')?.['object_key'];
	const object = await (await it.edge.r2()).get(z.string().parse(key));
	return Buffer.from((await object?.arrayBuffer()) ?? []);
}

test('a notice about another practice’s job, at this one’s address, does not bring its picture here', async () => {
	const [mine, theirs] = [await givenHeldWebhook(), await givenHeldWebhook(await patient('ines'))];
	const crossed = { ...theirs.webhook, url: mine.webhook.url };
	expect((await deliver(crossed)).status).toBe(200);
	expect((await deliver(mine.webhook)).status).toBe(200);
	expect((await deliver(theirs.webhook)).status).toBe(200);

	const [own, other] = [await waitForEnd(mine.practice, mine.id), await waitForEnd(theirs.practice, theirs.id)];
	await expectOneVideo(mine.practice, own);
	await expectOneVideo(theirs.practice, other);
	expect((await afterPicture(own.id)).equals(await afterPicture(other.id))).toBe(false);
});

describe('however webhooks come, each render ends once', () => {
	test.each(['duplicate', 'late', 'reordered', 'before_submit_returns'] as const)('%s', async (mode) => {
		it.emulators.fal.set({ webhook: { mode }, lateMs: 600 });
		const practice = await givenPractice(it.edge);
		const render = await waitForEnd(practice, await givenOrder(practice));
		await expectOneVideo(practice, render);
		expect(await eventsOf(render.id)).toHaveLength(2);
	});

	test('without the result inside: the result is asked for', async () => {
		it.emulators.fal.set({ failNext: [{ kind: 'payload_error', times: 2 }] });
		const practice = await givenPractice(it.edge);
		const render = await waitForEnd(practice, await givenOrder(practice));
		await expectOneVideo(practice, render);
		expect(await eventsOf(render.id)).toHaveLength(2);
	});

	// This moves the clock, so it comes last. The sweep takes a message for lost after a minute.
	test('lost, wrongly signed or stale: the sweep asks the processor', async () => {
		const ordered: { practice: Practice; id: string }[] = [];
		for (const mode of ['lost', 'wrong_signature', 'stale_timestamp'] as const) {
			it.emulators.fal.set({ webhook: { mode } });
			const practice = await givenPractice(it.edge);
			const asked = it.emulators.fal.requests().length;
			const id = await givenOrder(practice);
			await until('the first stage is done at the processor', () =>
				Promise.resolve(it.emulators.fal.requests()[asked]?.state === 'COMPLETED' ? true : undefined),
			);
			ordered.push({ practice, id });
		}
		await it.edge.moveClock(2 / 60);
		for (const { practice, id } of ordered) {
			const render = await waitForEnd(practice, id, () => it.edge.runCron());
			await expectOneVideo(practice, render);
			expect(await eventsOf(id)).toEqual([]);
		}
		const refused = it.emulators.fal.requests().flatMap(({ deliveries }) => deliveries.map(({ status }) => status));
		expect(refused).toContain(400);
	});
});
