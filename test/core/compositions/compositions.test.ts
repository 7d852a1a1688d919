import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { creditEntries } from '../../../schema/credits';
import { rateWindows } from '../../../schema/limits';
import { assets } from '../../../schema/renders';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { readAsset } from '../../../workers/core/assets/read-asset';
import { completeComposition } from '../../../workers/core/compositions/complete-composition';
import { KEPT_COMPOSITIONS_MAX, OPEN_COMPOSITIONS_MAX } from '../../../workers/core/compositions/composition-kinds';
import { createComposition } from '../../../workers/core/compositions/create-composition';
import { sweepCompositions } from '../../../workers/core/compositions/sweep-compositions';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { verifyPut } from '../../../workers/core/media/sign-url';
import { BODY_GRACE_MS, LATE_PUT_MS, PUT_MINUTES } from '../../../workers/core/media/upload-window';
import { listRenders } from '../../../workers/core/renders/list-renders';
import { readRenderView } from '../../../workers/core/renders/read-render';
import { restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { eraseAsset } from '../../../workers/core/retention/erase-asset';
import { readDeletion } from '../../../workers/core/retention/read-deletion';
import { sweep } from '../../../workers/core/retention/sweep';
import { countD1 } from '../../support/counting-d1';
import { crashPoints, crashEverywhere, untilCrash } from '../../support/crash-points';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { interceptD1, isWrite } from '../../support/intercepted-d1';
import { givenRender, renderWorld, rowsOf, storedOutputs } from '../../support/render-world';
import { AUTH_SECRETS, givenShare, opening } from '../shares/given-share';
import {
	assetRow,
	CAME,
	givenKept,
	givenSmile,
	madeByDevice,
	NEVER_CAME,
	putBytes,
	reelOrder,
	STILL,
} from './given-composition';

test('a reel of a smile is announced, sent and kept as an asset of that smile, and costs nothing', async () => {
	const { deps, actor, renderId, after, upload } = await givenSmile();
	const entries = await deps.db.select().from(creditEntries);
	const ticket = await createComposition(deps, reelOrder(actor, renderId, { madeOf: [upload.id, after.id] }));
	const nowMs = deps.now().getTime();
	const claims = await verifyPut(deps.urlSigningKey, ticket.put.url, 'PUT', nowMs);
	const row = await assetRow(deps, ticket.id);
	expect(claims).toEqual({
		method: 'PUT',
		objectKey: row.objectKey,
		contentType: 'video/mp4',
		byteLength: 4_200_000,
		expiresAtMs: nowMs + PUT_MINUTES * 60_000,
	});
	expect(row).toMatchObject({
		renderId,
		stage: ticket.id,
		kind: 'reel',
		assetClass: 'composition',
		madeOf: ['simulation', 'source'],
		state: 'pending',
		attestedBy: null,
		durationMs: null,
	});
	expect(row.objectKey).toMatch(new RegExp(`^out/${actor.accountId}/`));
	await expect(readAsset(deps, { actor, assetId: ticket.id })).rejects.toMatchObject({ code: 'not_found' });

	const kept = await completeComposition({ ...deps, ...CAME }, { actor, compositionId: ticket.id });
	expect(kept).toMatchObject({ id: ticket.id, kind: 'reel', seconds: 6, width: 1080, height: 1920 });
	expect(kept.disclosure).toBe('AI visualisation, not a promise of a result');
	const view = await readRenderView(deps, { actor, renderId });
	expect(view.assets.map(({ kind }) => kind).toSorted()).toEqual(['after', 'reel', 'video']);
	expect(await deps.db.select().from(creditEntries)).toEqual(entries);
	const { render, outcomes } = await rowsOf(deps, renderId);
	expect([render.creditsCharged, outcomes.length]).toEqual([24, 1]);
});

test('what an order made counts among the classes of a reel, whatever the device says', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const classesOf = async (madeOf: string[]) => {
		const { id } = await createComposition(deps, reelOrder(actor, renderId, { madeOf }));
		return (await assetRow(deps, id)).madeOf;
	};
	expect(await classesOf([])).toEqual(['simulation']);
	expect(await classesOf([upload.id])).toEqual(['simulation', 'source']);
	const poster = await givenKept(deps, reelOrder(actor, renderId, { kind: 'poster', ...STILL }));
	expect(await classesOf([poster.id])).toEqual(['simulation']);
	await deps.db.update(assets).set({ madeOf: null }).where(eq(assets.id, poster.id));
	expect(await classesOf([poster.id])).toBeNull();
});

