import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkClaim, type PresentedClaim } from '../../../workers/core/provenance/check-claim';
import { CborError, readCbor } from '../../../workers/core/provenance/read-cbor';
import { readCredentialFacts, signClaim } from '../../../workers/core/provenance/sign-claim';
import { fromBase64 } from '../../../workers/core/receipts/receipt-key';
import { START } from '../../support/deps';
import { propertyParameters } from '../../support/property';
import { givenAccount } from '../../support/given';
import { givenFile } from './given-file';
import { claimOver, FACTS, type Written } from './write-claim';

const NOW = { facts: FACTS, nowMs: START.getTime() };

/** A key as the secret has it, and something in the place of its certificate, which is not read here. */
async function givenSecrets() {
	const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
	if (!('publicKey' in pair)) throw new Error('a key pair was asked for');
	const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey);
	const key = btoa(String.fromCharCode(...new Uint8Array(pkcs8)));
	const certificates = `-----BEGIN CERTIFICATE-----\n${btoa('a certificate')}\n-----END CERTIFICATE-----\n`;
	return { secrets: { key, certificates }, publicKey: pair.publicKey };
}

test('a claim over one file and the one action that is so is signed with ES256 over its own bytes', async () => {
	const { deps, file, actor, renderId } = await givenFile();
	const { secrets, publicKey } = await givenSecrets();
	const signing = { ...deps, credentialSecrets: secrets };
	const { signatureBytes, ...facts } = await readCredentialFacts(signing, { actor, renderId, kind: file.kind });
	expect(facts).toMatchObject(FACTS);
	const presented = await claimOver();
	const cose = await signClaim(signing, { actor, renderId, kind: file.kind, presented });
	expect(cose).toHaveLength(signatureBytes ?? 0);
	// COSE_Sign1: tag 18, then four; the third is null, the last the signature.
	expect([...cose.subarray(0, 2)]).toEqual([0xd2, 0x84]);
	expect([...cose.subarray(-67, -64)]).toEqual([0xf6, 0x58, 64]);
	const headerBytes =
		cose[2] === 0x58 ? cose.subarray(4, 4 + (cose[3] ?? 0)) : cose.subarray(3, 3 + (cose[2] ?? 0) - 0x40);
	const { claim } = presented;
	const signed = new Uint8Array([
		0x84,
		0x6a,
		...new TextEncoder().encode('Signature1'),
		...(headerBytes.length < 24 ? [0x40 + headerBytes.length] : [0x58, headerBytes.length]),
		...headerBytes,
		0x40,
		0x59,
		claim.length >> 8,
		claim.length & 255,
		...claim,
	]);
	const isSigned = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, cose.slice(-64), signed);
	expect(isSigned).toBe(true);
});

test('without a certificate nothing is signed, and that is said before a file is read', async () => {
	const { deps, file, actor, renderId } = await givenFile();
	const order = { actor, renderId, kind: file.kind };
	expect(await readCredentialFacts(deps, order)).toMatchObject({ signatureBytes: null });
	await expect(signClaim(deps, { ...order, presented: await claimOver() })).rejects.toMatchObject({
		code: 'upstream_unavailable',
	});
});

test('nobody has a claim about another practice’s order signed', async () => {
	const { deps, file, renderId } = await givenFile();
	const { secrets } = await givenSecrets();
	const order = { actor: await givenAccount(deps), renderId, kind: file.kind, presented: await claimOver() };
	await expect(signClaim({ ...deps, credentialSecrets: secrets }, order)).rejects.toMatchObject({ code: 'not_found' });
});

