import { canonicalJson } from './canonical-json';
import { RECEIPT_VERSION, type ReceiptBody, type ReceiptFacts, type SignedReceipt } from './receipt-facts';
import { toBase64Url, toHex, type ReceiptKey } from './receipt-key';

/** Puts facts in their place in the chain and signs them. Stores nothing. */
export async function signReceipt(
	key: ReceiptKey,
	facts: ReceiptFacts,
	place: { receiptId: string; seq: number; previousHash: string; issuedAt: Date },
): Promise<SignedReceipt> {
	const { receiptId, seq, previousHash, issuedAt } = place;
	const { keyId, publicKey } = key;
	const body: ReceiptBody = {
		...facts,
		version: RECEIPT_VERSION,
		receiptId,
		seq,
		previousHash,
		issuedAt: issuedAt.toISOString(),
		keyId,
		publicKey,
	};
	const bytes = new TextEncoder().encode(canonicalJson(body));
	const signature = toBase64Url(await crypto.subtle.sign('Ed25519', key.privateKey, bytes));
	const hash = toHex(await crypto.subtle.digest('SHA-256', bytes));
	return { body, hash, previousHash, seq, keyId, signature, publicKey };
}
