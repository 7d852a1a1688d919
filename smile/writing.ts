/**
 * Whether something in a photo looks like writing: a name band, a label, a date burnt in by a camera. It reads nothing.
 *
 * Letters are small patches of one even colour on an even ground, drawn with strokes of one width, that stand side by side
 * on a line. Finds lines of print and of separate handwriting, from 1.5 to 9 % of the picture's longer side high and up
 * to 15 degrees askew; not joined handwriting, not upright lines, and no writing on the face. Made to warn, not to decide.
 */
import { FACE_OVAL, type Face, ringOf } from './landmarks';
import { findLetters, type Letter } from './letters';
import { coverPolygon, growRing } from './outline';
import type { Box, Picture } from './picture';
import { halved, type Plane, redAndBlue } from './plane';

/** Something that looks like a line of writing. */
export interface WritingLine {
	/** In pixels of the picture. */
	readonly box: Box;
	readonly letters: number;
}

// Letters of 7 to 30 px are looked for at this size of the longer side, then at a half and a quarter of it, where large
// ones have become small.
const LONG_SIDE_PX = 1200;
const HALVINGS = 2;

/** Three letters in a line happen by chance in leaves and lace; a name without its fourth is rare. */
const LETTERS_MIN = 4;
const LINES_MAX = 20;

// How alike neighbours in a line are. Lengths are parts of the taller one's height.
const HEIGHT_RATIO_MAX = 1.9;
const STROKE_RATIO_MAX = 2;
const INK_DIFFERENCE_MAX = 45;
const GAP_MAX = 0.9;
const DRIFT_MAX = 0.22;
const SLOPE_MAX = Math.tan((15 * Math.PI) / 180);
/** In a line of fewer, no letter may hang below it: locks of hair make four in a crooked row. */
const LONG_LINE = 6;

/** Bricks, teeth, beads and stripes repeat; letters differ in width, ink or distance by more than this part. */
const VARIETY_MIN = 0.14;

/** The lines that look like writing outside of the faces, the longest first. */
export function findWriting(picture: Picture, faces: readonly Face[]): WritingLine[] {
	const lines: WritingLine[] = [];
	let scale = Math.min(1, LONG_SIDE_PX / Math.max(picture.width, picture.height));
	let planes = redAndBlue(picture, scale);
	for (let halving = 0; halving <= HALVINGS; halving++) {
		const isFace = facesIn(planes[0], faces, scale);
		for (const plane of planes) {
			const { dark, bright } = findLetters(plane, isFace);
			for (const line of [...linesOf(dark), ...linesOf(bright)]) {
				const found = { box: scaled(boxOf(line), 1 / scale), letters: line.length };
				if (!lines.some((known) => isSame(known.box, found.box))) lines.push(found);
			}
		}
		planes = [halved(planes[0]), halved(planes[1])];
		scale /= 2;
	}
	return lines.toSorted((one, other) => other.letters - one.letters).slice(0, LINES_MAX);
}

/** Teeth and braces stand side by side as letters do, and lashes and stubble are fine strokes: faces are left out whole. */
function facesIn({ width, height }: Plane, faces: readonly Face[], scale: number): Uint8Array {
	const isFace = new Uint8Array(width * height);
	for (const face of faces) {
		const ring = ringOf(face, FACE_OVAL).map(({ x, y }) => ({ x: x * scale, y: y * scale }));
		const grown = growRing(ring, 0.02 * Math.hypot(width, height));
		const cover = coverPolygon(grown, { x: 0, y: 0, width, height });
		for (let at = 0; at < cover.length; at++) if ((cover[at] ?? 0) > 0) isFace[at] = 1;
	}
	return isFace;
}

/** Letters chained to lines: each to its nearest likely neighbour on the right. */
function linesOf(letters: readonly Letter[]): Letter[][] {
	const sorted = letters.toSorted((one, other) => one.x - other.x);
	const lineOf = new Map<Letter, Letter[]>();
	const lines: Letter[][] = [];
	for (const [index, letter] of sorted.entries()) {
		const line = lineOf.get(letter) ?? [letter];
		if (!lineOf.has(letter)) lines.push(line);
		lineOf.set(letter, line);
		const next = nearestNeighbour(letter, sorted, index + 1);
		if (next && !lineOf.has(next)) {
			line.push(next);
			lineOf.set(next, line);
		}
	}
	return lines.filter((line) => line.length >= LETTERS_MIN && isLine(line));
}

