import type { Patient } from './patient';
import { clamp, ellipsoid, smoothMax, smoothMin } from './sdf';

/** Height of the corners of the mouth, and how far in front the lips stand in the middle. */
const corners = -0.515;
const lipFront = 0.715;

/** The inner edges of the lips at x: the frame every part of the mouth is drawn from. */
export function lipEdges(patient: Patient, x: number): { upper: number; lower: number; slope: number } {
	const { open, halfWidth } = patient.mouth;
	const t = clamp(x / halfWidth, -1, 1);
	const a = Math.abs(t);
	const corner = corners - 0.03 * (1 - open);
	const upperMiddle = corner - 0.03 - 0.006 * open;
	const lowerMiddle = upperMiddle - 0.128 * open;
	const bow = 0.006 * Math.exp(-((t / 0.22) ** 2));
	return {
		upper: upperMiddle + (corner - upperMiddle) * t * t - bow,
		lower: lowerMiddle + (corner - lowerMiddle) * a ** 2.2 - bow * (1 - open),
		slope: ((corner - lowerMiddle) * 2.2 * a ** 1.2) / halfWidth,
	};
}

/** Negative between the lips, seen from the front. */
export function mouthOpening(patient: Patient, x: number, y: number): number {
	const { upper, lower, slope } = lipEdges(patient, x);
	const below = (lower - y) / Math.sqrt(1 + slope * slope);
	return Math.max(y - upper, below, Math.abs(x) - patient.mouth.halfWidth);
}

/** How far in front the lips stand at x: they follow the arch of the teeth. */
function lipDepth(x: number): number {
	return lipFront - 0.95 * x * x;
}

/** Outer edges of the red of the lips, for paint and gloss. Null outside the corners. */
export function vermilion(patient: Patient, x: number, y: number): number {
	const t = x / patient.mouth.halfWidth;
	const rim = 1 - t * t;
	if (rim <= 0) return 1;
	const { upper, lower } = lipEdges(patient, x);
	const full = patient.mouth.fullness;
	const cupid = 0.013 * Math.exp(-(((Math.abs(t) - 0.2) / 0.13) ** 2)) - 0.004 * Math.exp(-((t / 0.09) ** 2));
	const top = upper + full * 0.066 * rim ** 0.8 + cupid * full;
	const bottom = lower - full * 0.086 * rim ** 0.72;
	return Math.max(y - top, bottom - y);
}

/** The lips as two tubes along the edges, grown out of the face and then opened. */
export function withLips(patient: Patient, face: number, x: number, y: number, z: number): number {
	const { halfWidth, fullness, open } = patient.mouth;
	const t = clamp(x / halfWidth, -1, 1);
	const rim = Math.sqrt(1 - t * t);
	const { upper, lower } = lipEdges(patient, x);
	const depth = lipDepth(clamp(x, -halfWidth, halfWidth));
	const side = Math.max(Math.abs(x) - halfWidth, 0);
	const upperR = 0.046 * rim * fullness + 0.006;
	const lowerR = 0.054 * rim * fullness + 0.006;
	const tube = (dy: number, dz: number, r: number) => Math.sqrt(dy * dy + dz * dz + side * side) - r;
	const fillet = 0.014 + 0.04 * rim;
	let skin = smoothMin(face, tube(y - upper - upperR * 0.75, z - depth + 0.018, upperR), fillet);
	skin = smoothMin(skin, tube((y - lower + lowerR * 0.8) * 0.92, z - depth + 0.026, lowerR), fillet);
	if (z < 0.36) return skin;
	if (open < 0.1) {
		const seam = Math.max(Math.abs(y - upper) - 0.003, Math.abs(x) - halfWidth);
		return smoothMax(skin, -Math.max(seam, depth - 0.04 - z), 0.024);
	}
	const hole = Math.max(mouthOpening(patient, x, y), 0.4 - z);
	const cavity = ellipsoid(x, y - lower - 0.06, z - 0.38, 0.25, 0.13, 0.27);
	return smoothMax(smoothMax(skin, -hole, 0.02), -cavity, 0.01);
}

/** Tongue and floor of the mouth. */
export function tongue(patient: Patient, x: number, y: number, z: number): number {
	const { lower } = lipEdges(patient, 0);
	return ellipsoid(x, y - lower + 0.03, z - 0.44, 0.17, 0.06, 0.16);
}
