import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { AppError } from '../../../workers/core/errors';
import { checkPngPixels } from '../../../workers/core/media/check-png-pixels';
import { IMAGE_BYTES_MAX, IMAGE_TYPES } from '../../../workers/core/media/image-types';
import { sanitizeImage } from '../../../workers/core/media/sanitize-image';
import { CANARY, joined, sampleImages } from './sample-images';

const samples = await sampleImages();
const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;

describe.each(samples)('$name', ({ name, type, bytes }) => {
	test('keeps every pixel and reports what is displayed', async () => {
		const image = sanitizeImage(bytes, type);
		const clean = joined(image.parts);

		expect(await sharp(clean).raw().toBuffer()).toEqual(await sharp(bytes).raw().toBuffer());
		const displayed = await sharp(clean).autoOrient().raw().toBuffer({ resolveWithObject: true });
		expect(image).toMatchObject({
			contentType: type,
			width: displayed.info.width,
			height: displayed.info.height,
			byteLength: clean.length,
		});
		if (image.png !== null) await checkPngPixels(image.png);
	});

	test('carries nothing of the person or the device', async () => {
		const clean = joined(sanitizeImage(bytes, type).parts);
		const before = await sharp(bytes).metadata();
		const after = await sharp(clean).metadata();

		expect(Buffer.from(bytes).includes(CANARY)).toBe(/personal|orientation/.test(name));
		expect(Buffer.from(clean).includes(CANARY)).toBe(false);
		expect(Buffer.from(clean).includes('Phone 9')).toBe(false);
		expect(after.xmp).toBeUndefined();
		expect(after.icc?.length).toBe(before.icc?.length);
		const isTurned = type === 'image/jpeg' && (before.orientation ?? 1) !== 1;
		expect(after.orientation).toBe(isTurned ? before.orientation : undefined);
		expect(after.exif?.length).toBe(isTurned ? 32 : undefined);
	});

	test('is the same when cleaned twice', () => {
		const once = joined(sanitizeImage(bytes, type).parts);
		expect(joined(sanitizeImage(once, type).parts)).toEqual(once);
	});

	test('is refused when cut anywhere', async () => {
		const cuts = Array.from({ length: 15 }, (_, index) => Math.floor((bytes.length * (index + 1)) / 16));
		for (const cut of [...cuts, bytes.length - 1, 1, 0]) {
			expect(await refusalOf(bytes.slice(0, cut), type), `cut at ${cut}`).not.toBe('accepted');
		}
	});

	test('loses what is appended and is refused with anything in front', () => {
		const clean = joined(sanitizeImage(bytes, type).parts);
		for (const foreign of ['PK\x03\x04zip', '<html><script>alert(1)</script>', '%PDF-1.7', '\0']) {
			const tail = joined([bytes, Buffer.from(foreign, 'latin1')]);
			expect(joined(sanitizeImage(tail, type).parts)).toEqual(clean);
			const prefixed = joined([Buffer.from(foreign, 'latin1'), bytes]);
			expect(() => sanitizeImage(prefixed, type)).toThrow(AppError);
		}
	});

	test('is refused under another type', () => {
		for (const other of IMAGE_TYPES.filter((candidate) => candidate !== type)) {
			expect(() => sanitizeImage(bytes, other)).toThrow(
				expect.objectContaining({
					code: 'unsupported_media_type',
					message: expect.stringContaining(`Announce ${type}.`),
				}),
			);
		}
	});
});

test.skipIf(!hasExiftool)('exiftool finds only structure, colour and orientation in every clean file', () => {
	const folder = mkdtempSync(join(tmpdir(), 'afterglow-clean-'));
	try {
		for (const { name, type, bytes } of samples) {
			writeFileSync(
				join(folder, `${name.replaceAll(/\W/g, '-')}.${type.slice('image/'.length)}`),
				joined(sanitizeImage(bytes, type).parts),
			);
		}
		const run = spawnSync('exiftool', ['-j', '-G1', '-a', '-u', folder]);
		const files = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(run.stdout.toString()));
		expect(files).toHaveLength(samples.length);
		const structure = /^(SourceFile|IFD0:Orientation|(ExifTool|File|System|Composite|JFIF|ICC[-_]\w+|PNG|RIFF|Adobe):)/;
		for (const tags of files) {
			expect(Object.keys(tags).filter((tag) => !structure.test(tag) || tag.endsWith(':Warning'))).toEqual([]);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('bytes changed at random are accepted whole or refused with a sentence, and never crash', () => {
	const seed = Date.now() & 0x7fffffff;
	console.info(`sanitize-image mutations: seed ${seed}`);
	fc.assert(
		fc.property(
			fc.constantFrom(...samples),
			fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 12 }),
			fc.constantFrom(64, 512, Number.MAX_SAFE_INTEGER),
			({ type, bytes }, changes, reach) => {
				const mutated = bytes.slice();
				for (const [at, value] of changes) mutated[at % Math.min(bytes.length, reach)] = value;
				const clean = cleanOrRefused(mutated, type);
				const again = clean === 'refused' ? 'refused' : cleanOrRefused(clean, type);
				expect(again).toEqual(clean);
			},
		),
		{ seed, numRuns: 6_000 },
	);
});

test.each([
	['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'turns it into JPEG'],
	['AVIF', '\0\0\0\x18ftypavif\0\0\0\0mif1avif', 'an AVIF'],
	['a video', '\0\0\0\x18ftypisom\0\0\0\0isommp42', 'a video'],
	['GIF', 'GIF89a\x01\0\x01\0\0\0\0;', 'a GIF'],
	['PDF', '%PDF-1.7\n', 'a PDF'],
	['SVG', ' <?xml version="1.0"?><svg onload="x()"/>', 'an SVG'],
	['HTML', '<!DOCTYPE html><script>', 'a web page'],
	['ZIP', 'PK\x03\x04\x14\0', 'a ZIP'],
	['TIFF', 'II*\0\x08\0\0\0', 'a TIFF'],
	['text', 'hello', 'not a photo'],
])('%s is refused by name', (_, head, words) => {
	expect(() => sanitizeImage(Uint8Array.from(Buffer.from(head, 'latin1')), 'image/jpeg')).toThrow(
		expect.objectContaining({ code: 'unsupported_media_type', message: expect.stringContaining(words) }),
	);
});

test('an empty file and a file over the limit are refused before they are read', () => {
	expect(() => sanitizeImage(new Uint8Array(), 'image/png')).toThrow(
		expect.objectContaining({ code: 'invalid_input' }),
	);
	expect(() => sanitizeImage(new Uint8Array(IMAGE_BYTES_MAX + 1), 'image/png')).toThrow(
		expect.objectContaining({ code: 'payload_too_large' }),
	);
});

/** Rethrows what is no refusal: an error of the engine fails the property. */
function cleanOrRefused(bytes: Uint8Array, type: (typeof IMAGE_TYPES)[number]): Uint8Array | 'refused' {
	try {
		return joined(sanitizeImage(bytes, type).parts);
	} catch (error) {
		if (error instanceof AppError) return 'refused';
		throw error;
	}
}

async function refusalOf(bytes: Uint8Array, type: (typeof IMAGE_TYPES)[number]): Promise<string> {
	try {
		const image = sanitizeImage(bytes, type);
		if (image.png !== null) await checkPngPixels(image.png);
		return 'accepted';
	} catch (error) {
		if (error instanceof AppError) return error.code;
		throw error;
	}
}
