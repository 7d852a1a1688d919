import { and, eq } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, attempts, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { AppError } from '../errors';
import { LATE_PUT_MS } from '../media/upload-window';
import { issueReceipt } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { falPlace, keepingFacts, storePlace } from './places';

/** What a receipt calls each. */
export const ASSET_WORDS = {
	after: 'after picture',
	video: 'video',
	picture: 'picture',
	reel: 'reel',
	still: 'poster',
	pair: 'pair of pictures',
} as const;

/**
 * Deletes a marked asset's bytes, reads their place again, and only then signs the receipt and closes the row, in one
 * batch. Never row first: a crash in between leaves a mark that is done again. While the processor that made it has not
 * forgotten its copy, or something may still come to its place, the receipt is withheld (`waiting`), and the sweep comes again.
 */
export async function eraseAsset(
	deps: JobDeps,
	{ assetId }: { assetId: string },
): Promise<'deleted' | 'waiting' | 'nothing_to_do'> {
	const { db, blobs } = deps;
	const [found] = await db
		.select({
			asset: assets,
			renderState: renders.state,
			forgottenAtMs: renders.forgottenAtMs,
			consentState: consents.state,
		})
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(assets.id, assetId), eq(assets.state, 'deleting'), isNotHeld(assets.accountId, renders.subjectId)));
	if (found === undefined) return 'nothing_to_do';
	const { asset } = found;

	await blobs.delete([asset.objectKey]);
	if (await blobs.has(asset.objectKey)) {
		throw new AppError('upstream_unavailable', 'The store still holds this after deleting it.');
	}
	const deletedAtMs = deps.now().getTime();
	const isMarked = and(eq(assets.id, asset.id), eq(assets.state, 'deleting'));
	// What came from a device may come there again while its address is open.
	if (asset.putExpiresAtMs !== null && deletedAtMs < asset.putExpiresAtMs + LATE_PUT_MS) return 'waiting';
	if (found.forgottenAtMs === null) return 'waiting';
	// No processor ever saw what a device made.
	const made =
		asset.putExpiresAtMs === null ? await db.select().from(attempts).where(eq(attempts.renderId, asset.renderId)) : [];
	const deletedAt = new Date(deletedAtMs).toISOString();
	await issueReceipt(deps, {
		receiptId: asset.receiptId,
		accountId: asset.accountId,
		facts: {
			kind: 'asset_deleted',
			objectId: asset.id,
			deleted: [{ what: ASSET_WORDS[asset.kind], count: 1 }],
			places: [
				storePlace(deletedAt),
				...(made.some(({ processor }) => processor === 'fal')
					? [falPlace(made, new Date(found.forgottenAtMs).toISOString())]
					: []),
			],
			kept: [],
			...keepingFacts(made),
			reason: reasonOf(found),
			dueAt: null,
			deletedAt,
		},
		alongside: [db.update(assets).set({ state: 'deleted', deletedAtMs }).where(isMarked)],
	});
	return 'deleted';
}

function reasonOf(found: { renderState: string; consentState: string | null }): ReceiptFacts['reason'] {
	if (found.renderState !== 'succeeded') return 'render_ended';
	return found.consentState === 'revoked' ? 'consent_revoked' : 'requested';
}
