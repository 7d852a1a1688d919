import { alongSegment, clamp, ellipsoid, hash, mix, smoothMax, type Segment } from './sdf';
import type { Point } from './patient';

/** A piece of a lock, with what its colour and gloss depend on. */
export interface Strand extends Segment {
	readonly lock: number;
	/** Where along the whole lock the piece begins and ends, 0 at the root and 1 at the tip. */
	readonly from: number;
	readonly to: number;
	/** Direction of the lock where the piece begins and ends, so that gloss runs on over the joints. */
	readonly along: readonly [Point, Point];
}

/** A path for hair to follow: at least four points from root to tip. */
export type Guide = readonly Point[];

export interface Comb {
	/** Locks are laid between neighbouring guides, evenly. */
	readonly guides: readonly Guide[];
	readonly count: number;
	readonly radius: number;
	/** Thickness at the root, in the middle and at the tip, as parts of `radius`. */
	readonly profile: readonly [number, number, number];
	/** How far a lock may stray from its path. */
	readonly stray: number;
	/** Width and number of waves over the length. */
	readonly wave: readonly [number, number];
	readonly seed: number;
}

const pieces = 16;

function spline(a: number, b: number, c: number, d: number, t: number): number {
	return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function onGuide(guide: Guide, part: number): Point {
	const at = clamp(part, 0, 0.9999) * (guide.length - 1);
	const low = Math.floor(at);
	const pick = (index: number): Point => guide[clamp(index, 0, guide.length - 1)] ?? [0, 0, 0];
	const [a, b, c, d] = [pick(low - 1), pick(low), pick(low + 1), pick(low + 2)];
	const t = at - low;
	return [spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t), spline(a[2], b[2], c[2], d[2], t)];
}

function thickness([root, middle, tip]: Comb['profile'], part: number): number {
	const rise = Math.min(part / 0.3, 1);
	const fall = Math.max((part - 0.55) / 0.45, 0);
	return mix(mix(root, middle, rise * (2 - rise)), tip, fall * fall);
}

/** Unit vector from one point to another. */
export function direction(a: Point, b: Point): Point {
	const length = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) || 1;
	return [(b[0] - a[0]) / length, (b[1] - a[1]) / length, (b[2] - a[2]) / length];
}

/** The locks of a comb as tapered capsules. Same comb, same strands. */
export function layLocks(comb: Comb, firstLock: number): Strand[] {
	const strands: Strand[] = [];
	const last = comb.guides.length - 1;
	for (let lock = 0; lock < comb.count; lock++) {
		const random = (which: number) => hash(comb.seed, lock, which) - 0.5;
		const across = clamp(((lock + 0.5 + random(0) * 0.5) / comb.count) * last, 0, last - 1e-6);
		const left = comb.guides[Math.floor(across)] ?? [];
		const right = comb.guides[Math.floor(across) + 1] ?? left;
		const phase = random(1) * 1.6;
		const point = (part: number): Point => {
			const a = onGuide(left, part);
			const b = onGuide(right, part);
			const blend = across - Math.floor(across);
			const loose = comb.stray * (0.4 + part);
			const swing = comb.wave[0] * part * Math.sin((part * comb.wave[1] + phase) * Math.PI * 2);
			return [
				mix(a[0], b[0], blend) + random(2) * loose + swing,
				mix(a[1], b[1], blend) + random(3) * loose,
				mix(a[2], b[2], blend) + random(4) * loose + swing * 0.5,
			];
		};
		const size = comb.radius * (1 + random(5) * 0.35);
		const reach = 0.92 + random(6) * 0.16;
		const along = (part: number): Point => {
			const a = point((part - 0.04) * reach);
			const b = point((part + 0.04) * reach);
			return direction(a, b);
		};
		for (let piece = 0; piece < pieces; piece++) {
			const from = piece / pieces;
			const to = (piece + 1) / pieces;
			const [ax, ay, az] = point(from * reach);
			const [bx, by, bz] = point(to * reach);
			const ra = size * thickness(comb.profile, from);
			const rb = size * thickness(comb.profile, to);
			strands.push({
				ax,
				ay,
				az,
				ra,
				bx,
				by,
				bz,
				rb,
				lock: firstLock + lock,
				from,
				to,
				along: [along(from), along(to)],
			});
		}
	}
	return strands;
}

/** A place on a lock: how far along it (0 root, 1 tip), how far across (-1 to 1), and the way the hair runs there. */
export function onLock(s: Strand, x: number, y: number, z: number): { part: number; across: number; along: Point } {
	const h = alongSegment(s, x, y, z);
	const [a, b] = s.along;
	const [tx, ty, tz] = direction([0, 0, 0], [mix(a[0], b[0], h), mix(a[1], b[1], h), mix(a[2], b[2], h)]);
	const [qx, qy, qz] = [x - mix(s.ax, s.bx, h), y - mix(s.ay, s.by, h), z - mix(s.az, s.bz, h)];
	const [ox, oy, oz] = [x, Math.max(y - 0.3, 0), z + 0.1];
	const [sx, sy, sz] = direction([0, 0, 0], [ty * oz - tz * oy, tz * ox - tx * oz, tx * oy - ty * ox]);
	const across = (qx * sx + qy * sy + qz * sz) / Math.max(mix(s.ra, s.rb, h), 0.004);
	return { part: mix(s.from, s.to, h), across: clamp(across, -1.5, 1.5), along: [tx, ty, tz] };
}

/** A cap over the skull with an oval left free for the face: the hair under the locks. */
export function cap(x: number, y: number, z: number, grow: number, hairline: number): number {
	const shell = ellipsoid(x, y - 0.34, z + 0.1, 0.7 + grow, 0.82 + grow, 0.86 + grow);
	const face = Math.max(ellipsoid(x, y + 0.12, z - 0.5, 0.6, hairline + 0.12, 0.62), -z);
	return smoothMax(shell, -face, 0.02);
}
