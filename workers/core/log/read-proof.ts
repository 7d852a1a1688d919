import { and, eq, sql } from 'drizzle-orm';

import { logHeads } from '../../../schema/log';
import { receipts } from '../../../schema/receipts';
import { withD1Retry } from '../d1-retry';
import type { Database, Deps } from '../deps';
import type { ReceiptRow } from '../receipts/stored-receipt';
import { fromHeadRow, type InclusionProof } from './log-head';
import { readRanges } from './log-nodes';
import { inclusionRanges, isIncluded, leafHash } from './merkle';

/**
 * The proof that a receipt is in the log, under the newest head. Null while no head covers it: one is signed within a minute of the
 * receipt. Two statements. Whoever may see the receipt may see its proof, so without `accountId` the caller has decided on that.
 */
export async function readProof(
	{ db }: Pick<Deps, 'db'>,
	input: { receiptId: string; accountId?: string },
): Promise<InclusionProof | null> {
	const found = await readWithHead(db, input);
	return found === null ? null : prove(db, found);
}

export interface ReceiptWithHead {
	receipt: ReceiptRow;
	/** The newest one; null before the first. */
	head: typeof logHeads.$inferSelect | null;
}

/** A receipt beside the newest head, in one statement. */
export async function readWithHead(
	db: Database,
	{ receiptId, accountId }: { receiptId: string; accountId?: string },
): Promise<ReceiptWithHead | null> {
	const isTheirs = accountId === undefined ? undefined : eq(receipts.accountId, accountId);
	const [found] = await withD1Retry(() =>
		db
			.select({ receipt: receipts, head: logHeads })
			.from(receipts)
			.leftJoin(logHeads, eq(logHeads.treeSize, sql`(select max(tree_size) from log_heads)`))
			.where(and(eq(receipts.id, receiptId), isTheirs)),
	);
	return found ?? null;
}

/** Null while the head is older than the receipt. A proof that does not lead to the signed root is damage, so it throws. */
export async function prove(db: Database, { receipt, head }: ReceiptWithHead): Promise<InclusionProof | null> {
	if (head === null || head.treeSize < receipt.seq) return null;
	const leafIndex = receipt.seq - 1;
	const hashes = await withD1Retry(() => readRanges(db, inclusionRanges(leafIndex, head.treeSize)));
	const place = { index: leafIndex, size: head.treeSize, root: head.rootHash, proof: hashes };
	if (!isIncluded(leafHash(receipt.body), place)) throw new Error(`receipt ${receipt.seq} is not what the log holds`);
	return { leafIndex, hashes, head: fromHeadRow(head) };
}
