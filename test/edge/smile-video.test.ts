import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';
import {
	AssetAnswer,
	CreditsAnswer,
	DeletionAnswer,
	EntryList,
	Health,
	QuoteAnswer,
	ReceiptAnswer,
	RenderAnswer,
	RenderList,
	RenderView,
	UploadAnswer,
} from '../../workers/api/contract';
import { checkOutput } from '../../workers/core/media/check-output';
import {
	givenPhoto,
	givenReadySmile,
	isOpen,
	patient,
	readRender,
	smileInput,
	waitForEnd,
} from './support/given-smile';
import { givenPractice, type Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder, objectsOf, rowsOf } from './support/trace';
import { until } from './support/until';

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer>> {
	const answer = await fetch(url);
	expect(answer.status).toBe(200);
	return new Uint8Array(await answer.arrayBuffer());
}

function pixelsOf(bytes: Uint8Array) {
	return sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

/** Every `state` event until the stream ends by itself. */
async function eventsOf(practice: Practice, renderId: string) {
	const answer = await practice.send('GET', `/v1/renders/${renderId}/events`);
	expect(answer.headers.get('content-type')).toBe('text/event-stream');
	const blocks = (await answer.text()).split('\n\n').filter((block) => block !== '');
	return blocks.map((block) => {
		const [, event, data] = /^event: (\w+)\ndata: (.+)$/m.exec(block) ?? [];
		return { event, render: RenderAnswer.parse(JSON.parse(data ?? 'null')) };
	});
}

/** Runs the cron until the receipt is signed: marking, deleting and looking again may take more than one minute's sweep. */
function waitForReceipt(practice: Practice, receiptId: string) {
	return until(`receipt ${receiptId} is signed`, async () => {
		const receipt = await practice.call(ReceiptAnswer, 'GET', `/v1/receipts/${receiptId}`);
		if (receipt.state === 'issued') return receipt;
		await it.edge.runCron();
		return undefined;
	});
}

/** What the offline script says about a receipt, given the keys that the service publishes. */
async function verifyOffline(practice: Practice, receipt: unknown) {
	const directory = await mkdtemp(join(tmpdir(), 'afterglow-receipt-'));
	try {
		const keys = await practice.send('GET', '/.well-known/afterglow-keys.json');
		await writeFile(join(directory, 'receipt.json'), JSON.stringify(receipt));
		await writeFile(join(directory, 'keys.json'), await keys.text());
		const script = fromRoot('scripts', 'verify-receipt.mjs');
		const files = [join(directory, 'receipt.json'), '--key', join(directory, 'keys.json')];
		const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' });
		return { status, said: stdout + stderr };
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

test('an order holds credits, streams its stages, ends in a picture and a video, and is charged once', async () => {
	const practice = await givenPractice(it.edge);
	const uploadId = await givenPhoto(practice);
	const order = { tool: 'smile.video', input: smileInput(uploadId) };
	const quote = await practice.call(QuoteAnswer, 'POST', '/v1/quotes', { body: order });
	expect(quote).toMatchObject({ tool: 'smile.video', credits: 24 });
	expect(await practice.call(CreditsAnswer, 'GET', '/v1/credits')).toMatchObject({
		available: 60,
		held: 0,
		owed: 0,
		buckets: [{ source: 'promo', title: 'Credits to start with', remaining: 60, held: 0, expiresAt: null }],
	});

	// Longer than two looks of the stream lie apart: a film that was made before would come between them.
	it.emulators.fal.set({ progressMs: 2500 });
	const { id } = await practice.order('smile.video', order.input);
	expect(await practice.credits()).toEqual({ available: 36, held: 24 });
	const events = await eventsOf(practice, id);
	it.emulators.fal.set({ progressMs: 0 });
	const render = await readRender(practice, id);

	expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['state']));
	expect(events.length).toBeGreaterThan(2);
	expect(events.slice(0, -1).every((event) => isOpen(event.render))).toBe(true);
	expect(events.at(-1)!.render).toMatchObject({ state: 'succeeded', progress: 1 });
	const progress = events.map((event) => event.render.progress);
	expect(progress).toEqual(progress.toSorted((a, b) => a - b));

	expect(render).toMatchObject({
		state: 'succeeded',
		credits: { held: 0, charged: 24 },
		stages: [
			{ id: 'after_image', state: 'done', tries: 1 },
			{ id: 'motion', state: 'done', tries: 1 },
		],
		source: { uploadId, state: 'ready' },
	});
	expect(Date.parse(render.sourceDeleteAt!) - Date.parse(render.finishedAt!)).toBe(24 * 3_600_000);
	expect(await practice.credits()).toEqual({ available: 36, held: 0 });
	const { items } = await practice.call(EntryList, 'GET', '/v1/credits/entries');
	expect(items.map(({ kind, amount }) => [kind, amount])).toContainEqual(['grant', 60]);
	expect(items.filter(({ amount, renderId }) => amount === -24 && renderId === id)).toHaveLength(1);
	expect(await rowsOf(it.edge, 'render_outcomes')).toMatchObject([{ render_id: id, state: 'succeeded' }]);
	const list = await practice.call(RenderList, 'GET', '/v1/renders');
	expect(list.items).toMatchObject([{ id, state: 'succeeded', creditsCharged: 24, subjectReference: 'M-2041' }]);
});

test('the after picture differs around the mouth alone, and the video is five portrait seconds of H.264', async () => {
	const practice = await givenPractice(it.edge);
	const { id } = await givenReadySmile(practice);
	const { assets, source } = await practice.call(RenderView, 'GET', `/v1/renders/${id}/view`);
	const [after, video] = ['after', 'video'].map((kind) => assets.find((asset) => asset.kind === kind)!);

	const film = await bytesOf(video!.url);
	expect(checkOutput(film, 'video')).toMatchObject({ width: 720, height: 1280, durationMs: 5000 });
	expect(video).toMatchObject({ assetClass: 'simulation', byteLength: film.byteLength, seconds: 5 });
	const range = await fetch(video!.url, { headers: { range: 'bytes=0-99' } });
	expect([range.status, range.headers.get('content-range')]).toEqual([206, `bytes 0-99/${film.byteLength}`]);
	const saved = await fetch(video!.downloadUrl ?? '');
	expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename=".+\.mp4"/);
	await saved.body?.cancel();

	const [before, now] = await Promise.all([pixelsOf(await bytesOf(source!.url!)), pixelsOf(await bytesOf(after!.url))]);
	expect(before).toEqual(await pixelsOf(await patient('mara')));
	expect(now.info).toMatchObject({ width: before.info.width, height: before.info.height });
	const mouth = await sharp(fromRoot('test', 'fixtures', 'patients', 'mara.mouth.png'))
		.toColourspace('b-w')
		.raw()
		.toBuffer();
	// The mesh's lips and the drawn ones differ by a few pixels, so the drawn mouth is widened by as many.
	const near = await sharp(mouth, { raw: { width: before.info.width, height: before.info.height, channels: 1 } })
		.blur(6)
		.toColourspace('b-w')
		.raw()
		.toBuffer();
	let changed = 0;
	let outside = 0;
	for (let pixel = 0; pixel < mouth.length; pixel += 1) {
		const isSame = [0, 1, 2].every((channel) => before.data[pixel * 3 + channel] === now.data[pixel * 3 + channel]);
		if (isSame) continue;
		changed += 1;
		if (near[pixel] === 0) outside += 1;
	}
	expect(changed).toBeGreaterThan(1000);
	expect(outside).toBe(0);
});

