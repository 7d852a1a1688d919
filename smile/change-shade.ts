import {
	byteOfLinear,
	labCurve,
	type Light,
	lightOfCurves,
	lightOfLab,
	LINEAR_OF_BYTE,
	luminanceOf,
	X_BLUE,
	X_GREEN,
	X_RED,
	Y_BLUE,
	Y_GREEN,
	Y_RED,
	Z_BLUE,
	Z_GREEN,
	Z_RED,
} from './colour';
import type { Picture } from './picture';
import { medianWhere, quantileWhere, smoothstep } from './planes';
import { labOf, type Shade } from './shades';
import type { TeethMask } from './teeth-mask';

const AMOUNT_USUAL = 0.85;

// From here on added light is squeezed, so that shine keeps its form and no tooth turns into a flat white patch.
const SHOULDER_LUMINANCE = luminanceOf(90);

// Against the luminance of the lit teeth: what is darker than this is a gap and keeps its darkness; above the second
// value it is wholly tooth.
const GAP_LUMINANCE = 0.06;
const TOOTH_LUMINANCE = 0.3;

/**
 * How a tooth's colour moves from tab to tab. Only the ratio of the tabs counts, never what colour the photo shows: tabs
 * and photographed teeth lie at different lightness, and aiming at a tab's own colour turns bright teeth grey and green.
 */
interface Change {
	/** Factor of luminance. */
	readonly luminance: number;
	/** Factor of chroma, 0 to 1: toward the neutral of the photo and never past it, or warm light would turn violet. */
	readonly chroma: number;
	/** Factors of light by primary for a yellower tab: it adds the tab's hue, where a factor of chroma adds the cast's. */
	readonly tint: Light | undefined;
}

/**
 * A new picture with the teeth of `mask` moved from one shade toward another, lighter or darker.
 *
 * `from` is the patient's shade as chosen by a person and never read from the photo. `amount` runs from 0, no change, to 1,
 * the full step. `evenness` from 0 to 1 draws the hue and chroma of the teeth together toward their own middle, before
 * that, and leaves light and shadow; it works also where the shades are equal.
 * Pixels with alpha 0 in the mask, and every pixel's own A, stay as they are, bit by bit.
 * A mask that reaches out of the picture belongs to another one, and is an error.
 */
export function changeShade(
	picture: Picture,
	mask: TeethMask,
	input: { from: Shade; to: Shade; amount?: number; evenness?: number },
): Picture {
	const { box, alpha } = mask;
	if (box.x < 0 || box.y < 0 || box.x + box.width > picture.width || box.y + box.height > picture.height) {
		throw new RangeError('The mask reaches out of the picture: it was made for another one.');
	}
	const amount = Math.min(1, Math.max(0, input.amount ?? AMOUNT_USUAL));
	const data = new Uint8ClampedArray(picture.data);
	const after: Picture = { width: picture.width, height: picture.height, data };
	const evenness = Math.min(1, Math.max(0, input.evenness ?? 0));
	const isMoved = input.from !== input.to && amount > 0;
	if (!isMoved && !(evenness > 0)) return after;

	const change = changeBetween(input.from, input.to, amount);
	const middle = evenness > 0 ? middleColour(picture, mask) : undefined;
	const lit = litLuminance(picture, mask);
	const light: Light = [0, 0, 0];
	for (let at = 0; at < alpha.length; at++) {
		const weight = alpha[at] ?? 0;
		if (weight === 0) continue;
		const offset = offsetIn(picture, mask, at);
		const red = data[offset] ?? 0;
		const green = data[offset + 1] ?? 0;
		const blue = data[offset + 2] ?? 0;
		light[0] = LINEAR_OF_BYTE[red] ?? 0;
		light[1] = LINEAR_OF_BYTE[green] ?? 0;
		light[2] = LINEAR_OF_BYTE[blue] ?? 0;
		const luminance = luminanceAt(data, offset);
		const strength = weight * smoothstep(GAP_LUMINANCE * lit, TOOTH_LUMINANCE * lit, luminance);
		if (middle !== undefined) even(light, middle, evenness);
		if (isMoved) recolour(light, change);
		data[offset] = red + strength * (byteOfLinear(light[0]) - red);
		data[offset + 1] = green + strength * (byteOfLinear(light[1]) - green);
		data[offset + 2] = blue + strength * (byteOfLinear(light[2]) - blue);
	}
	return after;
}

function changeBetween(from: Shade, to: Shade, amount: number): Change {
	const [before, after] = [labOf(from), labOf(to)];
	const part = (ratio: number) => 1 + amount * (ratio - 1);
	const luminance = part(luminanceOf(after.l) / luminanceOf(before.l));
	const chroma = Math.hypot(after.a, after.b) / Math.hypot(before.a, before.b);
	if (chroma <= 1) return { luminance, chroma: part(chroma), tint: undefined };

	const [lightBefore, lightAfter] = [lightOfLab(before), lightOfLab(after)];
	return {
		luminance,
		chroma: 1,
		tint: [
			part(lightAfter[0] / lightBefore[0]),
			part(lightAfter[1] / lightBefore[1]),
			part(lightAfter[2] / lightBefore[2]),
		],
	};
}

