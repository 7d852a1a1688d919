import { asc, desc, gt, sql } from 'drizzle-orm';

import { logHeads, logNodes } from '../../../schema/log';
import { receipts } from '../../../schema/receipts';
import type { Deps } from '../deps';
import { log } from '../log';
import type { ReceiptKey } from '../receipts/receipt-key';
import { edgeOf, growLog } from './grow-log';
import { signHead, toHeadRow } from './log-head';
import { insertNodes, readNodes, readRanges } from './log-nodes';
import { consistencyRanges, isConsistent, leafHash } from './merkle';

/** How many receipts without nodes one sweep takes up: their texts are a megabyte at most. */
export const FILLED_AT_ONCE = 500;

/**
 * Takes up receipts that were signed before there was a log, and signs a head when the tree has grown since the last. One statement
 * when nothing happened, seven at most. A tree that does not continue the newest head is not signed: that would put our
 * name to a rewritten log, so it is logged and stays as it is until somebody has looked (X1).
 */
export async function keepLog(
	deps: Pick<Deps, 'db' | 'now'> & { receiptKey: ReceiptKey },
): Promise<{ filled: number; signedSize: number | null }> {
	const [state] = await deps.db
		.select({
			receipts: sql<number>`(select coalesce(max(seq), 0) from ${receipts})`,
			leaves: sql<number>`(select coalesce(max(position) + 1, 0) from ${logNodes} where level = 0)`,
			signed: sql<number>`(select coalesce(max(tree_size), 0) from ${logHeads})`,
		})
		.from(sql`(select 1)`);
	if (state === undefined) throw new Error('a question for counts is answered');
	const filled = state.leaves < state.receipts ? await fill(deps, state.leaves) : 0;
	const treeSize = state.leaves + filled;
	const isSigned = treeSize > state.signed && (await signGrowth(deps, treeSize));
	return { filled, signedSize: isSigned ? treeSize : null };
}

async function fill({ db }: Pick<Deps, 'db'>, leaves: number): Promise<number> {
	const page = await db
		.select({ body: receipts.body })
		.from(receipts)
		.where(gt(receipts.seq, leaves))
		.orderBy(asc(receipts.seq))
		.limit(FILLED_AT_ONCE);
	const edge = await readNodes(db, edgeOf(leaves));
	const nodes = growLog(
		leaves,
		edge,
		page.map(({ body }) => leafHash(body)),
	);
	if (nodes === null) throw new Error(`the log of ${leaves} receipts has no whole edge`);
	await insertNodes(db, nodes, { isRepeatable: true });
	return page.length;
}

async function signGrowth(
	{ db, now, receiptKey }: Pick<Deps, 'db' | 'now'> & { receiptKey: ReceiptKey },
	treeSize: number,
): Promise<boolean> {
	const [older] = await db.select().from(logHeads).orderBy(desc(logHeads.treeSize)).limit(1);
	if (older !== undefined && older.treeSize >= treeSize) return false;
	const steps = older === undefined ? [] : consistencyRanges(older.treeSize, treeSize);
	const [rootHash = '', ...hashes] = await readRanges(db, [{ from: 0, to: treeSize }, ...steps]);
	if (older !== undefined) {
		const continues = isConsistent(
			{ size: older.treeSize, root: older.rootHash },
			{ size: treeSize, root: rootHash },
			hashes,
		);
		if (!continues) {
			log('log_inconsistent', { signedSize: older.treeSize, treeSize });
			return false;
		}
	}
	const head = await signHead(receiptKey, { treeSize, rootHash, signedAt: now() });
	await db.insert(logHeads).values(toHeadRow(head)).onConflictDoNothing();
	return true;
}
