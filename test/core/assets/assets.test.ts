import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import type { Actor } from '../../../workers/core/actor';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { readAsset } from '../../../workers/core/assets/read-asset';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { readRenderView } from '../../../workers/core/renders/read-render';
import { givenAccount } from '../../support/given';
import {
	deliver,
	finishStage,
	givenRender,
	renderWorld,
	type RenderWorld,
	rowsOf,
	storedOutputs,
} from '../../support/render-world';

async function givenAssets() {
	const deps = await renderWorld();
	const given = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const pending = (await rowsOf(deps, given.renderId)).assets[0]!;
	await finishStage(deps);
	const [after, video] = (await rowsOf(deps, given.renderId)).assets;
	return { deps, ...given, pending, after: after!, video: video! };
}

test('one’s own asset comes with a view and a download of five minutes, and says what it is of nobody', async () => {
	const { deps, actor, video } = await givenAssets();
	const asset = await readAsset(deps, { actor, assetId: video.id });
	const nowMs = deps.now().getTime();
	expect(asset).toMatchObject({
		id: video.id,
		kind: 'video',
		assetClass: 'simulation',
		contentType: 'video/mp4',
		width: 64,
		height: 96,
		seconds: 5,
		disclosure: 'AI visualisation, not a promise of a result',
		urlExpiresAt: new Date(nowMs + 5 * 60_000).toISOString(),
	});
	const view = await verifyGet(deps.urlSigningKey, asset.url, 'GET', nowMs);
	const download = await verifyGet(deps.urlSigningKey, asset.downloadUrl ?? '', 'GET', nowMs);
	expect([view.purpose, download.purpose]).toEqual(['view', 'download']);
	expect(download.fileName).toBe(`video-${video.id.slice(-6)}.mp4`);
	expect(JSON.stringify(asset)).not.toContain('Mara');
});

test('an unfinished, foreign or unknown asset is not found', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const [pending] = (await rowsOf(deps, renderId)).assets;
	const { deps: others, after } = await givenAssets();
	for (const assetId of [pending!.id, after.id, 'ast_none']) {
		await expect(readAsset(others, { actor, assetId })).rejects.toMatchObject({ code: 'not_found' });
		await expect(deleteAsset(others, { actor, assetId })).rejects.toMatchObject({ code: 'not_found' });
	}
	expect((await rowsOf(deps, renderId)).assets).toEqual([pending]);
	expect(others.sent).toEqual([]);
});

test('a deleted asset is unreachable at once, its bytes go, and repeating answers the same receipt', async () => {
	const { deps, actor, renderId, after, video } = await givenAssets();
	const { receiptId } = await deleteAsset(deps, { actor, assetId: video.id });
	expect(receiptId).toBe(video.receiptId);
	await expect(readAsset(deps, { actor, assetId: video.id })).rejects.toMatchObject({ code: 'gone' });
	expect(await storedOutputs(actor.accountId)).toHaveLength(2);

	await deliver(deps);
	expect(await storedOutputs(actor.accountId)).toEqual([after.objectKey]);
	expect(await deleteAsset(deps, { actor, assetId: video.id })).toEqual({ receiptId });
	expect(deps.sent).toEqual([]);
	const { assets, render } = await rowsOf(deps, renderId);
	expect(assets.map(({ kind, state }) => [kind, state])).toEqual([
		['after', 'ready'],
		['video', 'deleted'],
	]);
	expect(render).toMatchObject({ state: 'succeeded', creditsCharged: 24 });
});

test('somebody else’s asset stays', async () => {
	const { deps, renderId, video } = await givenAssets();
	const stranger = await givenAccount(deps);
	await expect(deleteAsset(deps, { actor: stranger, assetId: video.id })).rejects.toMatchObject({ code: 'not_found' });
	expect((await rowsOf(deps, renderId)).assets.map(({ state }) => state)).toEqual(['ready', 'ready']);
});

test('bytes that come back under a deleted asset are gone with the next look', async () => {
	const { deps, actor, renderId, video } = await givenAssets();
	await deleteAsset(deps, { actor, assetId: video.id });
	await deliver(deps);
	const facts = { contentType: 'video/mp4', width: 64, height: 96 };
	await deps.blobs.put(video.objectKey, new Uint8Array([1]), facts);
	deps.sent.push({ message: { type: 'render.advance', renderId }, delaySeconds: 0 });
	await deliver(deps);
	expect(await storedOutputs(actor.accountId)).not.toContain(video.objectKey);
});

async function allowedPlaces(deps: RenderWorld, actor: Actor, given: { assetId: string; renderId: string }) {
	const asset = await readAsset(deps, { actor, assetId: given.assetId });
	const view = await readRenderView(deps, { actor, renderId: given.renderId });
	const allowed = [asset, ...view.assets].map(({ publish }) => publish.filter(({ isAllowed }) => isAllowed).length);
	return [...new Set(allowed)];
}

test('once the patient has revoked, the asset is gone at once, and its render’s page shows nothing', async () => {
	const { deps, actor, renderId, upload, video } = await givenAssets();
	expect(await allowedPlaces(deps, actor, { assetId: video.id, renderId })).toEqual([3]);
	await revokeConsent(deps, { actor, consentId: upload.consentId! });
	await expect(readAsset(deps, { actor, assetId: video.id })).rejects.toMatchObject({ code: 'gone' });
	expect((await readRenderView(deps, { actor, renderId })).assets).toEqual([]);
});

test('once the consent has ended, neither does, before any sweep has written so', async () => {
	const { deps, actor, renderId, upload, video } = await givenAssets();
	const expiresAtMs = deps.now().getTime() + 1000;
	await deps.db.update(consents).set({ expiresAtMs }).where(eq(consents.id, upload.consentId!));
	expect(await allowedPlaces(deps, actor, { assetId: video.id, renderId })).toEqual([3]);
	deps.clock.advance({ seconds: 1 });
	expect(await allowedPlaces(deps, actor, { assetId: video.id, renderId })).toEqual([0]);
	// It is looked at still, by whoever decides what becomes of it; no copy leaves.
	const asset = await readAsset(deps, { actor, assetId: video.id });
	expect([typeof asset.url, asset.downloadUrl]).toEqual(['string', null]);
	const [row] = await deps.db.select().from(consents).where(eq(consents.id, upload.consentId!));
	expect(row?.state).toBe('active');
});
