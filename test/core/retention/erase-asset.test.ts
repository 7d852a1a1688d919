import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { assets, renders } from '../../../schema/renders';
import type { Actor } from '../../../workers/core/actor';
import { newObjectKey } from '../../../workers/core/media/object-keys';
import { eraseAsset } from '../../../workers/core/retention/erase-asset';
import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import {
	givenEndedRender,
	givenPhoto,
	hasBytes,
	putBytes,
	receiptsOf,
	retentionWorld,
	type RetentionWorld,
} from './retention-world';

/** An asset that its owner deleted, of a render that fal has forgotten or not. */
async function givenMarkedAsset(deps: RetentionWorld, actor: Actor, { isForgotten }: { isForgotten: boolean }) {
	const photo = await givenPhoto(deps, actor);
	const renderId = await givenEndedRender(deps, actor, photo.id);
	const forgottenAtMs = isForgotten ? deps.now().getTime() : null;
	await deps.db.update(renders).set({ state: 'succeeded', forgottenAtMs }).where(eq(renders.id, renderId));
	const [asset] = await deps.db
		.insert(assets)
		.values({
			id: deps.newId('asset'),
			accountId: actor.accountId,
			renderId,
			stage: 'motion',
			kind: 'video',
			assetClass: 'simulation',
			state: 'deleting',
			objectKey: newObjectKey('out', actor.accountId),
			contentType: 'video/mp4',
			byteLength: 3,
			createdAtMs: deps.now().getTime(),
			receiptId: deps.newId('receipt'),
		})
		.returning();
	if (asset === undefined) throw new Error('the asset was not stored');
	await putBytes(asset.objectKey);
	return asset;
}

async function stateOf(deps: RetentionWorld, assetId: string) {
	const [row] = await deps.db.select({ state: assets.state }).from(assets).where(eq(assets.id, assetId));
	return row?.state;
}

test('a deleted video is gone and signed for once, however often it is asked', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const asset = await givenMarkedAsset(deps, actor, { isForgotten: true });

	expect(await eraseAsset(deps, { assetId: asset.id })).toBe('deleted');
	expect(await eraseAsset(deps, { assetId: asset.id })).toBe('nothing_to_do');

	expect(await hasBytes(asset.objectKey)).toBe(false);
	expect(await receiptsOf(deps, actor)).toMatchObject([{ id: asset.receiptId }]);
});

test('while fal has not forgotten, the bytes are gone and the receipt is withheld', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const asset = await givenMarkedAsset(deps, actor, { isForgotten: false });

	expect(await eraseAsset(deps, { assetId: asset.id })).toBe('waiting');

	expect(await hasBytes(asset.objectKey)).toBe(false);
	expect(await stateOf(deps, asset.id)).toBe('deleting');
	expect(await receiptsOf(deps, actor)).toEqual([]);
});

test('assets that will not go do not stand before the others', async () => {
	const stuck = new Set<string>();
	const deps = await retentionWorld({
		blobs: (real) => ({
			...real,
			delete: (keys) =>
				keys.some((key) => stuck.has(key)) ? Promise.reject(new Error('R2 says no')) : real.delete(keys),
		}),
	});
	const actor = await givenAccount(deps);
	for (let index = 0; index < 21; index += 1) {
		stuck.add((await givenMarkedAsset(deps, actor, { isForgotten: true })).objectKey);
	}
	const free = await givenMarkedAsset(deps, actor, { isForgotten: true });

	for (let minute = 0; minute < 2; minute += 1) {
		deps.clock.advance({ minutes: 1 });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	}

	expect(takeConsoleErrors().length).toBeGreaterThan(0);
	expect(await stateOf(deps, free.id)).toBe('deleted');
});
