import { and, desc, eq, lt } from 'drizzle-orm';

import { receipts } from '../../../schema/receipts';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import type { SignedReceipt } from './receipt-facts';
import { fromRow } from './stored-receipt';

export const RECEIPTS_PAGE_MAX = 100;

/** An account's receipts, newest first. `limit` is clamped to 1…100; the cursor is the last place in the chain shown. */
export async function listReceipts(
	{ db }: Pick<Deps, 'db'>,
	{ accountId, cursor, limit }: { accountId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: SignedReceipt[]; nextCursor: string | null }> {
	if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
		throw new AppError(
			'invalid_input',
			'This cursor is not one we gave. Leave it out to start with the newest receipt.',
		);
	}
	const size = Math.min(Math.max(Math.trunc(limit), 1), RECEIPTS_PAGE_MAX);
	const isOlder = cursor === undefined ? undefined : lt(receipts.seq, Number(cursor));
	const rows = await withD1Retry(() =>
		db
			.select()
			.from(receipts)
			.where(and(eq(receipts.accountId, accountId), isOlder))
			.orderBy(desc(receipts.seq))
			.limit(size + 1),
	);
	const page = rows.slice(0, size);
	const last = page.at(-1);
	return {
		items: page.map(fromRow),
		nextCursor: rows.length > size && last !== undefined ? String(last.seq) : null,
	};
}
