import { deflateSync } from 'node:zlib';

import sharp from 'sharp';
import { expect, test } from 'vitest';

import { checkPngPixels } from '../../../workers/core/media/check-png-pixels';
import type { PngPixels } from '../../../workers/core/media/image-types';
import { rewritePng } from '../../../workers/core/media/png';
import { chunkBytes, chunksOf, END, header, pixels, pngOf, type PngChunk } from './png-chunks';
import { joined, patched, picture } from './sample-images';

const png = new Uint8Array(await picture().png().toBuffer());
const clean = joined(rewritePng(png).parts);
const [IHDR, ...rest] = chunksOf(clean);

function sized(width: number, height: number): Uint8Array {
	return pngOf([header({ width, height }), pixels(10), END]);
}

function pixelsOf(...idat: readonly PngChunk[]): PngPixels {
	return rewritePng(pngOf([header({ width: 2, height: 2 }), ...idat, END])).png!;
}

function isAccepted(bytes: Uint8Array): boolean {
	try {
		return rewritePng(bytes).width > 0;
	} catch {
		return false;
	}
}

/** The clean file with these chunks behind its header. */
function withChunks(...extra: readonly PngChunk[]): Uint8Array {
	return pngOf([IHDR!, ...extra, ...rest]);
}

function chunk(type: string, data: Uint8Array | string = ''): PngChunk {
	return { type, data: new Uint8Array(Buffer.from(data)) };
}

test.each(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'pHYs', 'bKGD', 'sPLT', 'caBX', 'prVt', 'fcTL'])(
	'%s is left out and changes nothing else',
	(type) => {
		expect(joined(rewritePng(withChunks(chunk(type, 'Miriam, tooth 21'))).parts)).toEqual(clean);
		const behind = pngOf([...chunksOf(clean).slice(0, -1), chunk(type, 'Miriam'), END]);
		expect(joined(rewritePng(behind).parts)).toEqual(clean);
	},
);

test('colour chunks of the right size stay, others go', () => {
	const kept = withChunks(chunk('gAMA', Uint8Array.of(0, 0, 177, 143)), chunk('sRGB', Uint8Array.of(0)));
	expect(joined(rewritePng(kept).parts)).toEqual(kept);
	expect(joined(rewritePng(withChunks(chunk('gAMA', 'too long'))).parts)).toEqual(clean);
});

test('a profile keeps its colours and loses its name', async () => {
	const { icc } = await sharp(await picture().withIccProfile('p3').png().toBuffer()).metadata();
	const named = withChunks(
		chunk('iCCP', Buffer.concat([Buffer.from('Miriam\0\0'), deflateSync(icc!), Buffer.from('tail')])),
	);
	const rewritten = joined(rewritePng(named).parts);
	expect(Buffer.from(rewritten).includes('Miriam')).toBe(false);
	expect((await sharp(rewritten).metadata()).icc).toEqual(icc);
});

test('a profile that is none, or inflates beyond 64 kB, is left out', () => {
	const bomb = deflateSync(Buffer.alloc(40_000_000));
	for (const data of [bomb, deflateSync(Buffer.from('no profile')), Buffer.from('not deflated')]) {
		const file = withChunks(chunk('iCCP', Buffer.concat([Buffer.from('name\0\0'), data])));
		expect(joined(rewritePng(file).parts)).toEqual(clean);
	}
});

test('an animation is refused', () => {
	expect(() => rewritePng(withChunks(chunk('acTL', '12345678')))).toThrow(/animation/);
});

test('dimensions are refused on the header', () => {
	expect(() => rewritePng(sized(12_001, 1))).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
	expect(() => rewritePng(sized(0xffffffff, 0xffffffff))).toThrow(
		expect.objectContaining({ code: 'payload_too_large' }),
	);
	expect(() => rewritePng(sized(10_000, 5_001))).toThrow(/51 megapixels/);
	expect(() => rewritePng(sized(0, 5))).toThrow(/no pixels/);
	// Within the limits, but no deflate stream of that length can fill the picture.
	expect(() => rewritePng(sized(5_000, 5_000))).toThrow(/ends too early/);
});