test.each<[string, Partial<Written>]>([
	['another program’s name', { generator: { name: 'Adobe Firefly' } }],
	['more about its program than its name', { generator: { name: 'Afterglow', operating_system: 'any' } }],
	['a title', { more: { 'dc:title': 'Mara, before' } }],
	['another hash', { more: { alg: 'sha512' } }],
	['no binding to a file', { binding: null }],
	['a binding to boxes of a name', { binding: 'c2pa.hash.boxes' }],
	['a third part', { others: ['stds.schema-org.CreativeWork'] }],
	['an ingredient', { others: ['c2pa.ingredient.v3'] }],
	['a second list of actions', { others: ['c2pa.actions'] }],
	[
		'a photo where AI drew',
		{ action: { digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture' } },
	],
	['no label', { action: { description: undefined } }],
	['another label', { action: { description: 'Actual patient.' } }],
	['another action', { action: { action: 'c2pa.opened' } }],
	['parameters', { action: { parameters: { name: 'Mara' } } }],
	['somebody else’s tool', { action: { softwareAgent: { name: 'Photoshop' } } }],
	['a time of another week', { action: { when: '2026-11-14T12:00:00Z' } }],
	['no time', { action: { when: undefined } }],
	['two actions', { isTwice: true }],
	['actions under another label', { label: 'c2pa.actions.v1' }],
])('a claim with %s is refused', async (_what, written) => {
	await expect(checkClaim(await claimOver(written), NOW)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a claim whose actions are others than it has the hash of is refused', async () => {
	const { claim } = await claimOver();
	const { actions } = await claimOver({ action: { when: '2026-11-21T12:00:01Z' } });
	await expect(checkClaim({ claim, actions }, NOW)).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(checkClaim({ claim: actions, actions: claim }, NOW)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('whatever byte of a claim or its actions is changed, cut or doubled, it is refused or says the same', async () => {
	const { claim, actions } = await claimOver();
	const changed = fc.record({
		at: fc.nat(),
		to: fc.nat(255),
		how: fc.constantFrom('set', 'cut', 'double'),
		which: fc.boolean(),
	});
	await fc.assert(
		fc.asyncProperty(changed, async ({ at, to, how, which }) => {
			const bytes = which ? claim : actions;
			const place = at % bytes.length;
			const before = [...bytes.subarray(0, place)];
			const after = [...bytes.subarray(place + 1)];
			const middle = how === 'set' ? [to] : how === 'cut' ? [] : [bytes[place] ?? 0, bytes[place] ?? 0];
			const other = new Uint8Array([...before, ...middle, ...after]);
			const presented: PresentedClaim = which ? { claim: other, actions } : { claim, actions: other };
			const isSame = how === 'set' && bytes[place] === to;
			const outcome = await checkClaim(presented, NOW).then(
				() => 'taken',
				(error: unknown) => (error as { code?: string }).code,
			);
			// Of a claim, its random name may differ; of what it says of the file, nothing.
			expect(which || isSame ? ['taken', 'invalid_input'] : ['invalid_input']).toContain(outcome);
		}),
		propertyParameters('changed claims', 400),
	);
});

test('bytes of any kind are refused as a claim, and never take the reader down', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
			const bytes = new Uint8Array(random);
			await expect(checkClaim({ claim: bytes, actions: bytes }, NOW)).rejects.toMatchObject({ code: 'invalid_input' });
		}),
		propertyParameters('no claims', 400),
	);
});

test.each([
	['0a', 10],
	['1903e8', 1000],
	['1affffffff', 4_294_967_295],
	['3903e7', -1000],
	['63e38182', 'あ'],
	['83f4f5f6', [false, true, null]],
	['a16161820102', { a: [1, 2] }],
	['c074323032362d31312d32315431323a30303a30305a', '2026-11-21T12:00:00Z'],
])('the reader of CBOR reads %s (RFC 8949, appendix A)', (hex, value) => {
	expect(readCbor(fromHex(hex))).toEqual(value);
});

test.each([
	['an indefinite length', '9fff'],
	['a number with a point', 'f93c00'],
	['undefined', 'f7'],
	['a key that is no text', 'a10102'],
	['a key twice', 'a2616101616102'],
	['bytes behind the value', '0a0a'],
	['bytes that are missing', '4401020'.padEnd(8, '0')],
	['a length beyond all bytes', '5bffffffffffffffff'],
	['text that is not UTF-8', '61ff'],
	['depth', `${'81'.repeat(18)}0a`],
	['nothing', ''],
])('the reader of CBOR refuses %s', (_what, hex) => {
	expect(() => readCbor(fromHex(hex))).toThrow(CborError);
});

function fromHex(hex: string) {
	return fromBase64(btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)))));
}