test('a processor is given minutes-long addresses and no name, and holds nothing after the end', async () => {
	const practice = await givenPractice(it.edge);
	const seenBefore = it.emulators.fal.requests().length;
	it.emulators.fal.set({ progressMs: 4000 });
	const uploadId = await givenPhoto(practice);
	const { id } = await practice.order('smile.video', smileInput(uploadId));
	const [asked] = await until('the processor is asked', async () => {
		const seen = it.emulators.fal.requests().slice(seenBefore);
		return seen.length > 0 ? seen : undefined;
	});
	it.emulators.fal.set({ progressMs: 0 });
	expect(JSON.stringify(asked!.input)).not.toMatch(/M-2041|Mara|practice/);
	expect(asked!.headers).toMatchObject({ 'x-fal-store-io': '0', 'x-fal-no-retry': '1' });
	const {
		image_urls: [address],
	} = z.object({ image_urls: z.array(z.url()).length(1) }).parse(asked!.input);
	expect((await bytesOf(address!)).byteLength).toBeGreaterThan(1000);

	await waitForEnd(practice, id);
	const requests = await until('the processor has forgotten', async () => {
		const seen = it.emulators.fal.requests().slice(seenBefore);
		return seen.every(({ payloadsDeleted }) => payloadsDeleted) ? seen : undefined;
	});
	expect(requests).toHaveLength(2);
	expect(requests.map(({ input }) => input)).toEqual([null, null]);
	expect(
		await until(
			'the render is forgotten',
			async () => (await readRender(practice, id)).processorsForgotAt ?? undefined,
		),
	).toMatch(/Z$/);
});

