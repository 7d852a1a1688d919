import { asc, desc, gt } from 'drizzle-orm';

import { logHeads } from '../../../schema/log';
import { receipts } from '../../../schema/receipts';
import type { Deps, PublishedKeys } from '../deps';
import { log } from '../log';
import type { ReceiptKey } from '../receipts/receipt-key';
import { edgeOf, growLog } from './grow-log';
import { compareKept, keepHead, readKeptHead, selectLogState, type KeptHead } from './kept-head';
import { signHead, toHeadRow } from './log-head';
import { insertNodes, readNodes, readRanges } from './log-nodes';
import { consistencyRanges, isConsistent, leafHash } from './merkle';
import { readNewestHead } from './read-head';

/** How many receipts without nodes one sweep takes up: their texts are a megabyte at most. */
export const FILLED_AT_ONCE = 500;

type LogDeps = Pick<Deps, 'db' | 'now' | 'vault'> & PublishedKeys & { receiptKey: ReceiptKey };

/**
 * Takes up receipts that were signed before there was a log, and signs a head when the tree has grown since the last. One statement
 * and one look into the vault when nothing happened, eight at most. A tree that does not continue the newest head is not signed: that
 * would put our name to a rewritten log, so it is logged and stays as it is until somebody has looked (X1). Neither is one that does
 * not continue the head in the vault, which a restore of the database does not take along: `log_forked`, each minute. Nor anything
 * while a head lies there that no key of ours signed: `log_head_forged`.
 */
export async function keepLog(deps: LogDeps): Promise<{ filled: number; signedSize: number | null }> {
	const [state] = await selectLogState(deps.db);
	if (state === undefined) throw new Error('a question for counts is answered');
	const filled = state.leaves < state.receipts ? await fill(deps, state.leaves) : 0;
	const treeSize = state.leaves + filled;
	const kept = await readKeptHead(deps);
	const standing = kept === null ? 'continues' : await compareKept(deps.db, { ...state, leaves: treeSize }, kept);
	if (standing === 'forked') log('log_forked', { keptSize: kept?.head.treeSize ?? 0, treeSize });
	if (standing === 'forged') log('log_head_forged', { keyId: kept?.head.keyId ?? '', treeSize });
	if (standing !== 'continues') return { filled, signedSize: null };
	if (treeSize > state.signedSize) {
		return { filled, signedSize: (await signGrowth(deps, treeSize, kept)) ? treeSize : null };
	}
	// Of versions that kept none.
	if (kept === null && state.signedSize > 0) await keepHead(deps, null, await readNewestHead(deps));
	return { filled, signedSize: null };
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

async function signGrowth(deps: LogDeps, treeSize: number, kept: KeptHead | null): Promise<boolean> {
	const { db, now, receiptKey } = deps;
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
	// First, so that no head is published which the vault does not know. Of two sweeps at once one signs.
	if (!(await keepHead(deps, kept, head))) return false;
	await db.insert(logHeads).values(toHeadRow(head)).onConflictDoNothing();
	return true;
}