function nearestNeighbour(letter: Letter, sorted: readonly Letter[], from: number): Letter | undefined {
	const right = letter.x + letter.width;
	for (let index = from; index < sorted.length; index++) {
		const next = sorted[index];
		if (!next || next.x > right + GAP_MAX * 2 * letter.height) return undefined;
		if (areNeighbours(letter, next)) return next;
	}
	return undefined;
}

function areNeighbours(letter: Letter, next: Letter): boolean {
	const [low, tall] = [Math.min(letter.height, next.height), Math.max(letter.height, next.height)];
	const gap = next.x - (letter.x + letter.width);
	const shared = Math.min(letter.y + letter.height, next.y + next.height) - Math.max(letter.y, next.y);
	const strokes = [letter.stroke, next.stroke];
	return (
		tall / low <= HEIGHT_RATIO_MAX &&
		gap <= GAP_MAX * tall &&
		gap >= -0.25 * tall &&
		shared >= 0.5 * low &&
		Math.max(...strokes) / Math.min(...strokes) <= STROKE_RATIO_MAX &&
		Math.abs(letter.ink - next.ink) <= INK_DIFFERENCE_MAX
	);
}

/** Letters stand on one base line, some a little below it, and are not all alike. */
function isLine(line: readonly Letter[]): boolean {
	const heights = line.map(({ height }) => height);
	const middle = heights.toSorted((a, b) => a - b)[Math.floor(heights.length / 2)] ?? 0;
	const feet = line.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height }));
	const base = baseOf(feet);
	const onBase = feet.filter(({ x, y }) => Math.abs(y - base.at(x)) <= DRIFT_MAX * middle).length;
	if (Math.abs(base.slope) > SLOPE_MAX || onBase < (line.length < LONG_LINE ? 1 : 0.7) * line.length) return false;
	const gaps = line.slice(1).map(({ x }, index) => x - (line[index]?.x ?? 0));
	const looks = [line.map(({ width }) => width), line.map(({ area }) => area), gaps];
	return Math.max(...looks.map(variety)) >= VARIETY_MIN;
}

/** The straight line that runs through all feet best. */
function baseOf(feet: readonly { x: number; y: number }[]): { slope: number; at: (x: number) => number } {
	const meanX = feet.reduce((sum, foot) => sum + foot.x, 0) / feet.length;
	const meanY = feet.reduce((sum, foot) => sum + foot.y, 0) / feet.length;
	let [across, along] = [0, 0];
	for (const foot of feet) {
		across += (foot.x - meanX) * (foot.y - meanY);
		along += (foot.x - meanX) ** 2;
	}
	const slope = along > 0 ? across / along : Infinity;
	return { slope, at: (x) => meanY + slope * (x - meanX) };
}

/** How much values differ, as their standard deviation over their mean. */
function variety(values: readonly number[]): number {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
	return mean > 0 ? Math.sqrt(squares) / mean : 0;
}

function boxOf(line: readonly Letter[]): Box {
	const x = Math.min(...line.map((letter) => letter.x));
	const y = Math.min(...line.map((letter) => letter.y));
	return {
		x,
		y,
		width: Math.max(...line.map((letter) => letter.x + letter.width)) - x,
		height: Math.max(...line.map((letter) => letter.y + letter.height)) - y,
	};
}

function scaled(box: Box, by: number): Box {
	return {
		x: Math.floor(box.x * by),
		y: Math.floor(box.y * by),
		width: Math.ceil(box.width * by),
		height: Math.ceil(box.height * by),
	};
}

/** Whether two boxes lie on one place: a line is seen at more than one size. */
function isSame(one: Box, other: Box): boolean {
	const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
	const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
	return width > 0 && height > 0 && width * height > 0.4 * Math.min(one.width * one.height, other.width * other.height);
}
