import { and, eq } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { tellQueue } from '../tell-queue';

/**
 * Marks one's own asset for deletion: from now on no address of it is given out, and the receipt under the answered id
 * follows once its place was read again and found empty (DD-26). Repeating it answers the same receipt.
 */
export async function deleteAsset(
	{ db, queue }: Pick<Deps, 'db' | 'queue'>,
	input: { actor: Actor; assetId: string },
): Promise<{ receiptId: string }> {
	const own = and(eq(assets.id, input.assetId), eq(assets.accountId, input.actor.accountId));
	const [marked] = await db
		.update(assets)
		.set({ state: 'deleting' })
		.where(and(own, eq(assets.state, 'ready')))
		.returning({ receiptId: assets.receiptId });
	if (marked !== undefined) {
		await tellQueue({ queue }, { type: 'asset.delete', assetId: input.assetId });
		return marked;
	}
	const [row] = await db.select({ state: assets.state, receiptId: assets.receiptId }).from(assets).where(own);
	if (row === undefined || row.state === 'pending') throw notFound('asset');
	return { receiptId: row.receiptId };
}
