import type { LabPlanes } from './colour';
import { medianWhere } from './planes';
import type { Box } from './picture';

// Metal is bluer than teeth in the same light: by more than this on drawn teeth of every tab.
const BLUER_MIN = 5;
/** From this lightness on a photo has run into white, which is no colour of anything. */
const CLIPPED = 97;
const METAL_GAP_MIN = 6;
/** How far from the colour of teeth to that of the wire a pixel counts as metal. */
const METAL_PART = 0.6;
/** In parts of the mouth's width: how far a wire reaches at least, and how near to it teeth show above and below. */
const WIRE_WIDTH_MIN = 0.35;
const TEETH_NEAR = 0.09;
/** Of the columns of a wire, how many lie between teeth. Below the edges of teeth, which are bluish too, there is the throat. */
const BETWEEN_TEETH_MIN = 0.6;
const TOOTH_LIKENESS_MIN = 0.5;

interface Mouth {
	readonly box: Box;
	readonly widthPx: number;
	/** How much each pixel looks like a tooth, 0 to 1. */
	readonly likeness: Float32Array;
}

/**
 * Brackets and wire on the teeth: 1 for each pixel of the box that is metal, or nothing where there are none. Found as what is bluer
 * than the teeth, hangs together across the mouth and lies between teeth; a highlight or a grey edge does one of these at most.
 * On bleached teeth, which are nearly as blue, metal is not told from them.
 */
export function findBraces({ l, b }: LabPlanes, mouth: Mouth): Uint8Array | undefined {
	const { box, likeness } = mouth;
	const isLikeTooth = (at: number) => (likeness[at] ?? 0) >= TOOTH_LIKENESS_MIN;
	const usual = medianWhere(b, isLikeTooth);
	if (usual === undefined) return undefined;
	const isBluer = (at: number) => isLikeTooth(at) && (l[at] ?? 0) < CLIPPED && (b[at] ?? 0) < usual - BLUER_MIN;
	const isTooth = (at: number) => isLikeTooth(at) && !isBluer(at);
	const wire = partsOf(box, isBluer).find((part) => liesBetween(part, mouth, isTooth));
	if (wire === undefined) return undefined;
	const inWire = new Set(wire);
	const metal = medianWhere(b, (at) => inWire.has(at)) ?? usual;
	if (usual - metal < METAL_GAP_MIN) return undefined;
	const cut = usual + (metal - usual) * METAL_PART;
	return Uint8Array.from(likeness, (value, at) => (value > 0 && (b[at] ?? 0) < cut ? 1 : 0));
}

/** What hangs together by sides or corners. */
function partsOf({ width, height }: Box, isIn: (at: number) => boolean): number[][] {
	const isSeen = new Uint8Array(width * height);
	const parts: number[][] = [];
	for (let start = 0; start < isSeen.length; start++) {
		if (isSeen[start] === 1 || !isIn(start)) continue;
		isSeen[start] = 1;
		const part = [start];
		// The part grows while it is walked.
		for (const at of part) {
			const column = at % width;
			for (let near = Math.max(0, column - 1); near <= Math.min(width - 1, column + 1); near++) {
				for (const next of [at - column + near - width, at - column + near, at - column + near + width]) {
					if (next < 0 || next >= isSeen.length || isSeen[next] === 1 || !isIn(next)) continue;
					isSeen[next] = 1;
					part.push(next);
				}
			}
		}
		parts.push(part);
	}
	return parts;
}

/** Whether it reaches across the mouth, with teeth above and below most of it. */
function liesBetween(
	part: readonly number[],
	{ box: { width, height }, widthPx }: Mouth,
	isTooth: (at: number) => boolean,
): boolean {
	const rows = new Map<number, { top: number; bottom: number }>();
	for (const at of part) {
		const [row, column] = [Math.floor(at / width), at % width];
		const { top, bottom } = rows.get(column) ?? { top: row, bottom: row };
		rows.set(column, { top: Math.min(top, row), bottom: Math.max(bottom, row) });
	}
	if (rows.size < widthPx * WIRE_WIDTH_MIN) return false;
	const reach = Math.max(2, Math.round(widthPx * TEETH_NEAR));
	const isNear = (column: number, from: number, step: 1 | -1) => {
		for (let row = from + step; row >= 0 && row < height && Math.abs(row - from) <= reach; row += step) {
			if (isTooth(row * width + column)) return true;
		}
		return false;
	};
	let between = 0;
	for (const [column, { top, bottom }] of rows) {
		if (isNear(column, top, -1) && isNear(column, bottom, 1)) between++;
	}
	return between >= rows.size * BETWEEN_TEETH_MIN;
}
