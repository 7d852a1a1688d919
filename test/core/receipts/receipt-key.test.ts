import { expect, test } from 'vitest';

import { canonicalJson } from '../../../workers/core/receipts/canonical-json';
import {
	earlierPublicKeys,
	importReceiptKey,
	publicKeySet,
	rawPublicKey,
} from '../../../workers/core/receipts/receipt-key';
import {
	testReceiptKey,
	TEST_RECEIPT_PUBLIC_KEY,
	TEST_RECEIPT_SEED,
	TEST_RECEIPT_SPKI,
} from '../../support/receipt-key';

/* RFC 8032 §7.1, test 1: the seed and its public key. */
const RFC_SEED = 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=';
const RFC_PUBLIC_KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

test('a seed gives the public key of RFC 8032', async () => {
	const key = await importReceiptKey(RFC_SEED);
	expect(key.publicKey).toBe(RFC_PUBLIC_KEY);
	expect(key.keyId).toMatch(/^[0-9a-f]{16}$/);
	expect(key.privateKey.extractable).toBe(false);
});

test('a PKCS #8 key and its seed are the same key', async () => {
	const pkcs8 = btoa(`\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20${atob(TEST_RECEIPT_SEED)}`);
	const { keyId, publicKey } = await importReceiptKey(pkcs8);
	expect({ keyId, publicKey }).toEqual(pick(await testReceiptKey()));
});

test.each([
	['an empty secret', ''],
	['a short seed', btoa('short')],
	['a long seed', btoa('x'.repeat(33))],
	['a key of another kind', btoa('x'.repeat(48))],
	['text that is not base64', 'not base64 at all!'],
])('%s is refused at start', async (_what, secret) => {
	await expect(importReceiptKey(secret)).rejects.toThrow(Error);
});

test('the key set is a JWK set without a private part', async () => {
	const key = await testReceiptKey();
	expect(publicKeySet(key)).toEqual({
		keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: key.keyId, x: key.publicKey }],
	});
});

test('a public key is the same in SPKI and raw, and a list of earlier ones is read in its order', async () => {
	expect((await testReceiptKey()).publicKey).toBe(TEST_RECEIPT_PUBLIC_KEY);
	expect(rawPublicKey(TEST_RECEIPT_SPKI)).toBe(TEST_RECEIPT_PUBLIC_KEY);
	expect(earlierPublicKeys('')).toEqual([]);
	expect(earlierPublicKeys(` ${TEST_RECEIPT_SPKI}, ${TEST_RECEIPT_SPKI} `)).toEqual([
		TEST_RECEIPT_PUBLIC_KEY,
		TEST_RECEIPT_PUBLIC_KEY,
	]);
});

test.each(['x', 'not base64', TEST_RECEIPT_SEED, `${TEST_RECEIPT_SPKI};${TEST_RECEIPT_SPKI}`])(
	'an earlier key written as %s is refused at start',
	(list) => {
		expect(() => earlierPublicKeys(list)).toThrow('RECEIPT_PUBLIC_KEYS_BEFORE');
	},
);

test('canonical JSON sorts keys at every depth and keeps the order of lists', () => {
	expect(canonicalJson({ b: [{ d: 1, c: 'é"' }, null], a: { z: true, Z: 0 } })).toBe(
		'{"a":{"Z":0,"z":true},"b":[{"c":"é\\"","d":1},null]}',
	);
});

function pick({ keyId, publicKey }: { keyId: string; publicKey: string }) {
	return { keyId, publicKey };
}
