/**
 * Signed distances in head units (half a face width is about 0.6). Scalars in, scalar out: these run some hundred
 * million times a picture, so none of them allocates.
 */

export function clamp(value: number, low: number, high: number): number {
	return value < low ? low : value > high ? high : value;
}

export function mix(from: number, to: number, part: number): number {
	return from + (to - from) * part;
}

/** 0 below `low`, 1 above `high`, smooth between. `low` above `high` turns it round. */
export function smoothstep(low: number, high: number, value: number): number {
	const part = clamp((value - low) / (high - low), 0, 1);
	return part * part * (3 - 2 * part);
}

/** Union with a fillet about `k` wide. */
export function smoothMin(a: number, b: number, k: number): number {
	const overlap = Math.max(k - Math.abs(a - b), 0) / k;
	return Math.min(a, b) - overlap * overlap * k * 0.25;
}

/** Intersection with a fillet; `smoothMax(a, -b, k)` cuts `b` out of `a`. */
export function smoothMax(a: number, b: number, k: number): number {
	return -smoothMin(-a, -b, k);
}

/** A lower bound, exact at the surface. Arguments are the offset from the centre, then the radii. */
export function ellipsoid(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
	const ax = x / rx;
	const ay = y / ry;
	const az = z / rz;
	const near = Math.sqrt(ax * ax + ay * ay + az * az);
	const bx = ax / rx;
	const by = ay / ry;
	const bz = az / rz;
	const slope = Math.sqrt(bx * bx + by * by + bz * bz);
	return slope < 1e-9 ? -Math.min(rx, ry, rz) : (near * (near - 1)) / slope;
}

export function sphere(x: number, y: number, z: number, r: number): number {
	return Math.sqrt(x * x + y * y + z * z) - r;
}

/** One straight piece of a lock, a lip or a neck: a capsule whose radius runs from `ra` to `rb`. */
export interface Segment {
	readonly ax: number;
	readonly ay: number;
	readonly az: number;
	readonly ra: number;
	readonly bx: number;
	readonly by: number;
	readonly bz: number;
	readonly rb: number;
}

/** How far along the segment the nearest point of its axis lies, 0 to 1. */
export function alongSegment(s: Segment, x: number, y: number, z: number): number {
	const dx = s.bx - s.ax;
	const dy = s.by - s.ay;
	const dz = s.bz - s.az;
	const dot = (x - s.ax) * dx + (y - s.ay) * dy + (z - s.az) * dz;
	return clamp(dot / (dx * dx + dy * dy + dz * dz), 0, 1);
}

export function segmentDistance(s: Segment, x: number, y: number, z: number): number {
	const h = alongSegment(s, x, y, z);
	const px = x - s.ax - (s.bx - s.ax) * h;
	const py = y - s.ay - (s.by - s.ay) * h;
	const pz = z - s.az - (s.bz - s.az) * h;
	return Math.sqrt(px * px + py * py + pz * pz) - s.ra - (s.rb - s.ra) * h;
}

/** Repeatable noise in [0, 1) from up to three whole numbers. */
export function hash(a: number, b = 0, c = 0): number {
	let h = Math.imul(a | 0, 0x27d4eb2d) ^ Math.imul(b | 0, 0x165667b1) ^ Math.imul(c | 0, 0x9e3779b1);
	h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise in [0, 1] over space. */
export function noise(x: number, y: number, z: number): number {
	const ix = Math.floor(x);
	const iy = Math.floor(y);
	const iz = Math.floor(z);
	const fx = smoothstep(0, 1, x - ix);
	const fy = smoothstep(0, 1, y - iy);
	const fz = smoothstep(0, 1, z - iz);
	const row = (dy: number, dz: number) => mix(hash(ix, iy + dy, iz + dz), hash(ix + 1, iy + dy, iz + dz), fx);
	return mix(mix(row(0, 0), row(1, 0), fy), mix(row(0, 1), row(1, 1), fy), fz);
}
