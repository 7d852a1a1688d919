// BlazeFace answers for each of 896 anchors: a score, a box and six points around the anchor, in pixels of its input.

/** The detector's input is a square of so many pixels. */
export const DETECTOR_SIZE = 256;

const ANCHOR_GRIDS = [
	{ cells: 16, anchorsEach: 2 },
	{ cells: 8, anchorsEach: 6 },
] as const;

/** Values an anchor has after its score: x, y, width, height of the box, then six points. */
const VALUES_EACH = 16;

/** A loose gate, for the mesh itself refuses what is no face; real ones score above 0.8. */
const SCORE_MIN = 0.5;

/** Two boxes that share more than this part of their joint area are one face. */
const OVERLAP_MAX = 0.3;

const FACES_MAX = 10;

/** A face in parts (0 to 1) of the detector's square; the eyes carry the tilt of the head. */
export interface DetectedFace {
	readonly score: number;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly eyes: readonly [{ x: number; y: number }, { x: number; y: number }];
}

/** The two grids of the detector's answer, the finer one first. */
export interface DetectorAnswer {
	readonly scores: readonly [Float32Array, Float32Array];
	readonly boxes: readonly [Float32Array, Float32Array];
}

/** The faces in a detector's answer, the surest first, at most one for each place and ten in all. */
export function decodeFaces(answer: DetectorAnswer): DetectedFace[] {
	const candidates = ANCHOR_GRIDS.flatMap((grid, index) =>
		decodeGrid(grid, answer.scores[index] ?? new Float32Array(), answer.boxes[index] ?? new Float32Array()),
	).toSorted((one, other) => other.score - one.score);
	const faces: DetectedFace[] = [];
	for (const candidate of candidates) {
		if (faces.length === FACES_MAX) break;
		if (faces.every((face) => overlap(face, candidate) <= OVERLAP_MAX)) faces.push(candidate);
	}
	return faces;
}

function decodeGrid(grid: (typeof ANCHOR_GRIDS)[number], scores: Float32Array, boxes: Float32Array): DetectedFace[] {
	const faces: DetectedFace[] = [];
	for (const [anchor, logit] of scores.entries()) {
		const score = 1 / (1 + Math.exp(-logit));
		if (score < SCORE_MIN) continue;
		const cell = Math.floor(anchor / grid.anchorsEach);
		const anchorX = ((cell % grid.cells) + 0.5) / grid.cells;
		const anchorY = (Math.floor(cell / grid.cells) + 0.5) / grid.cells;
		const value = (index: number) => (boxes[anchor * VALUES_EACH + index] ?? 0) / DETECTOR_SIZE;
		const [width, height] = [value(2), value(3)];
		faces.push({
			score,
			x: anchorX + value(0) - width / 2,
			y: anchorY + value(1) - height / 2,
			width,
			height,
			eyes: [
				{ x: anchorX + value(4), y: anchorY + value(5) },
				{ x: anchorX + value(6), y: anchorY + value(7) },
			],
		});
	}
	return faces;
}

function overlap(one: DetectedFace, other: DetectedFace): number {
	const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
	const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
	if (width <= 0 || height <= 0) return 0;
	const shared = width * height;
	return shared / (one.width * one.height + other.width * other.height - shared);
}
