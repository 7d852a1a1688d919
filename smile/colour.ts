// sRGB to CIE Lab (D65) and back, by tables: these run for each pixel of the mouth, so nothing here allocates per pixel.

import type { Box, Picture } from './picture';

/** CIE Lab: `l` 0 black to 100 white, `a` green to red, `b` blue to yellow. */
export interface Lab {
	readonly l: number;
	readonly a: number;
	readonly b: number;
}

/** A Lab value for each pixel of a box, in three planes of `box.width * box.height`. */
export interface LabPlanes {
	readonly l: Float32Array;
	readonly a: Float32Array;
	readonly b: Float32Array;
}

/** Light, 0 to 1, of each sRGB byte. */
export const LINEAR_OF_BYTE = Float32Array.from({ length: 256 }, (_, byte) => {
	const value = byte / 255;
	return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

// Fine enough that each byte comes back as itself: the curve is steepest at black, a fifth of a byte a step.
const ENCODE_STEPS = 16_384;
const BYTE_OF_LINEAR = Float32Array.from({ length: ENCODE_STEPS + 1 }, (_, step) => {
	const light = step / ENCODE_STEPS;
	return 255 * (light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
});

/** The sRGB value, 0 to 255 and not rounded, of an amount of light; light outside 0 to 1 is cut off. */
export function byteOfLinear(light: number): number {
	if (!(light > 0)) return 0;
	return BYTE_OF_LINEAR[light >= 1 ? ENCODE_STEPS : Math.round(light * ENCODE_STEPS)] ?? 0;
}

// The rows of the sRGB matrix over the D65 white point, so that white is 1 in each.
export const X_RED = 0.412_456_4 / 0.950_47;
export const X_GREEN = 0.357_576_1 / 0.950_47;
export const X_BLUE = 0.180_437_5 / 0.950_47;
export const Y_RED = 0.212_672_9;
export const Y_GREEN = 0.715_152_2;
export const Y_BLUE = 0.072_175;
export const Z_RED = 0.019_333_9 / 1.088_83;
export const Z_GREEN = 0.119_192 / 1.088_83;
export const Z_BLUE = 0.950_304_1 / 1.088_83;

/** Lab's cube root with its straight part near black. */
export function labCurve(value: number): number {
	return value > 0.008_856_451_679 ? Math.cbrt(value) : 7.787_037_037 * value + 0.137_931_034_48;
}

/** The way back through `labCurve`. */
export function labCurveInverse(value: number): number {
	return value > 0.206_896_551_72 ? value * value * value : (value - 0.137_931_034_48) / 7.787_037_037;
}

/** Luminance, 0 to 1, of a Lab lightness. */
export function luminanceOf(lightness: number): number {
	return labCurveInverse((lightness + 16) / 116);
}

/** Light of the sRGB primaries red, green, blue, 0 to 1; outside of that where sRGB cannot show the colour. */
export type Light = [red: number, green: number, blue: number];

/** Writes into `light` the colour whose X, Y and Z, over white, went through `labCurve`. */
export function lightOfCurves(light: Light, fx: number, fy: number, fz: number): void {
	const x = 0.950_47 * labCurveInverse(fx);
	const y = labCurveInverse(fy);
	const z = 1.088_83 * labCurveInverse(fz);
	light[0] = 3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z;
	light[1] = -0.969_266 * x + 1.876_010_8 * y + 0.041_556 * z;
	light[2] = 0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z;
}

export function lightOfLab({ l, a, b }: Lab): Light {
	const light: Light = [0, 0, 0];
	const fy = (l + 16) / 116;
	lightOfCurves(light, fy + a / 500, fy, fy - b / 200);
	return light;
}

/** Lab of each pixel in `box`, which lies in the picture. */
export function labPlanes(picture: Picture, box: Box): LabPlanes {
	const count = box.width * box.height;
	const planes = { l: new Float32Array(count), a: new Float32Array(count), b: new Float32Array(count) };
	const { data } = picture;
	let at = 0;
	for (let row = 0; row < box.height; row++) {
		let offset = ((box.y + row) * picture.width + box.x) * 4;
		for (let column = 0; column < box.width; column++, at++, offset += 4) {
			const red = LINEAR_OF_BYTE[data[offset] ?? 0] ?? 0;
			const green = LINEAR_OF_BYTE[data[offset + 1] ?? 0] ?? 0;
			const blue = LINEAR_OF_BYTE[data[offset + 2] ?? 0] ?? 0;
			const fx = labCurve(X_RED * red + X_GREEN * green + X_BLUE * blue);
			const fy = labCurve(Y_RED * red + Y_GREEN * green + Y_BLUE * blue);
			const fz = labCurve(Z_RED * red + Z_GREEN * green + Z_BLUE * blue);
			planes.l[at] = 116 * fy - 16;
			planes.a[at] = 500 * (fx - fy);
			planes.b[at] = 200 * (fy - fz);
		}
	}
	return planes;
}