/** How far red and blue lie from green in the middle of all teeth, each a step of Lab's curve. */
interface Middle {
	readonly red: number;
	readonly blue: number;
}

function middleColour(picture: Picture, mask: TeethMask): Middle {
	const [red, blue] = [new Float32Array(mask.alpha.length), new Float32Array(mask.alpha.length)];
	const isTooth = (at: number) => (mask.alpha[at] ?? 0) > 0.5;
	for (let at = 0; at < mask.alpha.length; at++) {
		if (!isTooth(at)) continue;
		const offset = offsetIn(picture, mask, at);
		const r = LINEAR_OF_BYTE[picture.data[offset] ?? 0] ?? 0;
		const g = LINEAR_OF_BYTE[picture.data[offset + 1] ?? 0] ?? 0;
		const b = LINEAR_OF_BYTE[picture.data[offset + 2] ?? 0] ?? 0;
		const fy = labCurve(Y_RED * r + Y_GREEN * g + Y_BLUE * b);
		red[at] = labCurve(X_RED * r + X_GREEN * g + X_BLUE * b) - fy;
		blue[at] = labCurve(Z_RED * r + Z_GREEN * g + Z_BLUE * b) - fy;
	}
	return { red: medianWhere(red, isTooth) ?? 0, blue: medianWhere(blue, isTooth) ?? 0 };
}

/** Draws a colour, given and left as light, toward the middle one by `part`, and keeps its lightness. */
function even(light: Light, middle: Middle, part: number): void {
	const [red, green, blue] = light;
	const fy = labCurve(Y_RED * red + Y_GREEN * green + Y_BLUE * blue);
	const fx = labCurve(X_RED * red + X_GREEN * green + X_BLUE * blue) - fy;
	const fz = labCurve(Z_RED * red + Z_GREEN * green + Z_BLUE * blue) - fy;
	lightOfCurves(light, fy + fx + (middle.red - fx) * part, fy, fy + fz + (middle.blue - fz) * part);
}

/** Moves a colour, given and left as light. */
function recolour(light: Light, change: Change): void {
	const [red, green, blue] = light;
	const before = Y_RED * red + Y_GREEN * green + Y_BLUE * blue;
	if (before <= 0) return;
	const moved = before * change.luminance;
	const after = shouldered(before, moved);
	if (change.tint) {
		light[0] = (red * change.tint[0] * after) / moved;
		light[1] = (green * change.tint[1] * after) / moved;
		light[2] = (blue * change.tint[2] * after) / moved;
		return;
	}
	const fyBefore = labCurve(before);
	const fy = labCurve(after);
	const fx = fy + (labCurve(X_RED * red + X_GREEN * green + X_BLUE * blue) - fyBefore) * change.chroma;
	const fz = fy + (labCurve(Z_RED * red + Z_GREEN * green + Z_BLUE * blue) - fyBefore) * change.chroma;
	lightOfCurves(light, fx, fy, fz);
}

/** Luminance after the highlight shoulder: rises ever slower toward 1, and never takes away what was there before. */
function shouldered(before: number, after: number): number {
	if (after <= SHOULDER_LUMINANCE || after <= before) return after;
	const room = 1 - SHOULDER_LUMINANCE;
	return Math.max(before, SHOULDER_LUMINANCE + room * (1 - Math.exp((SHOULDER_LUMINANCE - after) / room)));
}

/** Luminance of the lit part of the teeth, above 0 up to 1: what a gap is dark against. */
function litLuminance(picture: Picture, mask: TeethMask): number {
	const luminance = new Float32Array(mask.alpha.length);
	for (let at = 0; at < luminance.length; at++) {
		if ((mask.alpha[at] ?? 0) > 0.5) luminance[at] = luminanceAt(picture.data, offsetIn(picture, mask, at));
	}
	return quantileWhere(luminance, (at) => (mask.alpha[at] ?? 0) > 0.5, 0.7) || 1;
}

function offsetIn(picture: Picture, { box }: TeethMask, at: number): number {
	const row = Math.floor(at / box.width);
	return ((box.y + row) * picture.width + box.x + at - row * box.width) * 4;
}

function luminanceAt(data: Uint8ClampedArray, offset: number): number {
	return (
		Y_RED * (LINEAR_OF_BYTE[data[offset] ?? 0] ?? 0) +
		Y_GREEN * (LINEAR_OF_BYTE[data[offset + 1] ?? 0] ?? 0) +
		Y_BLUE * (LINEAR_OF_BYTE[data[offset + 2] ?? 0] ?? 0)
	);
}
