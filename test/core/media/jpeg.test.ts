import sharp from 'sharp';
import { expect, test } from 'vitest';

import { rewriteJpeg } from '../../../workers/core/media/jpeg';
import { joined, patched, picture, segmentAt, withSegment } from './sample-images';

const jpeg = new Uint8Array(await picture().jpeg({ quality: 90 }).toBuffer());
const progressive = new Uint8Array(await picture().jpeg({ progressive: true }).toBuffer());
const clean = joined(rewriteJpeg(jpeg).parts);

/** The head of one of two ICC segments. */
function mark(sequence: number): Buffer {
	return Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([sequence, 2])]);
}

const [COM, APP0, APP1, APP2, APP13, APP14, SOF0, SOS] = [0xfe, 0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xc0, 0xda];

test.each([
	['a comment', COM, 'Miriam, tooth 21'],
	['XMP', APP1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'],
	['IPTC', APP13, 'Photoshop 3.0\x008BIM'],
	['a multi-picture index', APP2, 'MPF\0MM\0*'],
	['a thumbnail extension', APP0, 'JFXX\0\x10'],
	['an unknown application segment', 0xe7, 'anything'],
	['a broken EXIF', APP1, 'Exif\0\0MM\0*\xff\xff\xff\xff'],
	['a profile that is none', APP2, 'ICC_PROFILE\0\x01\x01nothing'],
	['an ICC chunk whose siblings are missing', APP2, 'ICC_PROFILE\0\x01\x02nothing'],
])('%s is left out and changes nothing else', (_, marker, data) => {
	expect(joined(rewriteJpeg(withSegment(jpeg, marker, Buffer.from(data, 'latin1'))).parts)).toEqual(clean);
});

test('a JFIF thumbnail is left out, its densities stay', () => {
	const thumbnail = [...Buffer.from('JFIF\0'), 1, 2, 1, 0, 72, 0, 72, 1, 1, 255, 0, 0];
	const rewritten = joined(rewriteJpeg(withSegment(jpeg, APP0, Uint8Array.from(thumbnail))).parts);
	expect(rewritten.slice(2, 20)).toEqual(
		Uint8Array.from([0xff, APP0, 0, 16, ...Buffer.from('JFIF\0'), 1, 2, 1, 0, 72, 0, 72, 0, 0]),
	);
});

test('the colour transform of Adobe stays, what hides behind it does not', () => {
	const adobe = Uint8Array.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 1, ...Buffer.from('hidden')]);
	const rewritten = Buffer.from(joined(rewriteJpeg(withSegment(jpeg, APP14, adobe)).parts));
	expect(rewritten.includes('Adobe')).toBe(true);
	expect(rewritten.includes('hidden')).toBe(false);
});

test('a profile in two segments stays whole; one above 64 kB is left out', async () => {
	const profile = Buffer.alloc(70_000);
	profile.write('acsp', 36);
	const split = (byteLength: number) => {
		profile.writeUInt32BE(byteLength, 0);
		const second = withSegment(jpeg, APP2, Buffer.concat([mark(2), profile.subarray(40_000, byteLength)]));
		return withSegment(second, APP2, Buffer.concat([mark(1), profile.subarray(0, 40_000)]));
	};
	const kept = await sharp(joined(rewriteJpeg(split(60_000)).parts)).metadata();
	expect(kept.icc?.length).toBe(60_000);
	expect(joined(rewriteJpeg(split(70_000)).parts)).toEqual(clean);
});

test('fill bytes before a marker are legal', () => {
	const at = segmentAt(jpeg, SOF0);
	const filled = joined([jpeg.subarray(0, at), Uint8Array.of(0xff, 0xff), jpeg.subarray(at)]);
	expect(joined(rewriteJpeg(filled).parts)).toEqual(clean);
});

