import { and, eq } from 'drizzle-orm';

import { assets, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { issueReceipt } from '../receipts/issue-receipt';
import { STORE_NAME } from './places';

const WHAT = { after: 'after picture', video: 'video', picture: 'picture' } as const;

/**
 * Deletes a marked asset's bytes, reads their place again, and only then signs the receipt and closes the row, in one
 * batch. Never row first: a crash in between leaves a mark that is done again.
 */
export async function eraseAsset(deps: JobDeps, { assetId }: { assetId: string }): Promise<void> {
	const { db, blobs } = deps;
	const [found] = await db
		.select({ asset: assets, renderState: renders.state })
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(and(eq(assets.id, assetId), eq(assets.state, 'deleting')));
	if (found === undefined) return;
	const { asset, renderState } = found;

	await blobs.delete([asset.objectKey]);
	if (await blobs.has(asset.objectKey)) {
		throw new AppError('upstream_unavailable', 'The store still holds this after deleting it.');
	}
	const deletedAtMs = deps.now().getTime();
	const deletedAt = new Date(deletedAtMs).toISOString();
	await issueReceipt(deps, {
		receiptId: asset.receiptId,
		accountId: asset.accountId,
		facts: {
			kind: 'asset_deleted',
			objectId: asset.id,
			deleted: [{ what: WHAT[asset.kind], count: 1 }],
			places: [{ name: STORE_NAME, state: 'deleted', checkedAt: deletedAt }],
			kept: [],
			reason: renderState === 'succeeded' ? 'requested' : 'render_ended',
			dueAt: null,
			deletedAt,
		},
		alongside: [
			db
				.update(assets)
				.set({ state: 'deleted', deletedAtMs })
				.where(and(eq(assets.id, asset.id), eq(assets.state, 'deleting'))),
		],
	});
}
