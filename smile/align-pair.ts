// Two photos of one person brought to one place, size and turn by a similarity transform: nothing is bent.

import { type Face, landmark, type Point } from './landmarks';
import { type Box, type Picture } from './picture';

/** x' = scale (x cos − y sin) + moveX, y' = scale (x sin + y cos) + moveY; `angle` in radians, clockwise in a picture. */
export interface Similarity {
	readonly scale: number;
	readonly angle: number;
	readonly moveX: number;
	readonly moveY: number;
}

/**
 * Points that neither a smile nor a dentist moves: corners of the eyes, bridge, sides and base of the nose.
 * Lips, cheeks and the chin go with every expression, and teeth are what is compared.
 */
export const STABLE: readonly number[] = [33, 133, 362, 263, 168, 6, 197, 195, 5, 98, 327, 2];

export function moved(point: Point, { scale, angle, moveX, moveY }: Similarity): Point {
	const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
	return { x: cos * point.x - sin * point.y + moveX, y: sin * point.x + cos * point.y + moveY };
}

export function inverseOf({ scale, angle, moveX, moveY }: Similarity): Similarity {
	const back = { scale: 1 / scale, angle: -angle, moveX: 0, moveY: 0 };
	const { x, y } = moved({ x: moveX, y: moveY }, back);
	return { ...back, moveX: -x, moveY: -y };
}

/**
 * The transform that brings `from` nearest to `to`, point by point, by least squares (Umeyama 1991, in two dimensions and
 * without mirroring). Needs two points that differ; fewer are a caller's mistake.
 */
export function similarityBetween(from: readonly Point[], to: readonly Point[]): Similarity {
	const count = from.length;
	if (count < 2 || to.length !== count)
		throw new RangeError('A transform needs as many points there as here, two at least.');
	const [here, there] = [middleOf(from), middleOf(to)];
	let [along, across, spread] = [0, 0, 0];
	from.forEach((point, index) => {
		const goal = to[index] ?? point;
		const [x, y, u, v] = [point.x - here.x, point.y - here.y, goal.x - there.x, goal.y - there.y];
		along += x * u + y * v;
		across += x * v - y * u;
		spread += x * x + y * y;
	});
	if (!(spread > 0))
		throw new RangeError('All points lie in one place: nothing says how large or how turned they are.');
	const scale = Math.hypot(along, across) / spread;
	const angle = Math.atan2(across, along);
	const turned = moved(here, { scale, angle, moveX: 0, moveY: 0 });
	return { scale, angle, moveX: there.x - turned.x, moveY: there.y - turned.y };
}

/** The transform from one face to another by the points that stay, and how far these still miss, in pixels of `to` (RMS). */
export function alignFaces(
	from: Face,
	to: Face,
	indices: readonly number[] = STABLE,
): { readonly transform: Similarity; readonly missPx: number } {
	const [here, there] = [from, to].map((face) => indices.map((index) => landmark(face, index)));
	const transform = similarityBetween(here ?? [], there ?? []);
	let squares = 0;
	(here ?? []).forEach((point, index) => {
		const at = moved(point, transform);
		const goal = there?.[index] ?? at;
		squares += (at.x - goal.x) ** 2 + (at.y - goal.y) ** 2;
	});
	return { transform, missPx: Math.sqrt(squares / indices.length) };
}

function middleOf(points: readonly Point[]): Point {
	let [x, y] = [0, 0];
	for (const point of points) {
		x += point.x / points.length;
		y += point.y / points.length;
	}
	return { x, y };
}

// Where a picture is made smaller, so many samples a side are averaged at most: enough for a quarter of its size.
const SAMPLES_MAX = 4;

