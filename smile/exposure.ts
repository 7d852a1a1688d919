import { LINEAR_OF_BYTE, Y_BLUE, Y_GREEN, Y_RED, labCurve } from './colour';
import { FACE_OVAL, type Face, INNER_LIP, type Point, ringOf } from './landmarks';
import { coverPolygon } from './outline';
import type { Picture } from './picture';

/** How a face is lit. Shares are 0 to 1, lightness is CIE L*, 0 black to 100 white. */
export interface Exposure {
	/** Share of the face in which two channels or more have run into white: no colour is left there. */
	readonly overShare: number;
	/** The same between the lips, where the shade is read and changed. */
	readonly mouthOverShare: number;
	/** Share of the face that is as good as black. */
	readonly underShare: number;
	/** Lightness of the brightest fiftieth of the face: teeth, eyes and highlights, which every skin has. */
	readonly brightest: number;
	/** Lightness between the darkest and the brightest twentieth of the face. */
	readonly contrast: number;
}

// Decoders and JPEG move a clipped 255 by a few.
const WHITE_BYTE = 251;
const BLACK_LIGHTNESS = 4;

// Shares of so many places are as steady as those of all pixels, and cost the same for a large photo as for a small one.
const SAMPLES_ACROSS = 160;

/**
 * How the one face of a picture is lit. Nothing here is measured against the lightness of skin, for a dark skin is not an
 * underexposed one: too little light shows in what is bright on every face.
 */
export function faceExposure(picture: Picture, face: Face): Exposure {
	const skin = countWithin(picture, ringOf(face, FACE_OVAL));
	const mouth = countWithin(picture, ringOf(face, INNER_LIP));
	const contrast = quantile(skin, 0.95) - quantile(skin, 0.05);
	return {
		overShare: skin.count > 0 ? skin.white / skin.count : 0,
		mouthOverShare: mouth.count > 0 ? mouth.white / mouth.count : 0,
		underShare: skin.count > 0 ? skin.black / skin.count : 0,
		brightest: quantile(skin, 0.98),
		contrast,
	};
}

interface Tally {
	/** Places by whole L*. */
	readonly histogram: Uint32Array;
	count: number;
	white: number;
	black: number;
}

function countWithin(picture: Picture, ring: readonly Point[]): Tally {
	const tally: Tally = { histogram: new Uint32Array(101), count: 0, white: 0, black: 0 };
	const xs = ring.map(({ x }) => x);
	const ys = ring.map(({ y }) => y);
	const [left, top] = [Math.min(...xs), Math.min(...ys)];
	const [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
	const step = Math.max(across / SAMPLES_ACROSS, 1);
	const grid = { x: 0, y: 0, width: Math.ceil(across / step), height: Math.ceil(down / step) };
	if (grid.width < 1 || grid.height < 1) return tally;
	const cover = coverPolygon(
		ring.map(({ x, y }) => ({ x: (x - left) / step, y: (y - top) / step })),
		grid,
	);
	for (let at = 0; at < cover.length; at++) {
		if ((cover[at] ?? 0) < 0.5) continue;
		const x = Math.floor(left + ((at % grid.width) + 0.5) * step);
		const y = Math.floor(top + (Math.floor(at / grid.width) + 0.5) * step);
		// A face may reach out of the picture.
		if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
		addPixel(tally, picture, (y * picture.width + x) * 4);
	}
	return tally;
}

function addPixel(tally: Tally, { data }: Picture, offset: number): void {
	const [red, green, blue] = [data[offset] ?? 0, data[offset + 1] ?? 0, data[offset + 2] ?? 0];
	const light =
		Y_RED * (LINEAR_OF_BYTE[red] ?? 0) + Y_GREEN * (LINEAR_OF_BYTE[green] ?? 0) + Y_BLUE * (LINEAR_OF_BYTE[blue] ?? 0);
	const lightness = 116 * labCurve(light) - 16;
	const bin = Math.min(100, Math.max(0, Math.round(lightness)));
	tally.histogram[bin] = (tally.histogram[bin] ?? 0) + 1;
	tally.count++;
	if (Number(red >= WHITE_BYTE) + Number(green >= WHITE_BYTE) + Number(blue >= WHITE_BYTE) >= 2) tally.white++;
	if (lightness < BLACK_LIGHTNESS) tally.black++;
}

/** The lightness below which `part` of the counted places lie, to a whole unit. */
function quantile({ histogram, count }: Tally, part: number): number {
	let seen = 0;
	for (const [lightness, places] of histogram.entries()) {
		seen += places;
		if (seen > count * part) return lightness;
	}
	return 0;
}