test('every legal pair of colour type and bit depth is accepted, every other refused', () => {
	const legal = [
		'0/1',
		'0/2',
		'0/4',
		'0/8',
		'0/16',
		'2/8',
		'2/16',
		'3/1',
		'3/2',
		'3/4',
		'3/8',
		'4/8',
		'4/16',
		'6/8',
		'6/16',
	];
	const accepted: string[] = [];
	for (const colour of [0, 1, 2, 3, 4, 5, 6, 7]) {
		for (const depth of [0, 1, 2, 3, 4, 8, 16, 32]) {
			const palette = colour === 3 ? [chunk('PLTE', Uint8Array.of(1, 2, 3))] : [];
			const file = pngOf([header({ width: 1, height: 1, colour, depth }), ...palette, pixels(9), END]);
			if (isAccepted(file)) accepted.push(`${colour}/${depth}`);
		}
	}
	expect(accepted).toEqual(legal);
});

const small = header({ width: 2, height: 2 });
const paletted = header({ width: 2, height: 2, colour: 3 });
const data = pixels(14);
const colours = chunk('PLTE', new Uint8Array(6));
const wrong: Record<string, Uint8Array> = {
	'a wrong checksum': patched(clean, clean.length - 1, 0),
	'a wrong checksum in what would be left out': patched(withChunks(chunk('tEXt', 'ab')), 43, 99),
	'two headers': pngOf([small, small, data, END]),
	'header not first': pngOf([chunk('tEXt', 'a\0b'), small, data, END]),
	'no pixels': pngOf([small, END]),
	'pixels in two places': pngOf([small, data, chunk('tEXt', 'a\0b'), data, END]),
	'an end with data': pngOf([small, data, chunk('IEND', 'x')]),
	'an unknown critical chunk': pngOf([small, chunk('CgBI', 'abcd'), data, END]),
	'no palette': pngOf([paletted, data, END]),
	'a palette of half a colour': pngOf([paletted, chunk('PLTE', 'ab'), data, END]),
	'a palette too long': pngOf([
		header({ width: 2, height: 2, colour: 3, depth: 1 }),
		chunk('PLTE', 'abcabcabc'),
		data,
		END,
	]),
	'two palettes': pngOf([paletted, colours, colours, data, END]),
	'a palette for grey': pngOf([header({ width: 2, height: 2, colour: 0 }), colours, data, END]),
	'a palette behind its transparency': pngOf([small, chunk('tRNS', 'abcdef'), colours, data, END]),
	'a palette behind the pixels': pngOf([small, data, colours, END]),
	'transparency longer than the palette': pngOf([paletted, colours, chunk('tRNS', 'abc'), data, END]),
	'transparency for alpha pixels': pngOf([header({ width: 2, height: 2, colour: 6 }), chunk('tRNS', 'ab'), data, END]),
	'a chunk without a name': pngOf([small, chunk('a1b2'), data, END]),
	'a length beyond the file': patched(clean, 33, 0x7f, 0xff, 0xff, 0xff),
	'no end': clean.slice(0, clean.length - chunkBytes(END).length),
};

test.each(Object.entries(wrong))('a file with %s is refused', (_, bytes) => {
	expect(() => rewritePng(bytes)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test('pixel data that inflates to more, to less, or not at all is refused', async () => {
	await expect(checkPngPixels(pixelsOf(pixels(14)))).resolves.toBeUndefined();
	await expect(checkPngPixels(pixelsOf(pixels(15)))).rejects.toThrow(/more pixels/);
	await expect(checkPngPixels(pixelsOf(pixels(13)))).rejects.toThrow(/fewer pixels/);
	await expect(checkPngPixels(pixelsOf(pixels(200_000_000)))).rejects.toThrow(/more pixels/);
	await expect(checkPngPixels(pixelsOf(chunk('IDAT', 'not deflated')))).rejects.toThrow(/cannot be read/);
	const cut = pixels(14).data.slice(0, -2);
	await expect(checkPngPixels(pixelsOf(chunk('IDAT', cut)))).rejects.toThrow(/cannot be read/);
	const behind = Buffer.concat([pixels(14).data, Buffer.from('hidden behind the pixels')]);
	await expect(checkPngPixels(pixelsOf(chunk('IDAT', behind)))).rejects.toThrow(/behind its pixels/);
	const later = [pixels(14), chunk('IDAT', 'hidden in a chunk of its own')];
	await expect(checkPngPixels(pixelsOf(...later))).rejects.toMatchObject({ code: 'invalid_input' });
});
