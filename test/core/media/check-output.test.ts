import HME from 'h264-mp4-encoder';
import { expect, test } from 'vitest';

import { AppError } from '../../../workers/core/errors';
import { checkOutput } from '../../../workers/core/media/check-output';
import { joined, picture, sampleImages } from './sample-images';

const video = await sampleVideo(64, 96, 30, 15);
const refused = expect.objectContaining({ code: 'invalid_input', isRetryable: false });

async function sampleVideo(width: number, height: number, frameRate: number, frames: number): Promise<Uint8Array> {
	const encoder = await HME.createH264MP4Encoder();
	Object.assign(encoder, { width, height, frameRate });
	encoder.initialize();
	for (let frame = 0; frame < frames; frame++) {
		encoder.addFrameRgba(new Uint8Array(width * height * 4).fill(frame * 10));
	}
	encoder.finalize();
	const bytes = encoder.FS.readFile(encoder.outputFilename).slice();
	encoder.delete();
	return bytes;
}

function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array {
	const body = Buffer.concat(contents);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(body.length + 8);
	head.write(type, 4, 'latin1');
	return joined([head, body]);
}

/** The video with every box of this type renamed or its content changed from `offset` on. */
function changed(type: string, offset: number, ...values: readonly number[]): Uint8Array {
	const at = Buffer.from(video).indexOf(type);
	if (at < 0) throw new Error(`no ${type} box`);
	const copy = video.slice();
	copy.set(values, at + 4 + offset);
	return copy;
}

test('a whole MP4 tells its displayed size and its duration', () => {
	expect(checkOutput(video, 'video')).toEqual({ contentType: 'video/mp4', width: 64, height: 96, durationMs: 500 });
});

test('a track that is turned by a quarter tells its size as displayed', () => {
	const at = Buffer.from(video).indexOf('tkhd') + 4 + 40;
	const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];
	const turned = Buffer.from(video);
	matrix.forEach((value, index) => turned.writeInt32BE(value, at + index * 4));
	expect(checkOutput(new Uint8Array(turned), 'video')).toMatchObject({ width: 96, height: 64 });
});

test('an image tells its size and keeps its bytes', async () => {
	for (const { type, bytes } of await sampleImages()) {
		const before = bytes.slice();
		expect(checkOutput(bytes, 'image')).toMatchObject({ contentType: type });
		expect(bytes).toEqual(before);
	}
});

test('one kind is not the other', async () => {
	const jpeg = new Uint8Array(await picture().jpeg().toBuffer());
	expect(() => checkOutput(jpeg, 'video')).toThrow(refused);
	expect(() => checkOutput(video, 'image')).toThrow(refused);
	for (const text of ['', '{"detail":"error"}', '<html>', 'GIF89a', '\0\0\0\0ftyp']) {
		expect(() => checkOutput(Uint8Array.from(Buffer.from(text)), 'image')).toThrow(refused);
		expect(() => checkOutput(Uint8Array.from(Buffer.from(text)), 'video')).toThrow(refused);
	}
});

test('a cut video is refused wherever it is cut', () => {
	for (let cut = 0; cut < video.length; cut += 1 + Math.floor(video.length / 64)) {
		expect(() => checkOutput(video.slice(0, cut), 'video')).toThrow(refused);
	}
});

const wrong: Record<string, Uint8Array> = {
	'a box of size zero': joined([video, new Uint8Array(8)]),
	'a box smaller than its head': joined([video, Uint8Array.of(0, 0, 0, 7, 102, 114, 101, 101)]),
	'a long size beyond the file': joined([
		video,
		Uint8Array.of(0, 0, 0, 1, 102, 114, 101, 101, 255, 255, 255, 255, 0, 0, 0, 0),
	]),
	'no ftyp first': joined([box('free'), video]),
	fragments: joined([video, box('moof')]),
	'two movies': joined([video, box('moov')]),
	'thousands of boxes': joined([video, ...Array.from({ length: 1_001 }, () => box('free'))]),
	'no video data': changed('mdat', -4, ...Buffer.from('free')),
	'no video track': changed('vide', -4, ...Buffer.from('soun')),
	'no timescale': changed('mvhd', 12, 0, 0, 0, 0),
	'no duration': changed('mvhd', 16, 0, 0, 0, 0),
	'no width': changed('tkhd', 76, 0, 0),
	'a giant height': changed('tkhd', 80, 255, 255),
	'no samples': changed('stsz', 8, 0, 0, 0, 0),
	'data in another file': changed('dref', 8 + 8, 0, 0, 0, 0),
};

test.each(Object.entries(wrong))('a video with %s is refused', (_, bytes) => {
	expect(() => checkOutput(bytes, 'video')).toThrow(refused);
});

test('random changes to a video are accepted or refused, and never crash', () => {
	const outcomes = new Set<string>();
	let state = 20_261_121;
	const random = () => (state = (state * 48_271) % 2_147_483_647);
	for (let run = 0; run < 2_000; run++) {
		const copy = video.slice();
		for (let change = 0; change < 4; change++) copy[random() % copy.length] = random() & 255;
		outcomes.add(outcomeOf(copy));
	}
	expect([...outcomes].toSorted((a, b) => a.localeCompare(b))).toEqual(['accepted', 'invalid_input']);
});

function outcomeOf(bytes: Uint8Array): string {
	try {
		checkOutput(bytes, 'video');
		return 'accepted';
	} catch (error) {
		if (error instanceof AppError) return error.code;
		throw error;
	}
}
