import { INNER_LIP, OUTER_LIP, type Face, type Point } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';

export type Colour = readonly [red: number, green: number, blue: number];

export const SKIN: Colour = [214, 170, 145];
export const LIP: Colour = [176, 84, 86];
export const IVORY: Colour = [222, 208, 172];
export const GAP: Colour = [52, 24, 22];

const SIDE = 160;
const CENTRE = SIDE / 2;

export interface DrawnMouth {
	/** Half the width of the opening in pixels. */
	readonly halfWidth: number;
	/** Half its height. */
	readonly halfHeight: number;
	readonly teeth: Colour;
	/** Dark lines between teeth, in pixels; 0 for none. */
	readonly gapPx: number;
}

export const SMILE: DrawnMouth = { halfWidth: 48, halfHeight: 13, teeth: IVORY, gapPx: 2 };

/** A picture of one elliptic mouth, 160 px square: skin, lips, and teeth 14 px wide in the opening. */
export function drawMouth(mouth: DrawnMouth = SMILE): { picture: Picture; face: Face } {
	const data = new Uint8ClampedArray(SIDE * SIDE * 4);
	for (let y = 0; y < SIDE; y++) {
		for (let x = 0; x < SIDE; x++) {
			data.set([...colourAt(mouth, x + 0.5 - CENTRE, y + 0.5 - CENTRE), 255], (y * SIDE + x) * 4);
		}
	}
	return { picture: { width: SIDE, height: SIDE, data }, face: faceAround(mouth) };
}

function colourAt({ halfWidth, halfHeight, teeth, gapPx }: DrawnMouth, x: number, y: number): Colour {
	if (Math.hypot(x / halfWidth, y / halfHeight) <= 1) return Math.abs(x % 14) < gapPx / 2 ? GAP : teeth;
	return Math.hypot(x / (halfWidth + 4), y / (halfHeight + 10)) <= 1 ? LIP : SKIN;
}

/** A face mesh whose lips are the drawn ones; all other landmarks lie in the middle. */
export function faceAround({ halfWidth, halfHeight }: Pick<DrawnMouth, 'halfWidth' | 'halfHeight'>): Face {
	const face: Point[] = Array.from({ length: 468 }, () => ({ x: CENTRE, y: CENTRE }));
	placeRing(face, INNER_LIP, halfWidth, halfHeight);
	placeRing(face, OUTER_LIP, halfWidth + 4, halfHeight + 10);
	return face;
}

function placeRing(face: Point[], ring: readonly number[], halfWidth: number, halfHeight: number): void {
	ring.forEach((index, step) => {
		const angle = Math.PI + (step / ring.length) * 2 * Math.PI;
		face[index] = { x: CENTRE + halfWidth * Math.cos(angle), y: CENTRE + halfHeight * Math.sin(angle) };
	});
}

/** The same face moved and scaled about the picture's corner. */
export function moveFace(face: Face, { by = 0, scale = 1 }: { by?: number; scale?: number }): Face {
	return face.map(({ x, y }) => ({ x: x * scale + by, y: y * scale + by }));
}
