import sharp from 'sharp';
import { expect, test } from 'vitest';

import { rewriteWebp } from '../../../workers/core/media/webp';
import { joined, patched, picture } from './sample-images';

const lossy = new Uint8Array(await picture(60, 40).webp().toBuffer());
const lossless = new Uint8Array(await picture(60, 40).webp({ lossless: true }).toBuffer());
const alpha = new Uint8Array(await picture(60, 40, 4).webp().toBuffer());
const profiled = new Uint8Array(await picture(60, 40).withIccProfile('p3').webp().toBuffer());

function chunk(type: string, data: Uint8Array | string): Uint8Array {
	const body = Buffer.from(data);
	const head = Buffer.alloc(8);
	head.write(type);
	head.writeUInt32LE(body.length, 4);
	return joined([head, body, Buffer.alloc(body.length % 2)]);
}

function riff(...chunks: readonly Uint8Array[]): Uint8Array {
	return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

/** The chunks of a file that has an extended header. */
function bodyOf(webp: Uint8Array): Uint8Array {
	return webp.subarray(12);
}

function extended(flags: number, width = 60, height = 40): Uint8Array {
	return chunk('VP8X', Uint8Array.of(flags, 0, 0, 0, width - 1, (width - 1) >> 8, 0, height - 1, (height - 1) >> 8, 0));
}

test('EXIF, XMP and unknown chunks are left out and the flags say so', async () => {
	const full = riff(
		extended(0x0c),
		bodyOf(lossy),
		chunk('EXIF', 'MM\0*Miriam'),
		chunk('XMP ', '<Miriam/>'),
		chunk('priv', 'x'),
	);
	const rewritten = joined(rewriteWebp(full).parts);
	expect(rewritten).toEqual(riff(extended(0), bodyOf(lossy)));
	expect(await sharp(rewritten).raw().toBuffer()).toEqual(await sharp(lossy).raw().toBuffer());
});

test('a simple file keeps its one chunk, whatever follows inside the RIFF', () => {
	expect(joined(rewriteWebp(riff(bodyOf(lossy), chunk('EXIF', 'Miriam'))).parts)).toEqual(lossy);
	expect(joined(rewriteWebp(lossless).parts)).toEqual(lossless);
});

test('a padding byte that hides something is written as zero', () => {
	const odd = [lossy, lossless, alpha, profiled].map(bodyOf).find((body) => body[4]! % 2 === 1);
	const clean = riff(odd ?? chunk('VP8L', bodyOf(lossless).subarray(8)));
	const simple = riff(
		chunk('VP8 ', joined([bodyOf(lossy).subarray(8), Uint8Array.of(0)]).subarray(0, (bodyOf(lossy).length - 8) | 1)),
	);
	expect(joined(rewriteWebp(patched(simple, simple.length - 1, 66)).parts)).toEqual(simple);
	expect(joined(rewriteWebp(clean).parts)).toEqual(clean);
});

test('alpha and a usable profile stay; a profile that is none goes with its flag', async () => {
	expect(joined(rewriteWebp(alpha).parts)).toEqual(alpha);
	expect((await sharp(joined(rewriteWebp(profiled).parts)).metadata()).icc).toBeDefined();
	const fake = riff(extended(0x20), chunk('ICCP', 'no profile'), bodyOf(lossy));
	expect(joined(rewriteWebp(fake).parts)).toEqual(riff(extended(0), bodyOf(lossy)));
});

test('a profile whose tags point outside it is left out', async () => {
	const { icc } = await sharp(profiled).metadata();
	const pointing = Buffer.from(icc!);
	const file = () => riff(extended(0x20), chunk('ICCP', pointing), bodyOf(lossy));
	expect(joined(rewriteWebp(file()).parts)).toEqual(file());
	pointing.writeUInt32BE(pointing.length, 128 + 4 + 4);
	expect(joined(rewriteWebp(file()).parts)).toEqual(riff(extended(0), bodyOf(lossy)));
});

test('the alpha flag of a lossless picture stays as it was', async () => {
	const clear = new Uint8Array(await picture(60, 40, 4).webp({ lossless: true }).toBuffer());
	const body = clear.subarray(Buffer.from(clear).indexOf('VP8L'));
	for (const flags of [0, 0x10]) {
		const file = riff(extended(flags), body);
		expect(joined(rewriteWebp(file).parts)).toEqual(file);
	}
});

test('an animation is refused, of one frame too', async () => {
	const frames = await Promise.all([picture(60, 40), picture(60, 40).negate()].map((frame) => frame.png().toBuffer()));
	const moving = await sharp(frames, { join: { animated: true } })
		.webp({ loop: 0 })
		.toBuffer();
	expect(() => rewriteWebp(new Uint8Array(moving))).toThrow(/animation/);
	expect(() => rewriteWebp(riff(extended(0), chunk('ANMF', 'x'), bodyOf(lossy)))).toThrow(/animation/);
});

test('dimensions are refused on the header', () => {
	expect(() => rewriteWebp(riff(extended(0, 16_000, 10), bodyOf(lossy)))).toThrow(/12000 pixels/);
	expect(() => rewriteWebp(patched(lossy, 26, 0xff, 0x3f))).toThrow(
		expect.objectContaining({ code: 'payload_too_large' }),
	);
	expect(() => rewriteWebp(patched(lossless, 21, 0xff, 0xff, 0xff, 0x0f))).toThrow(/12000 pixels/);
	expect(() => rewriteWebp(patched(lossy, 26, 0, 0))).toThrow(/no pixels/);
});

const picture8 = bodyOf(lossy);
const wrong: Record<string, Uint8Array> = {
	'no picture': riff(extended(0)),
	'no chunk at all': riff(),
	'two pictures': riff(extended(0), picture8, picture8),
	'two sizes': riff(extended(0, 61), picture8),
	'a short header': riff(chunk('VP8X', 'abc'), picture8),
	'a chunk beyond the RIFF': patched(lossy, 16, 0xff, 0xff, 0xff, 0x7f),
	'a RIFF beyond the file': patched(lossy, 4, 0xff, 0xff, 0xff, 0xff),
	'not a key frame': patched(lossy, 20, lossy[20]! | 1),
	'a wrong start code': patched(lossy, 23, 0),
	'a first partition beyond the chunk': patched(lossy, 21, 0xff, 0xff),
	'a wrong lossless mark': patched(lossless, 20, 0),
	'a lossless version of the future': patched(lossless, 24, lossless[24]! | 0xe0),
	'two alphas': riff(extended(0x10), chunk('ALPH', 'ab'), chunk('ALPH', 'ab'), picture8),
	'a hundred chunks': riff(extended(0), ...Array.from({ length: 100 }, () => chunk('priv', '')), picture8),
};

test.each(Object.entries(wrong))('a file with %s is refused', (_, bytes) => {
	expect(() => rewriteWebp(bytes)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