/** `box` of the plane that `transform` brings the picture to, bilinear. Where the picture is not, all four bytes are 0. */
export function resample(picture: Picture, transform: Similarity, box: Box): Picture {
	const back = inverseOf(transform);
	const [cos, sin] = [back.scale * Math.cos(back.angle), back.scale * Math.sin(back.angle)];
	const samples = Math.min(SAMPLES_MAX, Math.max(1, Math.round(back.scale)));
	const data = new Uint8ClampedArray(box.width * box.height * 4);
	const sum = new Float64Array(4);
	for (let row = 0; row < box.height; row++) {
		for (let column = 0; column < box.width; column++) {
			sum.fill(0);
			for (let sample = 0; sample < samples * samples; sample++) {
				const x = box.x + column + ((sample % samples) + 0.5) / samples;
				const y = box.y + row + (Math.floor(sample / samples) + 0.5) / samples;
				addBilinear(sum, picture, cos * x - sin * y + back.moveX - 0.5, sin * x + cos * y + back.moveY - 0.5);
			}
			const at = (row * box.width + column) * 4;
			for (let channel = 0; channel < 4; channel++) data[at + channel] = (sum[channel] ?? 0) / (samples * samples);
		}
	}
	return { width: box.width, height: box.height, data };
}

function addBilinear(sum: Float64Array, { width, height, data }: Picture, x: number, y: number): void {
	// Half a pixel around the border still belongs to it.
	if (!(x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5)) return;
	const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
	const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
	const [partX, partY] = [Math.max(0, x - left), Math.max(0, y - top)];
	for (let channel = 0; channel < 4; channel++) {
		const upper = lerp(data[(top * width + left) * 4 + channel], data[(top * width + right) * 4 + channel], partX);
		const lower = lerp(
			data[(bottom * width + left) * 4 + channel],
			data[(bottom * width + right) * 4 + channel],
			partX,
		);
		sum[channel] = (sum[channel] ?? 0) + upper + (lower - upper) * partY;
	}
}

function lerp(from = 0, to = 0, part: number): number {
	return from + (to - from) * part;
}

/**
 * The largest part of `frame`, found by drawing its sides in a little at a time, whose four corners lie in the picture
 * after the transform: what both photos show. No width or height when they have nothing in common.
 */
export function commonBox(
	frame: { readonly width: number; readonly height: number },
	picture: Picture,
	transform: Similarity,
): Box {
	const back = inverseOf(transform);
	const missing = (x: number, y: number) => {
		const at = moved({ x, y }, back);
		return (
			Math.max(0, -at.x) + Math.max(0, -at.y) + Math.max(0, at.x - picture.width) + Math.max(0, at.y - picture.height)
		);
	};
	const outOf = ([left, top, right, bottom]: Sides) =>
		missing(left, top) + missing(right, top) + missing(left, bottom) + missing(right, bottom);
	const [stepX, stepY] = [frame.width / STEPS, frame.height / STEPS];
	let sides: Sides = [0, 0, frame.width, frame.height];
	while (outOf(sides) > HAIR && sides[2] - sides[0] > stepX && sides[3] - sides[1] > stepY) {
		const [left, top, right, bottom] = sides;
		const tries: readonly Sides[] = [
			[left + stepX, top, right, bottom],
			[left, top + stepY, right, bottom],
			[left, top, right - stepX, bottom],
			[left, top, right, bottom - stepY],
		];
		sides = tries.reduce((best, one) => (outOf(one) < outOf(best) ? one : best), tries[0] ?? sides);
	}
	// Sums of steps end a hair beside whole pixels.
	const [x, y] = [Math.max(0, Math.ceil(sides[0] - HAIR)), Math.max(0, Math.ceil(sides[1] - HAIR))];
	const isThere = outOf(sides) <= HAIR;
	return {
		x,
		y,
		width: isThere ? Math.max(0, Math.floor(sides[2] + HAIR) - x) : 0,
		height: isThere ? Math.max(0, Math.floor(sides[3] + HAIR) - y) : 0,
	};
}

type Sides = readonly [left: number, top: number, right: number, bottom: number];
const STEPS = 200;
const HAIR = 1e-6;
