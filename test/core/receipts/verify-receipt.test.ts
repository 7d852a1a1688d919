import { expect, test } from 'vitest';

import { GENESIS_HASH, type SignedReceipt } from '../../../workers/core/receipts/receipt-facts';
import { importReceiptKey, publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { signReceipt } from '../../../workers/core/receipts/sign-receipt';
import { verifyReceipt } from '../../../workers/core/receipts/verify-receipt';
import { START } from '../../support/deps';
import { sourceDeleted } from '../../support/given-receipt';
import { testReceiptKey } from '../../support/receipt-key';

const key = await testReceiptKey();
const otherKey = await importReceiptKey(btoa('another seed of 32 bytes length.'));
const keys = publicKeySet(key);
const place = { receiptId: 'rct_1', seq: 1, previousHash: GENESIS_HASH, issuedAt: START };
const receipt = await signReceipt(key, sourceDeleted(), place);

function changed(change: (copy: SignedReceipt) => void): SignedReceipt {
	const copy = structuredClone(receipt);
	change(copy);
	return copy;
}

test('a receipt is valid, also after its JSON was reordered and indented', async () => {
	expect(await verifyReceipt(receipt, keys)).toEqual({ isValid: true, body: receipt.body });
	const reordered = Object.fromEntries(Object.entries(receipt.body).toReversed());
	const travelled: unknown = JSON.parse(JSON.stringify({ ...receipt, body: reordered }, null, 4));
	expect(await verifyReceipt(travelled, keys)).toMatchObject({ isValid: true });
});

test.each<[string, (copy: SignedReceipt) => void]>([
	['the object', ({ body }) => (body.objectId = sourceDeleted().objectId)],
	['the time of deletion', ({ body }) => (body.deletedAt = '2026-11-20T12:00:00.000Z')],
	['the due time', ({ body }) => (body.dueAt = null)],
	['a count', ({ body }) => (body.deleted[0]!.count = 2)],
	['the state of a place', ({ body }) => (body.places[1]!.state = 'deleted')],
	['a place that is left out', ({ body }) => body.places.pop()],
	['what is kept', ({ body }) => (body.kept = [])],
	['the reason', ({ body }) => (body.reason = 'requested')],
	['the hash', (copy) => (copy.hash = GENESIS_HASH)],
	[
		'the signature',
		(copy) => (copy.signature = `${copy.signature.startsWith('A') ? 'B' : 'A'}${copy.signature.slice(1)}`),
	],
	['the last bits of the signature', (copy) => (copy.signature = `${copy.signature.slice(0, -1)}B`)],
	['a cut signature', (copy) => (copy.signature = copy.signature.slice(0, 20))],
	['a signature that is not base64', (copy) => (copy.signature = '*')],
	['the outer place', (copy) => (copy.seq = 2)],
	['the outer predecessor', (copy) => (copy.previousHash = 'f'.repeat(64))],
	['the inner place', ({ body }) => (body.seq = 2)],
	['an added field', (copy) => Object.assign(copy.body, { note: 'x' })],
	['a missing field', (copy) => Reflect.deleteProperty(copy.body, 'reason')],
])('a receipt is not valid after a change to %s', async (_what, change) => {
	const tampered = changed(change);
	expect(tampered).not.toEqual(receipt);
	expect(await verifyReceipt(tampered, keys)).toMatchObject({ isValid: false });
});

test('a receipt that somebody signed with a key of their own is not valid', async () => {
	const forged = await signReceipt(otherKey, sourceDeleted(), place);
	expect(await verifyReceipt(forged, publicKeySet(otherKey))).toMatchObject({ isValid: true });
	expect(await verifyReceipt(forged, keys)).toEqual({
		isValid: false,
		problem: `its key ${otherKey.keyId} is not among the published keys`,
	});
	const renamed = await signReceipt({ ...otherKey, keyId: key.keyId }, sourceDeleted(), place);
	expect(await verifyReceipt(renamed, keys)).toEqual({
		isValid: false,
		problem: 'its key differs from the published one',
	});
});

test.each([[null], ['text'], [7], [{}], [{ body: {} }], [[]]])('%j is not a receipt', async (value) => {
	expect(await verifyReceipt(value, keys)).toEqual({ isValid: false, problem: 'it is not in the form of a receipt' });
});

test('receipts of a replaced key stay valid while it is published', async () => {
	expect(await verifyReceipt(receipt, publicKeySet(otherKey, key))).toMatchObject({ isValid: true });
});