test('a wrong type, too many bytes, inputs of another order and a foreign or unfinished order leave no trace', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const other = await givenSmile();
	const open = await givenRender(deps);
	const before = [await deps.db.select().from(assets), await deps.db.select().from(rateWindows)];
	for (const [order, code] of [
		[{ contentType: 'video/webm' }, 'unsupported_media_type'],
		[{ kind: 'poster' as const }, 'unsupported_media_type'],
		[{ byteLength: deps.studio.limits.uploadBytesMax + 1 }, 'payload_too_large'],
		[{ madeOf: [other.after.id] }, 'not_found'],
		[{ renderId: other.renderId }, 'not_found'],
		[{ renderId: 'rnd_none' }, 'not_found'],
	] as const) {
		await expect(createComposition(deps, reelOrder(actor, renderId, order))).rejects.toMatchObject({ code });
	}
	const ofOpen = createComposition(deps, reelOrder(open.actor, open.renderId));
	await expect(ofOpen).rejects.toMatchObject({ code: 'conflict' });
	expect([await deps.db.select().from(assets), await deps.db.select().from(rateWindows)]).toEqual(before);
});

test('a consent that is over when a reel is announced refuses it, and so does one that ends just before the row', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const consentId = upload.consentId!;
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (isWrite(call)) await deps.db.update(consents).set({ state: 'revoked' }).where(eq(consents.id, consentId));
		return run();
	});
	const racing = createComposition({ ...deps, db: drizzle(d1) }, reelOrder(actor, renderId));
	await expect(racing).rejects.toMatchObject({ code: 'consent_required', details: { state: 'revoked' } });
	const late = createComposition(deps, reelOrder(actor, renderId));
	await expect(late).rejects.toMatchObject({ code: 'consent_required', details: { state: 'revoked' } });
	expect(await madeByDevice(deps, renderId)).toEqual([]);
});

test('a consent that ends between the two moments keeps the reel from being kept, and its bytes go', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	await putBytes(deps, id);
	await deps.db.update(consents).set({ expiresAtMs: deps.now().getTime() }).where(eq(consents.id, upload.consentId!));
	const kept = completeComposition({ ...deps, ...CAME }, { actor, compositionId: id });
	await expect(kept).rejects.toMatchObject({ code: 'consent_required', details: { state: 'expired' } });
	expect((await assetRow(deps, id)).state).toBe('pending');

	const { objectKey } = await assetRow(deps, id);
	expect(await storedOutputs(actor.accountId)).toContain(objectKey);
	deps.clock.advance({ minutes: 16 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await storedOutputs(actor.accountId)).not.toContain(objectKey);
	expect(await madeByDevice(deps, renderId)).toEqual([]);
});

test('a consent that ends while the file is looked for keeps it from being kept', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	const objects = {
		head: async (objectKey: string) => {
			await deps.db.update(consents).set({ state: 'revoked' }).where(eq(consents.id, upload.consentId!));
			return CAME.objects.head(objectKey);
		},
	};
	const kept = completeComposition({ ...deps, objects }, { actor, compositionId: id });
	await expect(kept).rejects.toMatchObject({ code: 'consent_required' });
	expect((await assetRow(deps, id)).state).toBe('pending');
});

test('a patient whose processing is restricted is kept nowhere anew', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	await restrictSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId!, isRestricted: true });
	await expect(createComposition(deps, reelOrder(actor, renderId))).rejects.toMatchObject({
		code: 'processing_restricted',
	});
	const kept = completeComposition({ ...deps, ...CAME }, { actor, compositionId: id });
	await expect(kept).rejects.toMatchObject({ code: 'processing_restricted' });
	expect((await madeByDevice(deps, renderId)).map(({ state }) => state)).toEqual(['pending']);
});

test('completing twice answers the same, and somebody else’s or a stage’s is not found', async () => {
	const { deps, actor, renderId, video } = await givenSmile();
	const stranger = await givenAccount(deps);
	const kept = await givenKept(deps, reelOrder(actor, renderId));
	const again = await completeComposition({ ...deps, ...NEVER_CAME }, { actor, compositionId: kept.id });
	expect(again.id).toBe(kept.id);
	expect(await assetRow(deps, kept.id)).toEqual(kept);
	for (const [who, compositionId] of [
		[stranger, kept.id],
		[actor, video.id],
		[actor, 'ast_none'],
	] as const) {
		const refused = completeComposition({ ...deps, ...CAME }, { actor: who, compositionId });
		await expect(refused).rejects.toMatchObject({ code: 'not_found' });
	}
});

