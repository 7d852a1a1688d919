import { desc, eq } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { receipts } from '../../../schema/receipts';
import { isTransientD1Error, pause, withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, violates } from '../errors';
import { canonicalJson } from './canonical-json';
import { GENESIS_HASH, ReceiptFacts, type SignedReceipt } from './receipt-facts';
import type { ReceiptKey } from './receipt-key';
import { signReceipt } from './sign-receipt';
import { fromRow } from './stored-receipt';

/** How often another writer may take the next place in the chain before the caller has to come again. */
export const ISSUE_TRIES_MAX = 12;
const PAUSE_MS = 10;

/**
 * Signs `facts`, appends them to the chain and commits `alongside` in the same batch: either the receipt and the
 * caller's rows are there, or neither. Repeating a `receiptId` writes nothing and returns what is stored; for another
 * account or object it is a `conflict`. Facts that could name a person or leave a place unchecked are refused.
 */
export async function issueReceipt(
	{ db, now, receiptKey }: Pick<Deps, 'db' | 'now'> & { receiptKey: ReceiptKey },
	input: { receiptId: string; accountId: string; facts: ReceiptFacts; alongside: BatchItem<'sqlite'>[] },
): Promise<SignedReceipt> {
	const { receiptId, accountId, alongside } = input;
	const facts = ReceiptFacts.parse(input.facts);
	let lastCause: unknown;
	for (let attempt = 1; attempt <= ISSUE_TRIES_MAX; attempt += 1) {
		const { stored, head } = await readPlace(db, receiptId);
		if (stored !== undefined) return sameReceipt(stored, accountId, facts);

		const issuedAt = now();
		const receipt = await signReceipt(receiptKey, facts, {
			receiptId,
			seq: (head?.seq ?? 0) + 1,
			previousHash: head?.hash ?? GENESIS_HASH,
			issuedAt,
		});
		const { body, hash, previousHash, seq, keyId, signature } = receipt;
		const row = db.insert(receipts).values({
			seq,
			id: receiptId,
			accountId,
			previousHash,
			hash,
			body: canonicalJson(body),
			keyId,
			signature,
			issuedAtMs: issuedAt.getTime(),
		});
		try {
			await db.batch([row, ...alongside]);
			return receipt;
		} catch (cause) {
			// A lost reply looks like a failure; reading the id again tells whether it was one.
			if (!isTaken(cause) && !isTransientD1Error(cause)) throw cause;
			lastCause = cause;
		}
		await pause(PAUSE_MS * attempt * Math.random());
	}
	throw new AppError('upstream_unavailable', 'The receipt could not be written now. It is tried again.', {
		cause: lastCause,
	});
}

async function readPlace(db: Deps['db'], receiptId: string) {
	const [stored, heads] = await withD1Retry(() =>
		db.batch([
			db.select().from(receipts).where(eq(receipts.id, receiptId)),
			db.select({ seq: receipts.seq, hash: receipts.hash }).from(receipts).orderBy(desc(receipts.seq)).limit(1),
		]),
	);
	return { stored: stored[0], head: heads[0] };
}

function sameReceipt(row: typeof receipts.$inferSelect, accountId: string, facts: ReceiptFacts): SignedReceipt {
	const receipt = fromRow(row);
	if (row.accountId === accountId && receipt.body.objectId === facts.objectId && receipt.body.kind === facts.kind) {
		return receipt;
	}
	throw new AppError('conflict', 'This receipt id was used for another deletion. Use a new one.');
}

function isTaken(cause: unknown): boolean {
	return violates(cause, 'receipts.seq') || violates(cause, 'receipts.id');
}
