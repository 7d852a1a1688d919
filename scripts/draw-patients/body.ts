import type { Patient } from './patient';
import { ellipsoid, segmentDistance, smoothMax, smoothMin, type Segment } from './sdf';

const shoulder: Segment = { ax: 0.2, ay: -1.4, az: -0.22, ra: 0.2, bx: 0.92, by: -1.78, bz: -0.22, rb: 0.25 };
const arm: Segment = { ax: 0.92, ay: -1.78, az: -0.22, ra: 0.25, bx: 1.02, by: -2.6, bz: -0.15, rb: 0.24 };

/** The bare neck, in the space of the head so that the two grow together without a seam. */
export function neck(patient: Patient, x: number, y: number, z: number): number {
	const r = 0.265 + patient.head.neck;
	return segmentDistance({ ax: 0, ay: -0.5, az: -0.1, ra: r, bx: 0, by: -1.7, bz: -0.2, rb: r + 0.05 }, x, y, z);
}

/** Clothes, in the space of the room: the head turns, the shoulders do not. */
export function clothes(patient: Patient, x: number, y: number, z: number): number {
	const grow = patient.head.neck;
	const ax = Math.abs(x) - grow * 1.5;
	const d = smoothMin(
		Math.min(segmentDistance(shoulder, ax, y, z), segmentDistance(arm, ax, y, z)),
		ellipsoid(x, y + 2.15, z + 0.05, 0.85 + grow, 0.85, 0.47),
		0.2,
	);
	const height = ({ crew: 1.3, collar: 1.1, high: 0.98 } as const)[patient.clothes.neckline];
	const fold = patient.clothes.neckline === 'high' ? 0.008 * Math.sin(y * 34 + x * 2) : 0;
	const tube = Math.hypot(x, z + 0.15) - 0.315 - grow - fold + (y + 1.2) * 0.12;
	const collar = smoothMax(tube, Math.abs(y + 1.5 - z * 0.4) - (1.5 - height), 0.04);
	const rib = rolledEdge(tube, y - z * 0.4 + height - 0.02);
	return smoothMin(smoothMin(d, collar, 0.14), rib, 0.01);
}

/** The rolled edge of a neckline. */
function rolledEdge(tube: number, height: number): number {
	return Math.hypot(tube, height * 0.7) - 0.028;
}