test('two completions at once both answer, and one row is kept', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	const both = await Promise.all(
		[1, 2].map(() => completeComposition({ ...deps, ...CAME }, { actor, compositionId: id })),
	);
	expect(both.map((asset) => asset.id)).toEqual([id, id]);
	expect((await madeByDevice(deps, renderId)).map(({ state }) => state)).toEqual(['ready']);
});

test('what never came is incomplete, then over, and leaves nothing', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	const complete = () => completeComposition({ ...deps, ...NEVER_CAME }, { actor, compositionId: id });
	await expect(complete()).rejects.toMatchObject({ code: 'upload_incomplete' });
	const endsAtMs = deps.now().getTime() + PUT_MINUTES * 60_000;

	deps.clock.set(new Date(endsAtMs + BODY_GRACE_MS));
	const late = completeComposition({ ...deps, ...CAME }, { actor, compositionId: id });
	await expect(late).rejects.toMatchObject({ code: 'gone' });
	deps.clock.set(new Date(endsAtMs + LATE_PUT_MS - 1));
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await madeByDevice(deps, renderId)).toHaveLength(1);
	deps.clock.set(new Date(endsAtMs + LATE_PUT_MS));
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await madeByDevice(deps, renderId)).toEqual([]);
	await expect(complete()).rejects.toMatchObject({ code: 'not_found' });
});

test('a sweep that breaks off anywhere leaves neither bytes nor a row once it runs again', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const kept = await givenKept(deps, reelOrder(actor, renderId));
	const stays = await storedOutputs(actor.accountId);
	const counted = crashPoints(null);
	const run = async (points: ReturnType<typeof crashPoints>) => {
		const { id } = await createComposition(deps, reelOrder(actor, renderId));
		await putBytes(deps, id);
		deps.clock.advance({ minutes: 16 });
		const dueMs = deps.now().getTime();
		const broken = { db: drizzle(points.d1(deps.d1)), blobs: points.gateway('blobs', deps.blobs) };
		await untilCrash(points, () => sweepCompositions(broken, { dueMs }));
		// Whatever broke off: where bytes are left, a row names them.
		const named = new Set((await rowsOf(deps, renderId)).assets.map(({ objectKey }) => objectKey));
		expect((await storedOutputs(actor.accountId)).filter((objectKey) => !named.has(objectKey))).toEqual([]);
		await sweepCompositions(deps, { dueMs });
		expect((await madeByDevice(deps, renderId)).map((row) => row.id)).toEqual([kept.id]);
		expect(await storedOutputs(actor.accountId)).toEqual(stays);
		return points;
	};
	await run(counted);
	expect(counted.calls).toEqual(['d1', 'blobs.delete', 'd1']);
	await crashEverywhere(counted.calls.length, (crash) => run(crashPoints(crash)));
});

test('announcing that breaks off leaves a row that the sweep takes, or nothing', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const counted = crashPoints(null);
	await createComposition({ ...deps, db: drizzle(counted.d1(deps.d1)) }, reelOrder(actor, renderId));
	await crashEverywhere(counted.calls.length, async (crash) => {
		const points = crashPoints(crash);
		const broken = { ...deps, db: drizzle(points.d1(deps.d1)) };
		await untilCrash(points, () => createComposition(broken, reelOrder(actor, renderId)));
		deps.clock.advance({ minutes: 16 });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
		expect(await madeByDevice(deps, renderId)).toEqual([]);
		return points;
	});
});

test('more than may wait, and more than may be kept with one smile, are refused; what is deleted makes room', async () => {
	const { deps, actor, renderId } = await givenSmile();
	for (let n = 0; n < OPEN_COMPOSITIONS_MAX; n += 1) await createComposition(deps, reelOrder(actor, renderId));
	const oneMore = createComposition(deps, reelOrder(actor, renderId));
	await expect(oneMore).rejects.toMatchObject({
		code: 'too_many_requests',
		details: { openMax: OPEN_COMPOSITIONS_MAX },
	});

	const pending = await madeByDevice(deps, renderId);
	await deps.db.update(assets).set({ state: 'ready' }).where(eq(assets.state, 'pending'));
	const full = Array.from({ length: KEPT_COMPOSITIONS_MAX - pending.length }, () => ({
		...pending[0]!,
		id: deps.newId('asset'),
		stage: crypto.randomUUID(),
		objectKey: crypto.randomUUID(),
		state: 'ready' as const,
	}));
	for (const row of full) await deps.db.insert(assets).values(row);
	const tooMany = createComposition(deps, reelOrder(actor, renderId));
	await expect(tooMany).rejects.toMatchObject({
		code: 'too_many_requests',
		details: { openMax: KEPT_COMPOSITIONS_MAX },
	});
	await deleteAsset(deps, { actor, assetId: pending[0]!.id });
	expect((await createComposition(deps, reelOrder(actor, renderId))).state).toBe('pending');
});

