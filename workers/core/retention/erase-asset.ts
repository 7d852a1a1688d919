import { and, eq } from 'drizzle-orm';

import { assets, attempts, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { AppError } from '../errors';
import { issueReceipt } from '../receipts/issue-receipt';
import { falPlace, storePlace } from './places';

const WHAT = { after: 'after picture', video: 'video', picture: 'picture' } as const;

/**
 * Deletes a marked asset's bytes, reads their place again, and only then signs the receipt and closes the row, in one
 * batch. Never row first: a crash in between leaves a mark that is done again. While the processor that made it has not
 * forgotten its copy the receipt is withheld (`waiting`), and the sweep comes again.
 */
export async function eraseAsset(
	deps: JobDeps,
	{ assetId }: { assetId: string },
): Promise<'deleted' | 'waiting' | 'nothing_to_do'> {
	const { db, blobs } = deps;
	const [found] = await db
		.select({ asset: assets, renderState: renders.state, forgottenAtMs: renders.forgottenAtMs })
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(and(eq(assets.id, assetId), eq(assets.state, 'deleting'), isNotHeld(assets.accountId, renders.subjectId)));
	if (found === undefined) return 'nothing_to_do';
	const { asset } = found;

	await blobs.delete([asset.objectKey]);
	if (await blobs.has(asset.objectKey)) {
		throw new AppError('upstream_unavailable', 'The store still holds this after deleting it.');
	}
	const deletedAtMs = deps.now().getTime();
	const isMarked = and(eq(assets.id, asset.id), eq(assets.state, 'deleting'));
	if (found.forgottenAtMs === null) return 'waiting';
	const made = await db.select().from(attempts).where(eq(attempts.renderId, asset.renderId));
	const deletedAt = new Date(deletedAtMs).toISOString();
	await issueReceipt(deps, {
		receiptId: asset.receiptId,
		accountId: asset.accountId,
		facts: {
			kind: 'asset_deleted',
			objectId: asset.id,
			deleted: [{ what: WHAT[asset.kind], count: 1 }],
			places: [
				storePlace(deletedAt),
				...(made.some(({ processor }) => processor === 'fal')
					? [falPlace(made, new Date(found.forgottenAtMs).toISOString())]
					: []),
			],
			kept: [],
			reason: found.renderState === 'succeeded' ? 'requested' : 'render_ended',
			dueAt: null,
			deletedAt,
		},
		alongside: [db.update(assets).set({ state: 'deleted', deletedAtMs }).where(isMarked)],
	});
	return 'deleted';
}
