import type { receipts } from '../../../schema/receipts';
import { ReceiptBody, type SignedReceipt } from './receipt-facts';

export type ReceiptRow = typeof receipts.$inferSelect;

/** The row as the receipt that was signed. A body that no longer parses is damage, so it throws. */
export function fromRow(row: ReceiptRow): SignedReceipt {
	const body = ReceiptBody.parse(JSON.parse(row.body));
	const { hash, previousHash, seq, keyId, signature } = row;
	return { body, hash, previousHash, seq, keyId, signature, publicKey: body.publicKey };
}
