import { withLids } from './eyes';
import { withLips } from './mouth';
import type { Patient } from './patient';
import { ellipsoid, segmentDistance, smoothMax, smoothMin, smoothstep, sphere, type Segment } from './sdf';

const bridge: Segment = { ax: 0, ay: 0.1, az: 0.665, ra: 0.058, bx: 0, by: -0.2, bz: 0.835, rb: 0.068 };
const jawBone: Segment = { ax: 0.37, ay: -0.42, az: 0.0, ra: 0.15, bx: 0.08, by: -0.83, bz: 0.42, rb: 0.12 };
const smileLine: Segment = { ax: 0.165, ay: -0.29, az: 0.735, ra: 0.008, bx: 0.325, by: -0.475, bz: 0.64, rb: 0.002 };
/** Skull, face, jaw, cheeks and chin: the large shapes, before any feature. */
function largeShapes(patient: Patient, ax: number, y: number, z: number): number {
	const { jaw, width } = patient.head;
	let d = ellipsoid(ax, y - 0.34, z + 0.1, 0.7, 0.82, 0.86);
	const narrow = 1 + (0.16 - 0.1 * jaw) * smoothstep(-0.15, -0.95, y);
	d = smoothMin(d, ellipsoid(ax * narrow, y + 0.17, z - 0.05, 0.57 + width, 0.8, 0.66), 0.2);
	// Folded softly: both halves of the jaw meet at the chin, and a sharp fold shows as a seam.
	const soft = Math.sqrt(ax * ax + 0.004);
	d = smoothMin(d, segmentDistance(jawBone, soft - 0.07 * jaw, y + 0.02 * jaw, z), 0.2);
	d = smoothMin(
		d,
		ellipsoid(Math.max(soft - 0.03 - 0.04 * jaw, 0), y + 0.85, z - 0.46, 0.15 + 0.05 * jaw, 0.105, 0.13),
		0.2,
	);
	d = smoothMin(d, ellipsoid(ax - 0.315, y + 0.225, z - 0.46, 0.2, 0.165, 0.19), 0.16);
	return smoothMin(d, ellipsoid(ax, y + 0.55, z - 0.44, 0.27, 0.2, 0.23), 0.16);
}

function withNose(patient: Patient, face: number, ax: number, y: number, z: number): number {
	const size = patient.head.nose;
	const nx = ax / size;
	let d = smoothMin(face, segmentDistance(bridge, nx, y, z), 0.11);
	d = smoothMin(d, sphere(nx, y + 0.225, z - 0.85, 0.082), 0.07);
	d = smoothMin(d, ellipsoid(nx - 0.085, y + 0.243, z - 0.765, 0.058, 0.05, 0.075), 0.035);
	d = smoothMax(d, -ellipsoid(nx - 0.047, y + 0.298, z - 0.835, 0.027, 0.022, 0.038), 0.022);
	return smoothMax(d, -ellipsoid(ax, y + 0.4, z - 0.755, 0.026, 0.07, 0.04), 0.06);
}

function withEars(head: number, ax: number, y: number, z: number): number {
	const lean = (y + 0.03) * 0.22;
	const ex = ax - 0.672 - lean * 0.5;
	const ear = ellipsoid(ex, y + 0.03, z + 0.0 + lean, 0.05, 0.185, 0.11);
	const bowl = ellipsoid(ex - 0.03, y + 0.01, z - 0.05 + lean, 0.035, 0.12, 0.06);
	return smoothMin(head, smoothMax(ear, -bowl, 0.03), 0.05);
}

/** Distance to the skin of the head, lips and lids included. Far from it a cheaper lower bound is returned. */
export function headDistance(patient: Patient, x: number, y: number, z: number): number {
	const ax = Math.abs(x);
	const far = ellipsoid(ax, y - 0.1, z - 0.02, 0.8, 1.18, 1);
	if (far > 0.3) return far - 0.08;
	let d = largeShapes(patient, ax, y, z);
	if (d > 0.5) return d - 0.26;
	if (ax > 0.5 && Math.abs(y) < 0.3) d = withEars(d, ax, y, z);
	if (z < 0.25) return d;
	d = smoothMin(d, ellipsoid(Math.sqrt(ax * ax + 0.004) - 0.1, y - 0.235, z - 0.56, 0.33, 0.06, 0.1), 0.14);
	d = withNose(patient, d, ax, y, z);
	if (ax < 0.55 && Math.abs(y - 0.05) < 0.3) d = withLids(patient, d, ax, y, z);
	const groove = segmentDistance(smileLine, ax, y, z);
	d = smoothMax(d, -groove, 0.05 + 0.04 * patient.head.age);
	d = smoothMax(d, -ellipsoid(ax, y + 0.775, z - 0.715, 0.13, 0.022, 0.05), 0.1);
	if (y < -0.3 && y > -0.85 && ax < 0.42) d = withLips(patient, d, x, y, z);
	return d;
}

/** How far in front the skin lies at a place of the face: where brows and lashes are laid on. */
export function skinFront(patient: Patient, x: number, y: number): number {
	let z = 1.3;
	for (let step = 0; step < 80; step++) z -= headDistance(patient, x, y, z) * 0.8;
	return z;
}
