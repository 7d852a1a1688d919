import { importReceiptKey, type ReceiptKey } from '../../workers/core/receipts/receipt-key';

/** The signing key of all tests; its seed is the 32 bytes 0…31. */
export const TEST_RECEIPT_SEED = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export function testReceiptKey(): Promise<ReceiptKey> {
	return importReceiptKey(TEST_RECEIPT_SEED);
}
