import { and, eq } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { tellQueue } from '../tell-queue';

/**
 * Marks one's own asset for deletion: from now on no address of it is given out, and the receipt under the answered id
 * follows once its place was read again and found empty (DD-26). Repeating it answers the same receipt.
 */
export async function deleteAsset(
	deps: Pick<Deps, 'db' | 'now' | 'queue'>,
	input: { actor: Actor; assetId: string },
): Promise<{ receiptId: string }> {
	const { db } = deps;
	const { actor, assetId } = input;
	const own = and(eq(assets.id, assetId), eq(assets.accountId, actor.accountId));
	const [marked] = await db
		.update(assets)
		.set({ state: 'deleting' })
		.where(and(own, eq(assets.state, 'ready'), hasStanding(deps, actor, 'assets:delete')))
		.returning({ receiptId: assets.receiptId });
	if (marked !== undefined) {
		await tellQueue(deps, { type: 'asset.delete', assetId });
		return marked;
	}
	const [row] = await db.select({ state: assets.state, receiptId: assets.receiptId }).from(assets).where(own);
	if (row === undefined || row.state === 'pending') throw notFound('asset');
	if (row.state === 'ready') throw (await refusalOfStanding(deps, actor, 'assets:delete')) ?? notFound('asset');
	return { receiptId: row.receiptId };
}