test('dimensions are refused on the header, however little data follows', () => {
	const at = segmentAt(jpeg, SOF0) + 5;
	const sized = (height: number, width: number) =>
		patched(jpeg, at, height >> 8, height & 255, width >> 8, width & 255);
	expect(() => rewriteJpeg(sized(60_000, 60_000))).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
	expect(() => rewriteJpeg(sized(9_000, 9_000))).toThrow(/81 megapixels/);
	expect(() => rewriteJpeg(sized(0, 100))).toThrow(expect.objectContaining({ code: 'invalid_input' }));
	// Within the limits, but the data has too few bits for that many blocks.
	expect(() => rewriteJpeg(sized(5_000, 5_000))).toThrow(/ends too early/);
});

test('kinds of JPEG that browsers do not show are refused', () => {
	const at = segmentAt(jpeg, SOF0);
	for (const marker of [0xc3, 0xc9, 0xcc, 0xc7]) {
		expect(() => rewriteJpeg(patched(jpeg, at + 1, marker))).toThrow(
			expect.objectContaining({ code: 'unsupported_media_type' }),
		);
	}
	expect(() => rewriteJpeg(patched(jpeg, at + 4, 12))).toThrow(/special kind/);
});

const frame = segmentAt(jpeg, SOF0);
const scan = segmentAt(jpeg, SOS);
const frameLength = 2 + jpeg[frame + 2]! * 256 + jpeg[frame + 3]!;
const frameSegment = jpeg.subarray(frame, frame + frameLength);
const wrong: Record<string, Uint8Array> = {
	'two frames': joined([jpeg.subarray(0, frame), frameSegment, jpeg.subarray(frame)]),
	'no frame': joined([jpeg.subarray(0, frame), jpeg.subarray(frame + frameLength)]),
	'no scan': joined([jpeg.subarray(0, scan), Uint8Array.of(0xff, 0xd9)]),
	'a scan of nobody': patched(jpeg, scan + 5, 77),
	'a repeated component': patched(jpeg, scan + 7, jpeg[scan + 5]!),
	'a segment without a length': patched(jpeg, frame + 2, 0, 1),
	'a second start': joined([jpeg.subarray(0, 2), jpeg]),
	'sampling of zero': patched(jpeg, frame + 11, 0),
	'a wrong quantisation table': withSegment(jpeg, 0xdb, Uint8Array.of(0x20)),
	'a Huffman table without end': withSegment(jpeg, 0xc4, new Uint8Array(17).fill(255, 1)),
	'a wrong restart interval': withSegment(jpeg, 0xdd, Uint8Array.of(1)),
	'lines defined later': withSegment(jpeg, 0xdc, Uint8Array.of(0, 9)),
	'thousands of segments': joined([
		jpeg.subarray(0, 2),
		...Array.from({ length: 2_001 }, () => Uint8Array.of(0xff, COM, 0, 2)),
		jpeg.subarray(2),
	]),
};

test.each(Object.entries(wrong))('a file with %s is refused', (_, bytes) => {
	expect(() => rewriteJpeg(bytes)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test('more than 100 progressive scans are refused', () => {
	const start = segmentAt(progressive, SOS);
	const next = progressive.findIndex((byte, at) => at > start + 12 && byte === 0xff && progressive[at + 1] !== 0);
	const first = progressive.subarray(start, next);
	const repeated = (times: number) => {
		return joined([
			progressive.subarray(0, start),
			...Array<Uint8Array>(times).fill(first),
			progressive.subarray(start),
		]);
	};
	const own = Buffer.from(progressive).toString('latin1').split('\xff\xda').length - 1;
	expect(rewriteJpeg(repeated(100 - own))).toMatchObject({ width: 61, height: 43 });
	expect(() => rewriteJpeg(repeated(101 - own))).toThrow(/more than 100 scans/);
});

test('a progressive scan outside the spectrum is refused', () => {
	const start = segmentAt(progressive, SOS);
	const end = start + 2 + progressive[start + 3]!;
	expect(() => rewriteJpeg(patched(progressive, end - 3, 5, 2))).toThrow(/progressive scan/);
	expect(() => rewriteJpeg(patched(progressive, end - 1, 0xff))).toThrow(/progressive scan/);
});

test('an untouched file is two views of the input: its start and the rest', () => {
	const parts = rewriteJpeg(clean).parts;
	expect(parts).toHaveLength(2);
	expect(parts.map((part) => part.buffer)).toEqual([clean.buffer, clean.buffer]);
});
