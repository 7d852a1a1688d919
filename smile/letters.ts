import type { Box } from './picture';
import { type Plane, surroundings } from './plane';

/** A patch that looks like one letter, or like two that touch. */
export interface Letter extends Box {
	/** Pixels of ink. */
	readonly area: number;
	/** Width of its strokes in pixels. */
	readonly stroke: number;
	/** Mean value of its ink, 0 to 255. */
	readonly ink: number;
}

const HEIGHT_MIN_PX = 7;
const HEIGHT_MAX_PX = 30;
const WIDTH_TO_HEIGHT_MAX = 2.4;

/** Ink differs from the mean of its surroundings, a letter's height to each side, by so much. */
const REACH_PX = 15;
const INK_STEP = 26;

/** Ink differs from the ground right around it by so much, and each of both is even: they vary by less than this part. */
const CONTRAST_MIN = 48;
const UNEVEN_INK_MAX = 0.34;
const UNEVEN_GROUND_MAX = 0.22;

// Parts of the letter's height. Print is 0.07 (thin) to 0.25 (heavy); small letters come out thicker.
const STROKE_MIN = 0.05;
const STROKE_MAX = 0.42;

const FILL_MIN = 0.12;
const FILL_MAX = 0.92;

/** The patches of ink, darker or brighter than their ground, that look like letters; none of them where `isLeftOut`. */
export function findLetters(plane: Plane, isLeftOut: Uint8Array): { dark: Letter[]; bright: Letter[] } {
	const means = surroundings(plane, REACH_PX);
	return { dark: lettersIn(plane, means, -1, isLeftOut), bright: lettersIn(plane, means, 1, isLeftOut) };
}

function lettersIn(plane: Plane, means: Uint8Array, sign: -1 | 1, isLeftOut: Uint8Array): Letter[] {
	const isInk = new Uint8Array(means.length);
	for (let at = 0; at < isInk.length; at++) {
		if (sign * ((plane.values[at] ?? 0) - (means[at] ?? 0)) > INK_STEP && isLeftOut[at] !== 1) isInk[at] = 1;
	}
	const letters: Letter[] = [];
	const pixels = new Int32Array(isInk.length);
	for (let at = 0; at < isInk.length; at++) {
		if (isInk[at] !== 1) continue;
		const count = takePatch(isInk, plane.width, at, pixels);
		const letter = letterOf(plane, pixels.subarray(0, count), isInk);
		if (letter) letters.push(letter);
	}
	return letters;
}

/** Marks the patch of ink around `start` as seen (2) and writes its pixels into `pixels`; answers how many. */
function takePatch(isInk: Uint8Array, width: number, start: number, pixels: Int32Array): number {
	let [count, next] = [1, 0];
	pixels[0] = start;
	isInk[start] = 2;
	while (next < count) {
		const at = pixels[next++] ?? 0;
		const column = at % width;
		for (let down = -1; down <= 1; down++) {
			for (let across = -1; across <= 1; across++) {
				const near = at + down * width + across;
				if (column + across < 0 || column + across >= width || isInk[near] !== 1) continue;
				isInk[near] = 2;
				pixels[count++] = near;
			}
		}
	}
	return count;
}

function letterOf(plane: Plane, pixels: Int32Array, isInk: Uint8Array): Letter | undefined {
	const box = boxAround(pixels, plane.width);
	const { width, height } = box;
	if (height < HEIGHT_MIN_PX || height > HEIGHT_MAX_PX || width > height * WIDTH_TO_HEIGHT_MAX) return undefined;
	const fill = pixels.length / (width * height);
	// An upright I fills its box and is narrow; anything else that does is a block.
	if (fill < FILL_MIN || (fill > FILL_MAX && width > 0.4 * height)) return undefined;

	const stroke = strokeOf(pixels, isInk, plane.width);
	if (stroke < STROKE_MIN * height || stroke > STROKE_MAX * height) return undefined;

	const ink = spread(pixels, plane.values);
	const ground = spread(groundOf(plane, box, isInk), plane.values);
	const contrast = Math.abs(ink.mean - ground.mean);
	if (contrast < CONTRAST_MIN || ground.deviation > UNEVEN_GROUND_MAX * contrast) return undefined;
	if (ink.deviation > UNEVEN_INK_MAX * contrast) return undefined;
	return { ...box, area: pixels.length, stroke, ink: ink.mean };
}

function boxAround(pixels: Int32Array, pictureWidth: number): Box {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const at of pixels) {
		const [x, y] = [at % pictureWidth, Math.floor(at / pictureWidth)];
		left = Math.min(left, x);
		top = Math.min(top, y);
		right = Math.max(right, x);
		bottom = Math.max(bottom, y);
	}
	return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Twice the area over the length of the edge is the width of a stroke, however it winds. */
function strokeOf(pixels: Int32Array, isInk: Uint8Array, width: number): number {
	let edge = 0;
	for (const at of pixels) for (const near of [at - 1, at + 1, at - width, at + width]) if (!isInk[near]) edge++;
	return edge > 0 ? (2 * pixels.length) / edge : 0;
}

/** The pixels in and around the box that are two or more away from all ink, for those beside it are half ink. */
function groundOf(plane: Plane, box: Box, isInk: Uint8Array): number[] {
	const ground: number[] = [];
	for (let y = Math.max(1, box.y - 2); y < Math.min(plane.height - 1, box.y + box.height + 2); y++) {
		for (let x = Math.max(1, box.x - 2); x < Math.min(plane.width - 1, box.x + box.width + 2); x++) {
			const at = y * plane.width + x;
			if (!isNearInk(isInk, plane.width, at)) ground.push(at);
		}
	}
	return ground;
}

function isNearInk(isInk: Uint8Array, width: number, at: number): boolean {
	for (const row of [at - width, at, at + width]) if (isInk[row - 1] || isInk[row] || isInk[row + 1]) return true;
	return false;
}

function spread(pixels: Int32Array | readonly number[], values: Uint8Array): { mean: number; deviation: number } {
	let [sum, squares] = [0, 0];
	for (const at of pixels) {
		const value = values[at] ?? 0;
		sum += value;
		squares += value * value;
	}
	const count = Math.max(1, pixels.length);
	const mean = sum / count;
	return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}
