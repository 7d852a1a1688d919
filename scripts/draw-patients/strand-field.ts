import type { Strand } from './locks';
import type { Point } from './patient';
import { clamp, segmentDistance, smoothMin } from './sdf';

export interface StrandField {
	/** A lower bound outside the box that holds the strands, the distance inside it. */
	readonly distance: (x: number, y: number, z: number) => number;
	readonly nearest: (x: number, y: number, z: number) => Strand | null;
}

const cell = 0.06;
/** Beyond this distance from the box its own distance is near enough. */
const margin = 0.1;
const fillet = 0.012;

/** The strands that can be nearest somewhere in one cube of space, and how far they all are from each of its places. */
interface Cell {
	readonly strands: readonly Strand[];
	readonly atLeast: number;
}

function cellOf(strands: readonly Strand[], [x, y, z]: Point, size: number): Cell {
	const diagonal = size * Math.sqrt(3);
	const distances = new Float64Array(strands.length);
	let least = Infinity;
	for (const [index, s] of strands.entries()) {
		const d = segmentDistance(s, x, y, z);
		distances[index] = d;
		least = Math.min(least, d);
	}
	const limit = least + diagonal + fillet;
	return {
		strands: strands.filter((_, index) => (distances[index] ?? 0) <= limit),
		atLeast: least - diagonal / 2 - fillet,
	};
}

/**
 * Hundreds of capsules are too many to ask at each step of each ray, so space is cut into cells that remember which
 * strands can be nearest within them. A cell's list is made when a ray first enters it.
 */
export function strandField(strands: readonly Strand[]): StrandField {
	const low = [Infinity, Infinity, Infinity];
	const high = [-Infinity, -Infinity, -Infinity];
	for (const s of strands) {
		const r = Math.max(s.ra, s.rb) + 0.01;
		[s.ax, s.ay, s.az].forEach((v, axis) => (low[axis] = Math.min(low[axis] ?? v, v - r)));
		[s.bx, s.by, s.bz].forEach((v, axis) => (low[axis] = Math.min(low[axis] ?? v, v - r)));
		[s.ax, s.ay, s.az].forEach((v, axis) => (high[axis] = Math.max(high[axis] ?? v, v + r)));
		[s.bx, s.by, s.bz].forEach((v, axis) => (high[axis] = Math.max(high[axis] ?? v, v + r)));
	}
	const [lx = 0, ly = 0, lz = 0] = low;
	const [hx = 0, hy = 0, hz = 0] = high;
	const nx = Math.ceil((hx - lx) / cell) + 4;
	const ny = Math.ceil((hy - ly) / cell) + 4;
	const nz = Math.ceil((hz - lz) / cell) + 4;
	const cells = Array.from<Cell | undefined>({ length: nx * ny * nz });
	const blocks = new Map<number, Cell>();
	const fill = (ix: number, iy: number, iz: number): Cell => {
		const middle = (index: number, size: number) => (Math.floor(index / size) + 0.5) * size * cell - 2 * cell;
		const at = (size: number): Point => [lx + middle(ix, size), ly + middle(iy, size), lz + middle(iz, size)];
		const key = (ix >> 2) + nx * ((iy >> 2) + ny * (iz >> 2));
		const block = blocks.get(key) ?? cellOf(strands, at(4), cell * 4);
		blocks.set(key, block);
		return cellOf(block.strands, at(1), cell);
	};
	const near = (x: number, y: number, z: number): Cell => {
		const ix = clamp(Math.floor((x - lx) / cell) + 2, 0, nx - 1);
		const iy = clamp(Math.floor((y - ly) / cell) + 2, 0, ny - 1);
		const iz = clamp(Math.floor((z - lz) / cell) + 2, 0, nz - 1);
		const index = ix + nx * (iy + ny * iz);
		return (cells[index] ??= fill(ix, iy, iz));
	};
	return {
		distance(x, y, z) {
			const ox = Math.max(lx - x, x - hx, 0);
			const oy = Math.max(ly - y, y - hy, 0);
			const oz = Math.max(lz - z, z - hz, 0);
			const box = Math.sqrt(ox * ox + oy * oy + oz * oz);
			if (box > margin) return box;
			const { strands: close, atLeast } = near(x, y, z);
			if (atLeast > margin) return atLeast;
			let d = 9;
			let lock = -1;
			let own = 9;
			for (const s of close) {
				// Pieces of one lock meet without a fillet, which would swell every joint; locks meet with one.
				if (s.lock !== lock) {
					d = smoothMin(d, own, fillet);
					own = 9;
					lock = s.lock;
				}
				own = Math.min(own, segmentDistance(s, x, y, z));
			}
			return smoothMin(d, own, fillet);
		},
		nearest(x, y, z) {
			let found: Strand | null = null;
			let least = Infinity;
			for (const s of near(x, y, z).strands) {
				const d = segmentDistance(s, x, y, z);
				if (d < least) {
					least = d;
					found = s;
				}
			}
			return found;
		},
	};
}
