import { asc, gt } from 'drizzle-orm';

import { receipts } from '../../../schema/receipts';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { canonicalJson } from './canonical-json';
import { GENESIS_HASH } from './receipt-facts';
import type { PublicKeySet } from './receipt-key';
import { fromRow, type ReceiptRow } from './stored-receipt';
import { verifyReceipt } from './verify-receipt';

const PAGE = 200;
const PROBLEMS_MAX = 20;

/**
 * Reads the whole chain in pages: every receipt is signed by one of `keys`, names its predecessor's hash, and no place
 * is missing. A cut at the end cannot be seen from inside; `head` is what to compare with an earlier reading.
 */
export async function verifyChain(
	{ db }: Pick<Deps, 'db'>,
	{ keys }: { keys: PublicKeySet },
): Promise<{ receipts: number; head: { seq: number; hash: string }; problems: string[] }> {
	const problems: string[] = [];
	let head = { seq: 0, hash: GENESIS_HASH };
	let count = 0;
	for (;;) {
		const after = head.seq;
		const page = await withD1Retry(() =>
			db.select().from(receipts).where(gt(receipts.seq, after)).orderBy(asc(receipts.seq)).limit(PAGE),
		);
		for (const row of page) {
			const problem = await problemOf(row, head, keys);
			if (problem !== null) problems.push(`receipt ${row.seq}: ${problem}`);
			head = { seq: row.seq, hash: row.hash };
		}
		count += page.length;
		if (page.length < PAGE || problems.length >= PROBLEMS_MAX) return { receipts: count, head, problems };
	}
}

async function problemOf(
	row: ReceiptRow,
	previous: { seq: number; hash: string },
	keys: PublicKeySet,
): Promise<string | null> {
	if (row.seq !== previous.seq + 1) return `it follows ${previous.seq}, so receipts between are missing`;
	if (row.previousHash !== previous.hash) return 'it does not name its predecessor';
	const receipt = read(row);
	if (receipt === null || canonicalJson(receipt.body) !== row.body) return 'its stored text is damaged';
	if (receipt.body.receiptId !== row.id) return 'its id differs from the signed one';
	const verdict = await verifyReceipt(receipt, keys);
	return verdict.isValid ? null : verdict.problem;
}

/** Null for damage: an audit names it and goes on with the next receipt. */
function read(row: ReceiptRow) {
	try {
		return fromRow(row);
	} catch {
		return null;
	}
}
