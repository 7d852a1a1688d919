import { and, eq } from 'drizzle-orm';

import { receipts } from '../../../schema/receipts';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { SignedReceipt } from './receipt-facts';
import { fromRow } from './stored-receipt';

/**
 * An account's own receipt. Null when there is none under this id, or not for this account; whether one is still to
 * come is known by what is being deleted, so the caller decides between "pending" and `not_found`.
 */
export async function readReceipt(
	{ db }: Pick<Deps, 'db'>,
	{ receiptId, accountId }: { receiptId: string; accountId: string },
): Promise<SignedReceipt | null> {
	const [row] = await withD1Retry(() =>
		db
			.select()
			.from(receipts)
			.where(and(eq(receipts.id, receiptId), eq(receipts.accountId, accountId))),
	);
	return row === undefined ? null : fromRow(row);
}
