import { desc, inArray } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { receipts } from '../../../schema/receipts';
import { inOneBatch } from '../credits/post-entry';
import { isTransientD1Error, withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, violates } from '../errors';
import { growLog } from '../log/grow-log';
import { insertNodes, selectEdge } from '../log/log-nodes';
import { leafHash } from '../log/merkle';
import { canonicalJson } from './canonical-json';
import { GENESIS_HASH, ReceiptFacts, type SignedReceipt } from './receipt-facts';
import type { ReceiptKey } from './receipt-key';
import { signReceipt } from './sign-receipt';
import { fromRow } from './stored-receipt';

/** How often another writer may take the next place in the chain before the caller has to come again. */
export const ISSUE_TRIES_MAX = 12;
/** One statement takes 100 parameters; ids are looked up in one. */
export const RECEIPTS_AT_ONCE_MAX = 90;
const PAUSE_MS = 10;

export interface ReceiptOrder {
	receiptId: string;
	accountId: string;
	facts: ReceiptFacts;
	/** The caller's rows, committed with the receipt or not at all. */
	alongside: BatchItem<'sqlite'>[];
}

/**
 * Signs `facts`, appends them to the chain and the log and commits `alongside` in the same batch: either the receipt, its nodes and
 * the caller's rows are there, or none of them. Repeating a `receiptId` writes nothing and returns what is stored; for another
 * account or object it is a `conflict`. Facts that could name a person or leave a place unchecked are refused.
 */
export async function issueReceipt(
	deps: Pick<Deps, 'db' | 'now'> & { receiptKey: ReceiptKey },
	order: ReceiptOrder,
): Promise<SignedReceipt> {
	const [receipt] = await issueReceipts(deps, [order]);
	if (receipt === undefined) throw new Error('a receipt was ordered and none came');
	return receipt;
}

/** Several receipts, one after another in the chain and in one batch; all of them are there afterwards, or none. */
export async function issueReceipts(
	{ db, now, receiptKey }: Pick<Deps, 'db' | 'now'> & { receiptKey: ReceiptKey },
	given: readonly ReceiptOrder[],
): Promise<SignedReceipt[]> {
	if (given.length > RECEIPTS_AT_ONCE_MAX) throw new RangeError(`at most ${RECEIPTS_AT_ONCE_MAX} receipts at once`);
	const orders = given.map((order) => ({ ...order, facts: ReceiptFacts.parse(order.facts) }));
	if (orders.length === 0) return [];
	let lastCause: unknown;
	for (let attempt = 1; attempt <= ISSUE_TRIES_MAX; attempt += 1) {
		const { stored, head, edge } = await readPlace(db, orders);
		const answers = new Map<string, SignedReceipt>();
		const statements: BatchItem<'sqlite'>[] = [];
		const leaves: string[] = [];
		let { seq, hash } = head;
		for (const order of orders) {
			const known = stored.get(order.receiptId);
			if (known !== undefined) {
				answers.set(order.receiptId, sameReceipt(known, order));
				continue;
			}
			const issuedAt = now();
			const place = { receiptId: order.receiptId, seq: seq + 1, previousHash: hash, issuedAt };
			const receipt = await signReceipt(receiptKey, order.facts, place);
			({ seq, hash } = receipt);
			answers.set(order.receiptId, receipt);
			leaves.push(leafHash(canonicalJson(receipt.body)));
			statements.push(insertion(db, receipt, order.accountId), ...order.alongside);
		}
		// A log that has not taken up all receipts from before it yet takes these up with them (`keepLog`).
		const nodes = growLog(head.seq, edge, leaves);
		if (nodes !== null && nodes.length > 0) statements.push(insertNodes(db, nodes));
		try {
			if (statements.length > 0) await db.batch(inOneBatch(statements));
			return orders.flatMap(({ receiptId }) => answers.get(receiptId) ?? []);
		} catch (cause) {
			// A lost reply looks like a failure; reading the ids again tells whether it was one.
			if (!isTaken(cause) && !isTransientD1Error(cause)) throw cause;
			lastCause = cause;
		}
		await pause(PAUSE_MS * attempt * Math.random());
	}
	throw new AppError('upstream_unavailable', 'The receipt could not be written now. It is tried again.', {
		cause: lastCause,
	});
}

function insertion(db: Deps['db'], receipt: SignedReceipt, accountId: string): BatchItem<'sqlite'> {
	const { body, hash, previousHash, seq, keyId, signature } = receipt;
	return db.insert(receipts).values({
		seq,
		id: body.receiptId,
		accountId,
		previousHash,
		hash,
		body: canonicalJson(body),
		keyId,
		signature,
		issuedAtMs: Date.parse(body.issuedAt),
	});
}

async function readPlace(db: Deps['db'], orders: readonly ReceiptOrder[]) {
	const ids = orders.map(({ receiptId }) => receiptId);
	const [stored, heads, edge] = await withD1Retry(() =>
		db.batch([
			db.select().from(receipts).where(inArray(receipts.id, ids)),
			db.select({ seq: receipts.seq, hash: receipts.hash }).from(receipts).orderBy(desc(receipts.seq)).limit(1),
			selectEdge(db),
		]),
	);
	const head = heads[0] ?? { seq: 0, hash: GENESIS_HASH };
	return { stored: new Map(stored.map((row) => [row.id, row])), head, edge };
}

function sameReceipt(row: typeof receipts.$inferSelect, order: ReceiptOrder): SignedReceipt {
	const { accountId, facts } = order;
	const receipt = fromRow(row);
	if (row.accountId === accountId && receipt.body.objectId === facts.objectId && receipt.body.kind === facts.kind) {
		return receipt;
	}
	throw new AppError('conflict', 'This receipt id was used for another deletion. Use a new one.');
}

function isTaken(cause: unknown): boolean {
	return violates(cause, 'receipts.seq') || violates(cause, 'receipts.id') || violates(cause, 'log_nodes');
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
}
