import { importReceiptKey, type ReceiptKey } from '../../workers/core/receipts/receipt-key';

/** The signing key of all tests; its seed is the 32 bytes 0…31. */
export const TEST_RECEIPT_SEED = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

/** The public half of it, base64 SPKI and raw in base64url. */
export const TEST_RECEIPT_SPKI = 'MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=';
export const TEST_RECEIPT_PUBLIC_KEY = 'A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg';

export function testReceiptKey(): Promise<ReceiptKey> {
	return importReceiptKey(TEST_RECEIPT_SEED);
}
