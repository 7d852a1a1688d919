import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { assets, attempts } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { STUDIOS } from '../../../studios/all';
import { KEEPING_HEADERS } from '../../../workers/core/gateways/fal-keeping';
import { LOST_JOB_MS } from '../../../workers/core/renders/fal-trace';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { forgetRender } from '../../../workers/core/renders/forget-render';
import { keepingOf } from '../../../workers/core/renders/keeping-summary';
import { readRender, readRenderView } from '../../../workers/core/renders/read-render';
import { ReceiptBody } from '../../../workers/core/receipts/receipt-facts';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { readReceipt } from '../../../workers/core/receipts/read-receipt';
import { verifyReceipt } from '../../../workers/core/receipts/verify-receipt';
import { eraseAsset } from '../../../workers/core/retention/erase-asset';
import { eraseSources } from '../../../workers/core/retention/erase-sources';
import { startRender } from '../../../workers/core/renders/start-render';
import { CONNECTION_LOST, faultyD1 } from '../../support/faulty-d1';
import { failure } from '../../support/fake-fal';
import { givenAccount } from '../../support/given';
import { givenReceipt } from '../../support/given-receipt';
import { isWrite } from '../../support/intercepted-d1';
import { testReceiptKey } from '../../support/receipt-key';
import {
	deliver,
	finishStage,
	givenRender,
	notify,
	type RenderWorld,
	renderWorld,
	rowsOf,
} from '../../support/render-world';
import { samplePng } from '../../support/sample-outputs';

const SENT = { inputUrlSeconds: 900, headers: KEEPING_HEADERS };
const NOT_YET = { copiedAtMs: null, deletedAtMs: null, seenGone: [], verifiedAtMs: null };

async function hygieneOf(deps: RenderWorld, renderId: string) {
	return (await rowsOf(deps, renderId)).attempts.map(({ hygiene }) => hygiene);
}

test('each moment is noted when it happens: sent, copied, deleted there and asked again', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await advanceRender(deps, { renderId });
	expect(await hygieneOf(deps, renderId)).toEqual([{ ...SENT, ...NOT_YET }]);

	deps.clock.advance({ minutes: 1 });
	const copiedAtMs = deps.now().getTime();
	await finishStage(deps);
	expect(await hygieneOf(deps, renderId)).toEqual([
		{ ...SENT, ...NOT_YET, copiedAtMs },
		{ ...SENT, ...NOT_YET },
	]);

	deps.clock.advance({ minutes: 1 });
	await finishStage(deps);
	const endMs = deps.now().getTime();
	const forgotten = { deletedAtMs: endMs, seenGone: [404], verifiedAtMs: endMs };
	expect(await hygieneOf(deps, renderId)).toEqual([
		{ ...SENT, copiedAtMs, ...forgotten },
		{ ...SENT, copiedAtMs: endMs, ...forgotten },
	]);
	const at = new Date(endMs).toISOString();
	const shown = await readRender(deps, { actor, renderId });
	expect(shown.processors).toEqual([
		{
			name: 'fal.ai',
			requests: 2,
			inputUrlSecondsMax: 900,
			storageOff: 2,
			copied: 2,
			payloadsDeleted: 2,
			deletedAt: at,
			addressesSeen: [{ status: 404, count: 2 }],
			verifiedAt: at,
		},
	]);
	expect((await readRenderView(deps, { actor, renderId })).render).toEqual(shown);
});

test('nothing that is noted holds an address, an id or a word of the order', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const { attempts: tries, assets: made } = await rowsOf(deps, renderId);
	const text = JSON.stringify(tries.map(({ hygiene }) => hygiene));
	expect(text).not.toMatch(/https?:|:\/\/|fal\.media|media\.test/);
	for (const { id, input } of deps.fal.requests) {
		expect(text).not.toContain(id);
		expect(text).not.toContain(String(input['prompt']));
	}
	for (const { objectKey } of made) expect(text).not.toContain(objectKey);
	expect(text).not.toContain(renderId);
});

