// Closed curves through landmarks, and how much of each pixel they cover.

import type { Point } from './landmarks';
import type { Box } from './picture';

// Landmarks of a lip lie a tenth of the mouth apart: eight chords between two keep the curve within a fifth of a pixel
// on a mouth 500 px wide.
const CHORDS_BETWEEN_POINTS = 8;
const SCANLINES_PER_ROW = 4;

/** The ring with each point moved `px` away from the ring's middle. */
export function growRing(ring: readonly Point[], px: number): Point[] {
	let [middleX, middleY] = [0, 0];
	for (const { x, y } of ring) {
		middleX += x / ring.length;
		middleY += y / ring.length;
	}
	return ring.map(({ x, y }) => {
		const away = Math.hypot(x - middleX, y - middleY);
		const scale = away > 0 ? px / away : 0;
		return { x: x + (x - middleX) * scale, y: y + (y - middleY) * scale };
	});
}

/** The ring as a polygon that runs smoothly through all its points (a closed uniform Catmull-Rom spline). */
export function smoothRing(ring: readonly Point[]): Point[] {
	const smooth: Point[] = [];
	ring.forEach((from, index) => {
		const before = ring.at(index - 1) ?? from;
		const to = ring[(index + 1) % ring.length] ?? from;
		const after = ring[(index + 2) % ring.length] ?? to;
		for (let chord = 0; chord < CHORDS_BETWEEN_POINTS; chord++) {
			const t = chord / CHORDS_BETWEEN_POINTS;
			smooth.push({
				x: splineAt(t, before.x, from.x, to.x, after.x),
				y: splineAt(t, before.y, from.y, to.y, after.y),
			});
		}
	});
	return smooth;
}

function splineAt(t: number, before: number, from: number, to: number, after: number): number {
	const slope = to - before;
	const bend = 2 * before - 5 * from + 4 * to - after;
	const twist = 3 * (from - to) + after - before;
	return from + 0.5 * t * (slope + t * (bend + t * twist));
}

/**
 * How much of each pixel of `box` lies in the polygon, 0 to 1, row by row.
 * Four scanlines a row, each counted exactly along its length; where the polygon crosses itself, even-odd decides.
 */
export function coverPolygon(polygon: readonly Point[], box: Box): Float32Array {
	const cover = new Float32Array(box.width * box.height);
	const crossings: number[] = [];
	for (let line = 0; line < box.height * SCANLINES_PER_ROW; line++) {
		const y = box.y + (line + 0.5) / SCANLINES_PER_ROW;
		crossings.length = 0;
		let from = polygon.at(-1);
		for (const to of polygon) {
			if (from && from.y <= y !== to.y <= y) {
				crossings.push(from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x) - box.x);
			}
			from = to;
		}
		crossings.sort((left, right) => left - right);
		const rowStart = Math.floor(line / SCANLINES_PER_ROW) * box.width;
		for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
			addSpan(cover, rowStart, Math.max(0, crossings[pair] ?? 0), Math.min(box.width, crossings[pair + 1] ?? 0));
		}
	}
	return cover;
}

function addSpan(cover: Float32Array, rowStart: number, left: number, right: number): void {
	for (let column = Math.floor(left); column < right; column++) {
		const length = Math.min(column + 1, right) - Math.max(column, left);
		cover[rowStart + column] = (cover[rowStart + column] ?? 0) + length / SCANLINES_PER_ROW;
	}
}
