import type { Box } from './picture';

/** A place in the picture, in pixels from its top left corner. */
export interface Point {
	readonly x: number;
	readonly y: number;
}

/** A point of the face mesh. `z` runs away from the camera, in pixels as well; it is a guess of the model's. */
export interface MeshPoint extends Point {
	readonly z?: number;
}

/** One face as the 468 points of the MediaPipe face mesh (478 with irises), in the mesh's order, in pixels. */
export type Face = readonly MeshPoint[];

/** The border of the mouth's opening, from the corner at 78 over the upper lip and back along the lower one. */
export const INNER_LIP: readonly number[] = [
	78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
];

/** The border between lips and skin, in the same direction as `INNER_LIP`. */
export const OUTER_LIP: readonly number[] = [
	61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
];

/** Around the face: from the middle of the forehead over the picture's right side to the chin and back. */
export const FACE_OVAL: readonly number[] = [
	10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
	172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

const CORNER_ONE = 78;
const CORNER_TWO = 308;
const UPPER_MIDDLE = 13;
const LOWER_MIDDLE = 14;

/** The landmark at `index`. A list without it is not a face mesh, which is a caller's mistake and not a bad photo. */
export function landmark(face: Face, index: number): MeshPoint {
	const point = face[index];
	if (!point || !Number.isFinite(point.x) || !Number.isFinite(point.y)) {
		throw new RangeError(`Landmark ${index} is missing: a face is 468 or 478 points of the face mesh.`);
	}
	return point;
}

/** The points of a lip border, in its order. */
export function ringOf(face: Face, indices: readonly number[]): Point[] {
	return indices.map((index) => landmark(face, index));
}

/**
 * How wide and how open the mouth is.
 *
 * `widthPx` runs between the inner corners; `openness` is the gap between the lips' middles over that width (closed
 * mouths measure 0.001 to 0.04, smiles 0.11 to 0.24); `box` holds both lips and may reach out of the picture.
 */
export function mouthOf(face: Face): { widthPx: number; openness: number; box: Box } {
	const widthPx = distance(landmark(face, CORNER_ONE), landmark(face, CORNER_TWO));
	const gapPx = distance(landmark(face, UPPER_MIDDLE), landmark(face, LOWER_MIDDLE));
	return { widthPx, openness: widthPx > 0 ? gapPx / widthPx : 0, box: boxAround(ringOf(face, OUTER_LIP)) };
}

function distance(from: Point, to: Point): number {
	return Math.hypot(from.x - to.x, from.y - to.y);
}

function boxAround(points: readonly Point[]): Box {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const { x, y } of points) {
		left = Math.min(left, x);
		top = Math.min(top, y);
		right = Math.max(right, x);
		bottom = Math.max(bottom, y);
	}
	const [x, y] = [Math.floor(left), Math.floor(top)];
	return { x, y, width: Math.ceil(right) - x, height: Math.ceil(bottom) - y };
}
