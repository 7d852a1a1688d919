import { byteOfLinear, LINEAR_OF_BYTE, Y_BLUE, Y_GREEN, Y_RED } from './colour';
import { type Face, mouthOf, OUTER_LIP, ringOf } from './landmarks';
import { coverPolygon, growRing, smoothRing } from './outline';
import { clipBox, growBox, type Picture } from './picture';
import { medianWhere } from './planes';

// In parts of the mouth's width: skin begins a little off the lips, whose edge is blurred and red, and is looked at as far
// as it is still the same cheek and chin.
const SKIN_FROM = 0.08;
const SKIN_TO = 0.4;

/** Beyond this the light itself was another one, and brightening would only raise its noise. */
const GAIN_MAX = 2;

/** What the skin around the mouth looks like: medians of light, 0 to 1. */
export interface SkinLight {
	readonly red: number;
	readonly green: number;
	readonly blue: number;
	readonly luminance: number;
	/** Luminance on the left of the picture over that on the right: 1 is light from the front. */
	readonly sideways: number;
}

/** Measured on the skin around the lips; nothing when none of it lies in the picture. */
export function skinLight(picture: Picture, face: Face): SkinLight | undefined {
	const { widthPx, box: mouth } = mouthOf(face);
	const box = clipBox(growBox(mouth, Math.ceil(widthPx * SKIN_TO)), picture);
	const lips = ringOf(face, OUTER_LIP);
	const outer = coverPolygon(smoothRing(growRing(lips, widthPx * SKIN_TO)), box);
	const inner = coverPolygon(smoothRing(growRing(lips, widthPx * SKIN_FROM)), box);
	const middle = mouth.x + mouth.width / 2 - box.x;
	const planes = [0, 1, 2].map((channel) => {
		const plane = new Float32Array(outer.length);
		for (let at = 0; at < plane.length; at++) {
			const row = Math.floor(at / box.width);
			const offset = ((box.y + row) * picture.width + box.x + at - row * box.width) * 4;
			plane[at] = LINEAR_OF_BYTE[picture.data[offset + channel] ?? 0] ?? 0;
		}
		return plane;
	});
	const isSkin = (at: number) => (outer[at] ?? 0) > 0.5 && (inner[at] ?? 0) === 0;
	const [red, green, blue] = planes.map((plane) => medianWhere(plane, isSkin));
	if (red === undefined || green === undefined || blue === undefined) return undefined;
	const [, greens = new Float32Array()] = planes;
	const left = medianWhere(greens, (at) => isSkin(at) && at % box.width < middle) ?? green;
	const right = medianWhere(greens, (at) => isSkin(at) && at % box.width >= middle) ?? green;
	const luminance = Y_RED * red + Y_GREEN * green + Y_BLUE * blue;
	return { red, green, blue, luminance, sideways: right > 0 ? left / right : 1 };
}

/** How much light one photo's skin lacks against the other's: a factor, at most 2 and at least a half. */
export function exposureGain(from: SkinLight, to: SkinLight): number {
	if (!(from.luminance > 0)) return 1;
	return Math.min(GAIN_MAX, Math.max(1 / GAIN_MAX, to.luminance / from.luminance));
}

/**
 * A copy with all light times `gain`. One factor for the three primaries, and less of it where one of them would be cut
 * off: no colour turns toward another, so that teeth keep their hue and chroma over lightness.
 */
export function withExposure(picture: Picture, gain: number): Picture {
	const data = new Uint8ClampedArray(picture.data);
	if (gain === 1) return { ...picture, data };
	for (let at = 0; at < data.length; at += 4) {
		const red = LINEAR_OF_BYTE[data[at] ?? 0] ?? 0;
		const green = LINEAR_OF_BYTE[data[at + 1] ?? 0] ?? 0;
		const blue = LINEAR_OF_BYTE[data[at + 2] ?? 0] ?? 0;
		const most = Math.max(red, green, blue);
		const factor = most * gain > 1 ? 1 / most : gain;
		data[at] = byteOfLinear(red * factor);
		data[at + 1] = byteOfLinear(green * factor);
		data[at + 2] = byteOfLinear(blue * factor);
	}
	return { ...picture, data };
}