test('the life of an input that is noted ends with the photo', async () => {
	const deps = await renderWorld();
	const { upload, renderId } = await givenRender(deps);
	const deleteAtMs = deps.now().getTime() + 5 * 60_000;
	await deps.db.update(uploads).set({ deleteAtMs }).where(eq(uploads.id, upload.id));
	await advanceRender(deps, { renderId });
	expect(await hygieneOf(deps, renderId)).toMatchObject([{ inputUrlSeconds: 300 }]);
});

test('a refused submission is noted as sent, and its second try by itself', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	deps.fal.fates = [failure('status_429', true)];
	await deliver(deps);
	expect((await rowsOf(deps, renderId)).attempts).toMatchObject([
		{ state: 'failed', hygiene: { ...SENT, ...NOT_YET } },
		{ state: 'submitted', hygiene: { ...SENT, ...NOT_YET } },
	]);
});

test('a crash before the submission was noted leaves it unknown, and what came after is noted all the same', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	let writes = 0;
	// The first one is the intent.
	const { db } = faultyD1(env.DB, (call) => (isWrite(call) && ++writes === 2 ? 'before' : null));
	await expect(advanceRender({ ...deps, db: drizzle(db) }, { renderId })).rejects.toMatchObject({
		cause: { message: CONNECTION_LOST },
	});
	expect(await hygieneOf(deps, renderId)).toEqual([null]);

	const request = deps.fal.last();
	deps.fal.finish(request);
	await notify(deps, request);
	await deliver(deps);
	const [first] = await hygieneOf(deps, renderId);
	expect(first).toEqual({ ...NOT_YET, inputUrlSeconds: null, headers: {}, copiedAtMs: deps.now().getTime() });
	await finishStage(deps);
	const { attempts: tries } = await rowsOf(deps, renderId);
	expect(keepingOf(tries)).toMatchObject([{ requests: 2, storageOff: 1, copied: 2, payloadsDeleted: 2 }]);
});

test('a notice that is faster than the submission’s answer does not wipe out what was noted', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	deps.fal.duringSubmit = async (request) => {
		deps.fal.duringSubmit = () => Promise.resolve();
		deps.fal.finish(request);
		await notify(deps, request);
		await deliver(deps);
	};
	await deliver(deps);
	const [first] = await hygieneOf(deps, renderId);
	expect(first).toMatchObject({ ...SENT, copiedAtMs: deps.now().getTime() });
});

test('a render that ended while it was submitted is noted as sent and forgotten, never as copied', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	deps.fal.duringSubmit = async () => {
		await cancelRender(deps, { actor, renderId });
	};
	await deliver(deps);
	const nowMs = deps.now().getTime();
	expect(await hygieneOf(deps, renderId)).toEqual([
		{ ...SENT, copiedAtMs: null, deletedAtMs: nowMs, seenGone: [], verifiedAtMs: nowMs },
	]);
});

test('a file that can still be read withholds the mark until its life is over, though fal tells its address no more', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await advanceRender(deps, { renderId });
	await cancelRender(deps, { actor, renderId });
	deps.sent.length = 0;
	const honest = deps.fal;
	deps.fal = { ...honest, forget: () => Promise.resolve({ kind: 'left', seen: [200] }) };
	await expect(forgetRender(deps, { renderId })).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect(await hygieneOf(deps, renderId)).toMatchObject([{ seenGone: [200], deletedAtMs: null, verifiedAtMs: null }]);

	deps.fal = honest;
	await expect(forgetRender(deps, { renderId })).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect((await rowsOf(deps, renderId)).attempts).toMatchObject([{ forgottenAtMs: null }]);
	deps.clock.advance({ minutes: LOST_JOB_MS / 60_000 });
	expect(await forgetRender(deps, { renderId })).toBe('forgotten');
	expect(await hygieneOf(deps, renderId)).toMatchObject([{ verifiedAtMs: deps.now().getTime() }]);
});

