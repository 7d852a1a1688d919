import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { decodePicture } from '../../emulators/fal/decode-picture';
import { amountsOfPrompt, shadesOfPrompt } from '../../emulators/fal/edit-smile';
import { filmSize } from '../../emulators/fal/film-transition';
import { createFaceMesh } from '../../emulators/face-mesh/face-mesh';
import { drawWipe, wipeProgress, yuvOf } from '../../emulators/video/wipe-frames';
import { whitenSmile } from '../../smile/retouch';
import { EDIT, FILM, PATIENT, startFalAccount } from './fal-account';

const Edited = z.object({
	images: z.array(z.object({ url: z.string(), width: z.number(), height: z.number() })).length(1),
});
const Filmed = z.object({ video: z.object({ url: z.string(), content_type: z.string(), file_size: z.number() }) });

const account = await startFalAccount();
afterAll(() => account.close());
const patientUrl = `data:image/png;base64,${readFileSync(PATIENT).toString('base64')}`;

async function download(url: string): Promise<Buffer> {
	return Buffer.from(await (await fetch(url)).arrayBuffer());
}

test('an edit changes the teeth to the shade asked for and leaves every pixel outside the mask as it was', async () => {
	const input = {
		prompt: 'Whiten the teeth from VITA classical A3 to BL2.',
		image_urls: [patientUrl],
		output_format: 'png',
	};
	const result = await account.result(EDIT, await account.submit(EDIT, input));
	const [image] = Edited.parse(await result.json()).images;
	const before = (await decodePicture(readFileSync(PATIENT)))!;
	const after = (await decodePicture(await download(image!.url)))!;
	const expected = whitenSmile(before, await (await createFaceMesh()).find(before), { from: 'A3', to: 'BL2' });

	expect(result.headers.get('x-fal-billable-units')).toBe('1');
	expect([after.width, after.height]).toEqual([before.width, before.height]);
	expect([image!.width, image!.height]).toEqual([before.width, before.height]);
	if (!expected.ok) throw new Error(expected.refusal.message);
	expect(Buffer.from(after.data).equals(Buffer.from(expected.after.data))).toBe(true);
	const { box, alpha } = expected.mask;
	let changed = 0;
	let changedOutside = 0;
	for (let pixelAt = 0; pixelAt < before.width * before.height; pixelAt++) {
		if ([0, 1, 2, 3].every((channel) => before.data[pixelAt * 4 + channel] === after.data[pixelAt * 4 + channel]))
			continue;
		changed++;
		const [x, y] = [(pixelAt % before.width) - box.x, Math.floor(pixelAt / before.width) - box.y];
		const isInBox = x >= 0 && y >= 0 && x < box.width && y < box.height;
		if (!isInBox || alpha[y * box.width + x] === 0) changedOutside++;
	}
	expect(changed).toBeGreaterThan(500);
	expect(changedOutside).toBe(0);
});

test('a photo that lies on its side is edited upright', async () => {
	const sideways = await sharp(PATIENT).rotate(270).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
	const input = { prompt: 'whiter', image_urls: [`data:image/jpeg;base64,${sideways.toString('base64')}`] };
	const result = await account.result(EDIT, await account.submit(EDIT, input));
	expect(Edited.parse(await result.json()).images[0]).toMatchObject({ width: 768, height: 960 });
});

test('two people in a photo are refused as several_faces', async () => {
	const one = await sharp(PATIENT).resize(400, 500).toBuffer();
	const two = await sharp({ create: { width: 800, height: 500, channels: 3, background: '#fff' } })
		.composite([
			{ input: one, left: 0, top: 0 },
			{ input: one, left: 400, top: 0 },
		])
		.png()
		.toBuffer();
	const input = { prompt: 'whiter', image_urls: [`data:image/png;base64,${two.toString('base64')}`] };
	const result = await account.result(EDIT, await account.submit(EDIT, input));
	expect(result.status).toBe(422);
	expect(await result.json()).toMatchObject({ detail: [{ loc: ['body', 'image_urls', 0], type: 'several_faces' }] });
});

for (const [prompt, from, to] of [
	['Whiten from VITA classical A3 to A1, keep everything else.', 'A3', 'A1'],
	['from shade a3.5 to shade bl1', 'A3.5', 'BL1'],
	['From C4 to VITA B1.', 'C4', 'B1'],
	['make the teeth whiter', 'A3', 'A1'],
	['from A9 to Z1', 'A3', 'A1'],
] as const) {
	test(`"${prompt}" asks for ${from} to ${to}`, () => {
		expect(shadesOfPrompt(prompt)).toEqual({ from, to });
	});
}

test('a prompt that keeps the colour asks for no change, one with a percentage for so much of it', () => {
	expect(amountsOfPrompt('Straighten. Keep the colour of the teeth exactly as it is.')).toEqual({ amount: 0 });
	const both = 'Go about 60 percent of the way. Even out differences of colour between the teeth by about 30 percent.';
	expect(amountsOfPrompt(both)).toEqual({ amount: 0.6, evenness: 0.3 });
	expect(amountsOfPrompt('from A3 to A1')).toEqual({});
});

