import { BMFF, JPEG, PNG, type Asset } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';

import { readMark, writeMark, type Claim, type MarkFacts, type SignClaim } from '../../../app/provenance/mark';
import { generateCredentialSecrets } from '../../../scripts/edge/credential-secrets';
import { checkClaim } from '../../../workers/core/provenance/check-claim';
import { coseSign1, coseSize } from '../../../workers/core/provenance/cose-sign1';
import { importCredentialSigner, type CredentialSigner } from '../../../workers/core/provenance/provenance-keys';
import { givenFilm } from './given-film';
import { fileOf, startMarks } from './in-node';

const FACTS = {
	label: 'AI visualisation, not a promise of a result',
	digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
};

let signer: CredentialSigner;
let facts: MarkFacts;
const files: Record<string, Uint8Array<ArrayBuffer>> = {};
beforeAll(async () => {
	await startMarks();
	const { PROVENANCE_KEY: key, PROVENANCE_CERTIFICATES: certificates } = await generateCredentialSecrets();
	signer = await importCredentialSigner({ key, certificates });
	facts = { ...FACTS, signatureBytes: coseSize(signer.chain) };
	const poster = sharp({ create: { width: 320, height: 240, channels: 3, background: '#7a9' } });
	files['image/png'] = new Uint8Array(await poster.clone().png().toBuffer());
	files['image/jpeg'] = new Uint8Array(await poster.clone().jpeg().toBuffer());
	files['video/mp4'] = await givenFilm();
});

/** As the api signs: what is no claim of ours over this one action is refused. */
async function sign(presented: Claim) {
	await checkClaim(presented, { facts: FACTS, nowMs: Date.now() });
	return coseSign1(signer, presented.claim);
}

async function marked(type: string) {
	return written(type, sign);
}

async function written(type: string, signing: SignClaim) {
	const bytes = await writeMark(fileOf(files[type]!, type), facts, signing);
	if (bytes === null) throw new Error('it was marked already');
	return bytes;
}

const TYPES = ['image/png', 'image/jpeg', 'video/mp4'];

test.each(TYPES)('%s carries a mark that the api signed, and says what it is', async (type) => {
	const bytes = await marked(type);
	expect(bytes.length).toBeGreaterThan(files[type]!.length);
	expect(await readMark(fileOf(bytes, type))).toEqual({
		state: 'whole',
		generator: 'Afterglow',
		digitalSourceType: FACTS.digitalSourceType,
		label: FACTS.label,
		when: expect.stringMatching(/^20\d\d-\d\d-\d\dT/),
		signedBy: 'Afterglow on this machine',
		isOurs: true,
	});
	expect(await readMark(fileOf(files[type]!, type))).toBeNull();
});

test.each(TYPES)('one changed byte of a marked %s is seen', async (type) => {
	const bytes = await marked(type);
	const inFile = bytes.slice();
	const last = inFile.length - (type === 'video/mp4' ? 1 : 20);
	inFile[last] = (inFile[last] ?? 0) ^ 1;
	expect(await readMark(fileOf(inFile, type))).toMatchObject({ state: 'changed' });
	const inMark = bytes.slice();
	const at = Buffer.from(inMark).indexOf('compositeWith');
	inMark[at] = 'd'.charCodeAt(0);
	expect(await readMark(fileOf(inMark, type))).toMatchObject({ state: 'broken' });
});

function assetOf(bytes: Uint8Array<ArrayBuffer>): Asset {
	const Format = [JPEG, PNG, BMFF].find((each) => each.canRead(bytes));
	if (Format === undefined) throw new Error('no format that is known there');
	return new Format(bytes);
}

/** As another program reads it, which shares no line with ours. */
async function readElsewhere(bytes: Uint8Array<ArrayBuffer>) {
	const asset = assetOf(bytes);
	const jumbf = asset.getManifestJUMBF();
	if (jumbf === undefined) throw new Error('no manifest');
	return ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(jumbf))).validate(asset);
}

test.each(['image/png', 'image/jpeg'])(
	'another program finds the mark in %s whole, and a changed byte',
	async (type) => {
		const bytes = await marked(type);
		expect(await readElsewhere(bytes)).toMatchObject({ isValid: true });
		const other = bytes.slice();
		other[other.length - 20] = (other[other.length - 20] ?? 0) ^ 1;
		expect(await readElsewhere(other)).toMatchObject({ isValid: false });
	},
);

async function framesOf(bytes: Uint8Array<ArrayBuffer>) {
	const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
	const track = await input.getPrimaryVideoTrack();
	if (track === null) throw new Error('no film');
	const frames: { at: number; bytes: string }[] = [];
	for await (const packet of new EncodedPacketSink(track).packets()) {
		frames.push({ at: packet.timestamp, bytes: Buffer.from(packet.data).toString('base64') });
	}
	return frames;
}

test('a marked film has the same frames at the same times', async () => {
	const frames = await framesOf(files['video/mp4']!);
	expect(frames.length).toBeGreaterThan(10);
	expect(await framesOf(await marked('video/mp4'))).toEqual(frames);
});

test('a signature of another key, and one over another claim, is seen', async () => {
	const other = await generateCredentialSecrets();
	const { privateKey } = await importCredentialSigner({
		key: other.PROVENANCE_KEY,
		certificates: other.PROVENANCE_CERTIFICATES,
	});
	const type = 'image/png';
	const foreign = await written(type, ({ claim }) => coseSign1({ ...signer, privateKey }, claim));
	expect(await readMark(fileOf(foreign, type))).toMatchObject({ state: 'broken' });
	const misplaced = await written(type, ({ actions }) => coseSign1(signer, actions));
	expect(await readMark(fileOf(misplaced, type))).toMatchObject({ state: 'broken' });
});

test('a file that is marked already is left as it is, and what is no file of its type is refused', async () => {
	const type = 'image/jpeg';
	expect(await writeMark(fileOf(await marked(type), type), facts, sign)).toBeNull();
	await expect(readMark(fileOf(new Uint8Array([1, 2, 3]), type))).rejects.toBeDefined();
	await expect(writeMark(fileOf(new Uint8Array([1, 2, 3]), type), facts, sign)).rejects.toBeDefined();
});