test('what the studio publishes about itself is complete and readable', async () => {
	const nobody = await givenPractice(it.edge);
	expect(await nobody.call(Health, 'GET', '/healthz')).toMatchObject({ ok: true, studio: 'dental' });
	const document = await nobody.call(z.object({ paths: z.record(z.string(), z.unknown()) }), 'GET', '/openapi.json');
	const docs = await nobody.send('GET', '/docs');
	expect(docs.headers.get('content-type')).toContain('text/html');
	const page = await docs.text();
	const paths = Object.keys(document.paths);
	// What only operators may call is described to them, in docs/operations.md.
	const forAll = paths.filter((path) => !path.startsWith('/v1/operations/'));
	expect(forAll.length).toBeLessThan(paths.length);
	expect(paths.filter((path) => page.includes(path))).toEqual(forAll);
});

test('a day later the photo is gone everywhere, with a receipt that verifies offline; a deleted video gets its own', async () => {
	const practice = await givenPractice(it.edge);
	const render = await givenReadySmile(practice);
	const { receiptId, uploadId } = render.source!;
	const { url } = await practice.call(UploadAnswer, 'GET', `/v1/uploads/${uploadId}`);
	const objectKey = new URL(url!).pathname.slice('/o/'.length);
	const pending = await practice.call(ReceiptAnswer, 'GET', `/v1/receipts/${receiptId}`);
	expect(pending).toMatchObject({ state: 'pending', dueAt: render.sourceDeleteAt, what: 'patient photo' });
	expect(await objectsOf(it.edge)).toContain(objectKey);

	await it.edge.moveClock(25);
	expect((await practice.call(UploadAnswer, 'GET', `/v1/uploads/${uploadId}`)).url).toBeNull();
	await it.edge.runCron();
	const receipt = await waitForReceipt(practice, receiptId);

	expect((await fetch(url!)).status).toBe(403);
	expect(await practice.call(UploadAnswer, 'GET', `/v1/uploads/${uploadId}`)).toMatchObject({
		state: 'deleted',
		url: null,
	});
	expect(await readRender(practice, render.id)).toMatchObject({ state: 'succeeded', source: { state: 'deleted' } });
	expect(await objectsOf(it.edge)).not.toContain(objectKey);
	expect(it.emulators.fal.requests().filter(({ payloadsDeleted }) => !payloadsDeleted)).toEqual([]);
	expect(JSON.parse(receipt.body)).toMatchObject({
		kind: 'source_deleted',
		objectId: uploadId,
		reason: 'window_ended',
		places: [{ state: 'deleted' }, { name: 'fal.ai', state: 'deleted' }],
	});
	const file = { ...receipt, body: JSON.parse(receipt.body) };
	expect(await verifyOffline(practice, file)).toMatchObject({ status: 0 });
	const forged = { ...file, body: { ...file.body, deletedAt: '2020-01-01T00:00:00.000Z' } };
	expect(await verifyOffline(practice, forged)).toMatchObject({ status: 1 });

	const video = render.assets.find(({ kind }) => kind === 'video')!;
	const shown = await practice.call(AssetAnswer, 'GET', `/v1/assets/${video.id}`);
	const deletion = await practice.call(DeletionAnswer, 'DELETE', `/v1/assets/${video.id}`);
	expect(deletion.receiptId).toBe(video.receiptId);
	const own = await waitForReceipt(practice, deletion.receiptId);
	expect(JSON.parse(own.body)).toMatchObject({ kind: 'asset_deleted', objectId: video.id, reason: 'requested' });
	expect(own.seq).toBeGreaterThan(receipt.seq);
	expect((await fetch(shown.url)).status).toBe(404);
	expect(await practice.refusal('GET', `/v1/assets/${video.id}`)).toMatchObject({ status: 410, code: 'gone' });
	expect(await practice.call(DeletionAnswer, 'DELETE', `/v1/assets/${video.id}`)).toEqual(deletion);
	expect(await practice.credits()).toEqual({ available: 36, held: 0 });
});

test('a photo deleted on request has its receipt once its upload address has ended', async () => {
	const practice = await givenPractice(it.edge);
	const uploadId = await givenPhoto(practice);
	const { receiptId } = await practice.call(DeletionAnswer, 'DELETE', `/v1/uploads/${uploadId}`);
	expect(await practice.call(ReceiptAnswer, 'GET', `/v1/receipts/${receiptId}`)).toMatchObject({
		state: 'pending',
		waitingFor: ['Our private store', 'fal.ai', 'the upload address to end'],
	});
	await it.edge.moveClock(0.3);
	const receipt = await waitForReceipt(practice, receiptId);
	expect(JSON.parse(receipt.body)).toMatchObject({ reason: 'requested', places: [{}, { state: 'nothing_held' }] });
	expect(await verifyOffline(practice, { ...receipt, body: JSON.parse(receipt.body) })).toMatchObject({ status: 0 });
	expect(it.emulators.fal.requests().filter(({ payloadsDeleted }) => !payloadsDeleted)).toEqual([]);
});
