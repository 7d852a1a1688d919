import { expect, test } from 'vitest';

import { emptyI420, writeI420, type I420Frame } from '../../../smile/reel/i420';

function painted(width: number, height: number, colour: (x: number, y: number) => readonly [number, number, number]) {
	const rgba = new Uint8ClampedArray(width * height * 4);
	for (let y = 0; y < height; y += 1) {
		for (let x = 0; x < width; x += 1) rgba.set([...colour(x, y), 255], (y * width + x) * 4);
	}
	return rgba;
}

function samplesAt({ width, height, bytes }: I420Frame, x: number, y: number): [number, number, number] {
	const chroma = Math.floor(y / 2) * (width / 2) + Math.floor(x / 2);
	const plane = width * height;
	return [bytes[y * width + x]!, bytes[plane + chroma]!, bytes[plane + plane / 4 + chroma]!];
}

/** As a player turns it back (ITU-R BT.709-6, limited range). */
function shown([luma, u, v]: readonly [number, number, number]): number[] {
	const light = (luma - 16) / 219;
	const [blueness, redness] = [(u - 128) / 224, (v - 128) / 224];
	const red = light + 1.5748 * redness;
	const blue = light + 1.8556 * blueness;
	const green = (light - 0.2126 * red - 0.0722 * blue) / 0.7152;
	return [red, green, blue].map((value) => Math.round(255 * value));
}

test.each([
	['white', [255, 255, 255], [235, 128, 128]],
	['black', [0, 0, 0], [16, 128, 128]],
	['red', [255, 0, 0], [63, 102, 240]],
	['green', [0, 255, 0], [173, 42, 26]],
	['blue', [0, 0, 255], [32, 240, 118]],
] as const)('%s has the samples of the standard', (_, colour, samples) => {
	const frame = emptyI420(4, 4);
	writeI420(
		frame,
		painted(4, 4, () => colour),
		{ x: 0, y: 0, width: 4, height: 4 },
	);
	expect(samplesAt(frame, 2, 2)).toEqual(samples);
});

test('a player shows every colour as it was, to two steps of 255', () => {
	for (let value = 0; value < 4096; value += 11) {
		const colour = [(value >> 8) * 17, ((value >> 4) & 15) * 17, (value & 15) * 17] as const;
		const frame = emptyI420(2, 2);
		writeI420(
			frame,
			painted(2, 2, () => colour),
			{ x: 0, y: 0, width: 2, height: 2 },
		);
		shown(samplesAt(frame, 0, 0)).forEach((part, at) => expect(Math.abs(part - colour[at]!)).toBeLessThanOrEqual(2));
	}
});

test('a part lands where it belongs and leaves the rest alone', () => {
	const frame = emptyI420(8, 6);
	writeI420(
		frame,
		painted(4, 2, () => [255, 0, 0]),
		{ x: 2, y: 4, width: 4, height: 2 },
	);
	for (let y = 0; y < 6; y += 1) {
		for (let x = 0; x < 8; x += 1) {
			const isPart = x >= 2 && x < 6 && y >= 4;
			expect(samplesAt(frame, x, y)).toEqual(isPart ? [63, 102, 240] : [16, 128, 128]);
		}
	}
});

test('refuses odd edges and too few pixels', () => {
	const frame = emptyI420(4, 4);
	expect(() => emptyI420(3, 4)).toThrow(RangeError);
	expect(() => writeI420(frame, new Uint8ClampedArray(64), { x: 1, y: 0, width: 2, height: 2 })).toThrow(RangeError);
	expect(() => writeI420(frame, new Uint8ClampedArray(12), { x: 0, y: 0, width: 2, height: 2 })).toThrow(RangeError);
});