/** What of the film's boxes a player needs: their order, and the fields that say size, length and keyframes. */
function filmBoxes(mp4: Buffer) {
	const payload = (bytes: Buffer, ...path: string[]): Buffer => {
		const [name, ...rest] = path;
		for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at)) {
			if (bytes.toString('latin1', at + 4, at + 8) !== name) continue;
			const found = bytes.subarray(at + 8, at + bytes.readUInt32BE(at));
			return rest.length === 0 ? found : payload(found, ...rest);
		}
		throw new Error(`There is no ${name}.`);
	};
	const order: string[] = [];
	for (let at = 0; at < mp4.length; at += mp4.readUInt32BE(at)) order.push(mp4.toString('latin1', at + 4, at + 8));
	const header = payload(mp4, 'moov', 'trak', 'mdia', 'mdhd');
	const table = payload(mp4, 'moov', 'trak', 'mdia', 'minf', 'stbl');
	const format = payload(payload(table, 'stsd').subarray(8), 'avc1');
	const keyframes = payload(table, 'stss');
	const firstChunk = payload(table, 'stco').readUInt32BE(8);
	return {
		order,
		seconds: header.readUInt32BE(16) / header.readUInt32BE(12),
		frames: payload(table, 'stsz').readUInt32BE(8),
		width: format.readUInt16BE(24),
		height: format.readUInt16BE(26),
		colours: payload(format.subarray(78), 'colr').toString('hex'),
		keyframes: Array.from({ length: keyframes.readUInt32BE(4) }, (_, entry) => keyframes.readUInt32BE(8 + entry * 4)),
		/** Each keyframe is an IDR picture (NAL type 5); the first chunk starts with the first frame. */
		firstPictureType: mp4[firstChunk + 4]! & 0x1f,
		isFirstChunkInPictures: firstChunk === mp4.indexOf('mdat') + 4,
	};
}

test('a film is five seconds of portrait H.264 that can start before it is loaded and can be sought', async () => {
	const input = {
		...account.film,
		first_image_url: patientUrl,
		end_image_url: patientUrl,
		duration: 5,
		resolution: '720p',
	};
	const result = await account.result(FILM, await account.submit(FILM, input));
	const { video } = Filmed.parse(await result.json());
	const mp4 = await download(video.url);

	expect(video).toMatchObject({ content_type: 'video/mp4', file_size: mp4.length });
	const { firstPictureType, ...boxes } = filmBoxes(mp4);
	expect(boxes).toEqual({
		order: ['ftyp', 'moov', 'mdat'],
		seconds: 5,
		frames: 150,
		width: 720,
		height: 1280,
		colours: '6e636c7800010001000100',
		keyframes: [1, 31, 61, 91, 121],
		isFirstChunkInPictures: true,
	});
	expect([5, 7]).toContain(firstPictureType);
});

test('film sizes are even and have the proportions asked for', () => {
	expect(filmSize('9:16', '720p')).toEqual({ width: 720, height: 1280 });
	expect(filmSize('16:9', '1080p')).toEqual({ width: 1920, height: 1080 });
	expect(filmSize('1:1', '540p')).toEqual({ width: 540, height: 540 });
	expect(filmSize('21:9', '720p')).toEqual({ width: 1680, height: 720 });
	expect(filmSize('3:4', '360p')).toEqual({ width: 360, height: 480 });
});

test('the wipe starts on the before picture, ends on the after picture, and shows both in the middle', () => {
	const [width, height] = [400, 8];
	const plain = (value: number) => new Uint8Array(width * height * 4).fill(value);
	const pictures = { before: yuvOf(plain(0), width, height), after: yuvOf(plain(128), width, height), width, height };
	const frameAt = (place: number) => {
		const frame = new Uint8Array(pictures.before.length);
		drawWipe(frame, pictures, wipeProgress(place));
		return frame;
	};

	for (const place of [0, 0.1, 0.16]) expect(frameAt(place)).toEqual(pictures.before);
	for (const place of [0.8, 0.9, 1]) expect(frameAt(place)).toEqual(pictures.after);
	const middle = frameAt(0.48);
	expect([middle[0], middle[width - 1]]).toEqual([pictures.after[0], pictures.before[0]]);
	expect(Math.max(...middle.subarray(0, width))).toBeGreaterThan(215);
});

function pixel(red: number, green: number, blue: number): Uint8Array {
	return yuvOf(new Uint8Array(Array.from({ length: 4 }, () => [red, green, blue, 255]).flat()), 2, 2);
}

test('colours become BT.709 in limited range', () => {
	expect([...pixel(255, 255, 255)]).toEqual([235, 235, 235, 235, 128, 128]);
	expect([...pixel(0, 0, 0)]).toEqual([16, 16, 16, 16, 128, 128]);
	expect([...pixel(255, 0, 0)]).toEqual([63, 63, 63, 63, 102, 240]);
});