test('a crash after fal deleted and before that was written leaves it open, and the next look says what it saw itself', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const request = deps.fal.last();
	deps.fal.finish(request);
	await notify(deps, request);
	const honest = deps.fal;
	const forget = async (job: { endpoint: string; requestId: string }) => {
		await honest.forget(job);
		throw new Error('the Worker was stopped');
	};
	deps.fal = { ...honest, forget };
	await expect(deliver(deps)).rejects.toThrow('the Worker was stopped');
	const [first] = await hygieneOf(deps, renderId);
	expect(first).toMatchObject({ deletedAtMs: null, seenGone: [], verifiedAtMs: null });

	deps.fal = honest;
	await forgetRender(deps, { renderId });
	const nowMs = deps.now().getTime();
	expect(await hygieneOf(deps, renderId)).toMatchObject([
		{ deletedAtMs: nowMs, seenGone: [], verifiedAtMs: nowMs },
		{ deletedAtMs: nowMs, seenGone: [404], verifiedAtMs: nowMs },
	]);
});

test('of a picture that OpenAI made it is noted when it was copied, and nothing that nobody asked for', async () => {
	const pictures = { generate: () => Promise.resolve({ kind: 'done' as const, bytes: samplePng() }) };
	const deps = await renderWorld({ studio: STUDIOS.image, pictures });
	const actor = await givenAccount(deps);
	const order = { actor, network: null, key: 'k1', tool: 'image.generate', input: { prompt: 'a paper boat' } };
	const { id } = await startRender(deps, order);
	await deliver(deps);
	const nowMs = deps.now().getTime();
	expect(await hygieneOf(deps, id)).toEqual([{ ...NOT_YET, inputUrlSeconds: null, headers: {}, copiedAtMs: nowMs }]);
});

test('the receipts of a photo and of a video say what fal was asked and what was seen there, and can be checked', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const at = deps.now().toISOString();
	const [asset] = (await rowsOf(deps, renderId)).assets;
	deps.clock.advance({ hours: 25 });
	await deps.db.update(assets).set({ state: 'deleting' }).where(eq(assets.id, asset!.id));
	await deps.db.update(uploads).set({ state: 'deleting' }).where(eq(uploads.id, upload.id));
	expect(await eraseAsset(deps, { assetId: asset!.id })).toBe('deleted');
	expect((await eraseSources(deps, { uploadIds: [upload.id] })).deleted).toEqual([upload.id]);

	const keys = publicKeySet(await testReceiptKey());
	for (const receiptId of [asset!.receiptId, upload.receiptId]) {
		const found = await readReceipt(deps, { receiptId, accountId: actor.accountId });
		expect(found?.receipt.body.processors).toEqual([
			{
				name: 'fal.ai',
				requests: 2,
				inputUrlSecondsMax: 900,
				storageOff: 2,
				copied: 2,
				payloadsDeleted: 2,
				deletedAt: at,
				addressesSeen: [{ status: 404, count: 2 }],
				verifiedAt: at,
			},
		]);
		expect(await verifyReceipt(found?.receipt, keys)).toMatchObject({ isValid: true });
	}
});

test('a receipt from before this was counted is read as it was signed, and one without a processor says nothing of them', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const older = await givenReceipt(deps, accountId);
	expect(older.body).not.toHaveProperty('processors');
	const read = await readReceipt(deps, { receiptId: older.body.receiptId, accountId });
	expect(read?.receipt).toEqual(older);
	expect(ReceiptBody.safeParse({ ...older.body, processors: [] }).success).toBe(false);
});

test('what was noted before the column was there stays unknown and is counted as such', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await deps.db.update(attempts).set({ hygiene: null }).where(eq(attempts.renderId, renderId));
	expect((await readRender(deps, { actor, renderId })).processors).toMatchObject([
		{ requests: 1, inputUrlSecondsMax: null, storageOff: 0, payloadsDeleted: 0, addressesSeen: [], verifiedAt: null },
	]);
});

test('a row whose note cannot be read is as one without a note, and is forgotten all the same', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await advanceRender(deps, { renderId });
	await env.DB.prepare(`UPDATE attempts SET hygiene = '{"headers":7}' WHERE render_id = ?`).bind(renderId).run();
	expect((await readRender(deps, { actor, renderId })).processors).toMatchObject([{ requests: 1, storageOff: 0 }]);
	await cancelRender(deps, { actor, renderId });
	await deliver(deps);
	expect((await rowsOf(deps, renderId)).attempts).toMatchObject([{ forgottenAtMs: deps.now().getTime() }]);
});
