import type { Picture } from '../picture';

/** A square of a picture, in pixels, turned by `angle` radians (clockwise, as y runs down). It may reach out of the picture. */
export interface Square {
	readonly centreX: number;
	readonly centreY: number;
	readonly side: number;
	readonly angle: number;
}

// A large photo is shrunk tenfold for the detector. More samples a side than this cost time and move no landmark.
const SAMPLES_A_SIDE_MAX = 6;

/**
 * The square shrunk or grown to `size`×`size` RGB floats, each channel mapped linearly so that 0 becomes `low` and 255
 * becomes 1. What lies outside of the picture is black, as the models saw it in training.
 */
export function sampleSquare(picture: Picture, square: Square, size: number, low: number): Float32Array {
	const pixels = new Float32Array(size * size * 3);
	const step = square.side / size;
	const samples = Math.min(Math.max(Math.ceil(step), 1), SAMPLES_A_SIDE_MAX);
	const scale = (1 - low) / (255 * samples * samples);
	const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
	const sum = new Float32Array(3);
	for (let row = 0; row < size; row++) {
		for (let column = 0; column < size; column++) {
			sum.fill(0);
			for (let sample = 0; sample < samples * samples; sample++) {
				const u = (column + ((sample % samples) + 0.5) / samples) * step - square.side / 2;
				const v = (row + (Math.floor(sample / samples) + 0.5) / samples) * step - square.side / 2;
				addPixel(picture, square.centreX + u * cos - v * sin, square.centreY + u * sin + v * cos, sum);
			}
			const at = (row * size + column) * 3;
			for (let channel = 0; channel < 3; channel++) pixels[at + channel] = (sum[channel] ?? 0) * scale + low;
		}
	}
	return pixels;
}

/** A place of the sampled square (0 to 1 on both axes) as pixels of the picture. */
export function fromSquare(square: Square, x: number, y: number): { x: number; y: number } {
	const [u, v] = [(x - 0.5) * square.side, (y - 0.5) * square.side];
	const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
	return { x: square.centreX + u * cos - v * sin, y: square.centreY + u * sin + v * cos };
}

/** Adds the colour between the four pixels around a place; without it a grown crop has steps that pull the lip line. */
function addPixel({ width, height, data }: Picture, x: number, y: number, sum: Float32Array): void {
	const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
	const [toRight, toBottom] = [x - 0.5 - left, y - 0.5 - top];
	for (let corner = 0; corner < 4; corner++) {
		const [column, row] = [left + (corner & 1), top + (corner >> 1)];
		if (column < 0 || row < 0 || column >= width || row >= height) continue;
		const weight = (corner & 1 ? toRight : 1 - toRight) * (corner >> 1 ? toBottom : 1 - toBottom);
		const at = (row * width + column) * 4;
		for (let channel = 0; channel < 3; channel++) {
			sum[channel] = (sum[channel] ?? 0) + weight * (data[at + channel] ?? 0);
		}
	}
}
