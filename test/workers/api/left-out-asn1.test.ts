import { generateKeyPairSync, sign, verify } from 'node:crypto';

import { expect, test } from 'vitest';

import { AsnParser, Certificate, ECDSASigValue } from '../../../workers/api/left-out/asn1';

/** Of this length, without the zero before a number that would look negative, and with those that were left out. */
function component(bytes: Uint8Array, length: number): Buffer {
	const digits = bytes.length > length ? bytes.subarray(bytes.length - length) : bytes;
	return Buffer.concat([Buffer.alloc(length - digits.length), digits]);
}

test.each([
	['P-256', 32],
	['P-384', 48],
	['P-521', 66],
])('r and s of a signature on %s are read out of DER as they were signed', (namedCurve, length) => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
	for (let turn = 0; turn < 40; turn += 1) {
		const text = Buffer.from(`turn ${turn}`);
		const { r, s } = AsnParser.parse(new Uint8Array(sign('sha256', text, privateKey)), ECDSASigValue);
		const raw = Buffer.concat([component(r, length), component(s, length)]);
		expect(verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
	}
});

test.each([
	['nothing', ''],
	['a number alone', '020101'],
	['one number of two', '3003020101'],
	['a length beyond its bytes', '3006020101020901'],
	['bytes behind it', '300602010102010100'],
	['an empty number', '30050201010200'],
	['an indefinite length', '3080020101020101'],
])('%s is refused as a signature', (_what, hex) => {
	expect(() => AsnParser.parse(new Uint8Array(Buffer.from(hex, 'hex')), ECDSASigValue)).toThrow('in another form');
});

test('a certificate is not read', () => {
	expect(() => AsnParser.parse(new Uint8Array([0x30, 0]), Certificate)).toThrow('none was asked for');
});
