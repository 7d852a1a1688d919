import type { InclusionProof } from '../core/log/log-head';
import type { SignedReceipt } from '../core/receipts/receipt-facts';

/** A signed receipt as it is answered: the exact text that was signed, and around it what repeats it. */
export function toIssuedReceipt(found: { receipt: SignedReceipt; body: string; proof: InclusionProof | null }) {
	const { receipt, body, proof } = found;
	const { seq, previousHash, hash, keyId, signature, publicKey } = receipt;
	const { receiptId: id, issuedAt } = receipt.body;
	return { state: 'issued' as const, id, seq, issuedAt, previousHash, hash, body, keyId, signature, publicKey, proof };
}
