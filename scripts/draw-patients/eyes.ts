import type { Patient } from './patient';
import { clamp, ellipsoid, smoothMax, smoothMin, sphere, type Segment } from './sdf';

/** Where the right eye (the viewer's) sits; the left one is its mirror image. */
export const eye = { x: 0.262, y: 0.05, z: 0.5, radius: 0.19, halfWidth: 0.158 } as const;

/** How far a height over the eye's centre lies above the upper and the lower lid's edge. `u` runs outward. */
export function lidEdges(patient: Patient, u: number): { upper: number; lower: number } {
	const rim = Math.max(1 - (u / eye.halfWidth) ** 2, 0);
	const slant = u * patient.eyes.tilt;
	return {
		upper: slant + 0.094 * patient.eyes.open * rim ** 0.58,
		lower: slant - 0.056 * rim ** 0.72,
	};
}

/** Negative between the lids, seen from the front; grows by about the distance to the edge. */
export function eyeOpening(patient: Patient, ax: number, y: number): number {
	const u = ax - eye.x;
	const v = y - eye.y;
	const { upper, lower } = lidEdges(patient, clamp(u, -eye.halfWidth, eye.halfWidth));
	// Drawn in by a little, or the lids part into a slit beyond the corners.
	return Math.max((v - upper) * 0.86 + 0.004, (lower - v) * 0.9 + 0.004, Math.abs(u) - eye.halfWidth);
}

/** The lids: a shell over the eyeball, grown out of the face, with the almond cut out of it. */
export function withLids(patient: Patient, face: number, ax: number, y: number, z: number): number {
	const dx = ax - eye.x;
	const dy = y - eye.y;
	const dz = z - eye.z;
	// Folded softly, or the two sockets leave a ridge down the middle of the nose.
	const socket = ellipsoid(Math.sqrt(ax * ax + 0.002) - eye.x, dy - 0.045, dz - 0.25, 0.2, 0.12, 0.12);
	let skin = smoothMax(face, -socket, 0.13);
	skin = smoothMin(skin, sphere(dx, dy, dz, eye.radius + 0.02), 0.045);
	const crease = Math.abs(sphere(dx, dy - 0.02, dz, eye.radius + 0.022)) - 0.004;
	const above = dy - lidEdges(patient, clamp(dx, -eye.halfWidth, eye.halfWidth)).upper;
	const fold = Math.max(crease, Math.abs(above - 0.042) - 0.006, Math.abs(dx) - 0.14);
	skin = smoothMax(skin, -fold, 0.022);
	if (dz < 0.02) return skin;
	return smoothMax(skin, -eyeOpening(patient, ax, y), 0.012);
}

/** The eyeball alone. */
export function eyeball(ax: number, y: number, z: number): number {
	return sphere(ax - eye.x, y - eye.y, z - eye.z, eye.radius);
}

/** The upper lashes: one soft line along the lid, thicker and lifted at the outer corner. Folded like the face. */
export function layLashes(patient: Patient): readonly Segment[] {
	const steps = 9;
	const heavy = patient.eyes.lash;
	const point = (step: number) => {
		const part = step / steps;
		const u = -eye.halfWidth + 2 * eye.halfWidth * part;
		const v = lidEdges(patient, u).upper + 0.004;
		const front = Math.sqrt(Math.max((eye.radius + 0.022) ** 2 - u * u - v * v, 0.003));
		const flick = heavy * Math.max(part - 0.72, 0) * 0.05;
		return {
			x: eye.x + u + flick,
			y: eye.y + v + flick * 0.8,
			z: eye.z + front,
			r: 0.003 + heavy * 0.0075 * Math.sqrt(part),
		};
	};
	return Array.from({ length: steps }, (_, step) => {
		const a = point(step);
		const b = point(step + 1);
		return { ax: a.x, ay: a.y, az: a.z, ra: a.r, bx: b.x, by: b.y, bz: b.z, rb: step === steps - 1 ? 0.002 : b.r };
	});
}