test('a deleted reel is gone at once, waits for its address to end, and names no processor in its receipt', async () => {
	const { deps, actor, renderId } = await givenSmile();
	const kept = await givenKept(deps, reelOrder(actor, renderId));
	const { receiptId } = await deleteAsset(deps, { actor, assetId: kept.id });
	expect(await eraseAsset(deps, { assetId: kept.id })).toBe('waiting');
	expect(await storedOutputs(actor.accountId)).not.toContain(kept.objectKey);
	expect(await readDeletion(deps, { actor, receiptId })).toMatchObject({
		state: 'pending',
		waitingFor: ['Our private store', 'the upload address to end'],
	});

	// Its address still takes a file, which nothing shows.
	await putBytes(deps, kept.id);
	deps.clock.advance({ minutes: 15 });
	expect(await eraseAsset(deps, { assetId: kept.id })).toBe('deleted');
	expect(await storedOutputs(actor.accountId)).not.toContain(kept.objectKey);
	const deletion = await readDeletion(deps, { actor, receiptId });
	expect(deletion.state === 'issued' ? deletion.receipt.body : null).toMatchObject({
		deleted: [{ what: 'reel', count: 1 }],
		places: [{ name: 'Our private store', state: 'deleted' }],
		reason: 'requested',
	});
});

test('a smile with reels and posters is one row of the list, and the list stays one statement', async () => {
	const { deps, actor, renderId, after } = await givenSmile();
	await givenKept(deps, reelOrder(actor, renderId));
	for (let n = 0; n < 2; n += 1) await givenKept(deps, reelOrder(actor, renderId, { kind: 'poster', ...STILL }));
	await givenKept(deps, reelOrder(actor, renderId, { kind: 'still_pair', ...STILL }));
	const { db, count } = countD1(deps.d1);
	const { items } = await listRenders({ ...deps, db: drizzle(db) }, { actor, cursor: undefined, limit: 20 });
	expect(count).toMatchObject({ statements: 1, batches: 0 });
	expect(items.map(({ id }) => id)).toEqual([renderId]);
	expect(items[0]!.pictureUrl).toContain(after.objectKey);
});

test('revoking the consent of a smile leaves no reel of it that could be kept', async () => {
	const { deps, actor, renderId, upload } = await givenSmile();
	const { id } = await createComposition(deps, reelOrder(actor, renderId));
	await putBytes(deps, id);
	await revokeConsent(deps, { actor, consentId: upload.consentId! });
	const kept = completeComposition({ ...deps, ...CAME }, { actor, compositionId: id });
	await expect(kept).rejects.toMatchObject({ code: expect.stringMatching(/^(consent_required|gone)$/) });
	deps.clock.advance({ minutes: 16 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect((await madeByDevice(deps, renderId)).filter(({ state }) => state === 'ready')).toEqual([]);
});

test('a world without a finished order has nothing to sweep', async () => {
	const deps = await renderWorld();
	const { db, count } = countD1(deps.d1);
	expect(await sweepCompositions({ db: drizzle(db), blobs: deps.blobs }, { dueMs: 0 })).toBe(0);
	expect(count.statements).toBe(1);
});

test('a reel has a link of its own, and a link to its smile that was made before does not show it', async () => {
	const { deps, actor, renderId, video } = await givenSmile();
	const world = { ...deps, authSecrets: AUTH_SECRETS };
	const whole = await givenShare({ deps: world, actor, video }, { showsSmile: true });
	const reel = await givenKept(deps, reelOrder(actor, renderId));
	const alone = await givenShare({ deps: world, actor, video }, { assetId: reel.id });
	const kindsBehind = async (token: string) => {
		const opened = await opening(world, token);
		return opened.state === 'open' ? opened.items.map(({ kind, label }) => [kind, label]) : opened.state;
	};
	const label = 'AI visualisation, not a promise of a result';
	expect(await kindsBehind(whole.token)).toEqual([
		['video', label],
		['after', label],
	]);
	expect(await kindsBehind(alone.token)).toEqual([['reel', label]]);
});
