import type { Picture } from './picture';

/** One byte a pixel, row by row: a picture of a single colour channel. */
export interface Plane {
	readonly width: number;
	readonly height: number;
	readonly values: Uint8Array;
}

const RED = 0;
const BLUE = 2;

/**
 * Red and blue of a picture at `scale` (1 at most) of its size; each pixel is the mean of those that it stands for.
 * What is written differs from its ground in one of the two: green lies between them and seldom tells more.
 */
export function redAndBlue(picture: Picture, scale: number): [red: Plane, blue: Plane] {
	const width = Math.max(1, Math.round(picture.width * scale));
	const height = Math.max(1, Math.round(picture.height * scale));
	const planes = [RED, BLUE].map(() => new Uint8Array(width * height));
	const [red = new Uint8Array(), blue = new Uint8Array()] = planes;
	const { data } = picture;
	for (let row = 0; row < height; row++) {
		const [top, bottom] = span(row, height, picture.height);
		for (let column = 0; column < width; column++) {
			const [left, right] = span(column, width, picture.width);
			let [reds, blues] = [0, 0];
			for (let y = top; y < bottom; y++) {
				let offset = (y * picture.width + left) * 4;
				for (let x = left; x < right; x++, offset += 4) {
					reds += data[offset + RED] ?? 0;
					blues += data[offset + BLUE] ?? 0;
				}
			}
			const count = (bottom - top) * (right - left);
			red[row * width + column] = Math.round(reds / count);
			blue[row * width + column] = Math.round(blues / count);
		}
	}
	return [
		{ width, height, values: red },
		{ width, height, values: blue },
	];
}

/** The whole pixels of `whole` that the one at `index` of `parts` stands for: one at least. */
function span(index: number, parts: number, whole: number): [from: number, to: number] {
	const from = Math.floor((index * whole) / parts);
	return [from, Math.max(from + 1, Math.floor(((index + 1) * whole) / parts))];
}

/** The plane at half its size; an odd row or column at the end is left out. */
export function halved({ width, height, values }: Plane): Plane {
	const half = { width: width >> 1, height: height >> 1 };
	const means = new Uint8Array(half.width * half.height);
	for (let row = 0; row < half.height; row++) {
		for (let column = 0; column < half.width; column++) {
			const at = 2 * row * width + 2 * column;
			const sum = (values[at] ?? 0) + (values[at + 1] ?? 0) + (values[at + width] ?? 0) + (values[at + width + 1] ?? 0);
			means[row * half.width + column] = (sum + 2) >> 2;
		}
	}
	return { ...half, values: means };
}

/** The mean of each pixel's surroundings, `radius` pixels to each side, cut off at the border. */
export function surroundings({ width, height, values }: Plane, radius: number): Uint8Array {
	const sums = new Uint32Array((width + 1) * (height + 1));
	for (let row = 0; row < height; row++) {
		let line = 0;
		for (let column = 0; column < width; column++) {
			line += values[row * width + column] ?? 0;
			const at = (row + 1) * (width + 1) + column + 1;
			sums[at] = (sums[at - width - 1] ?? 0) + line;
		}
	}
	const means = new Uint8Array(values.length);
	for (let row = 0; row < height; row++) {
		const top = Math.max(0, row - radius) * (width + 1);
		const bottom = Math.min(height, row + radius + 1) * (width + 1);
		for (let column = 0; column < width; column++) {
			const [left, right] = [Math.max(0, column - radius), Math.min(width, column + radius + 1)];
			const sum =
				(sums[bottom + right] ?? 0) - (sums[top + right] ?? 0) - (sums[bottom + left] ?? 0) + (sums[top + left] ?? 0);
			means[row * width + column] = Math.round((sum * (width + 1)) / ((bottom - top) * (right - left)));
		}
	}
	return means;
}
