import { clothes, neck } from './body';
import { createBrows } from './brows';
import { eye, eyeball, layLashes } from './eyes';
import { createHair, type Hair } from './hair';
import { headDistance } from './head';
import type { StrandField } from './strand-field';
import { tongue } from './mouth';
import type { Patient, Point } from './patient';
import { segmentDistance, smoothMin, sphere } from './sdf';
import { createTeeth, type Teeth } from './teeth';

export type Material =
	| 'skin'
	| 'eye'
	| 'lash'
	| 'hair'
	| 'brow'
	| 'tooth'
	| 'gum'
	| 'braces'
	| 'tongue'
	| 'clothes'
	| 'earring';

export interface Turn {
	/** From the room into the space of the head. */
	into(x: number, y: number, z: number): Point;
	/** The same for a direction. */
	turn(x: number, y: number, z: number): Point;
	out(x: number, y: number, z: number): Point;
}

export interface Scene {
	readonly patient: Patient;
	readonly pose: Turn;
	readonly hair: Hair;
	readonly brows: StrandField;
	readonly teeth: Teeth;
	/** Distance to the nearest surface; space is that of the head. */
	distance(x: number, y: number, z: number): number;
	material(x: number, y: number, z: number): Material;
}

/** The neck's joint: the head turns about it. */
const joint = -0.75;

/** Yaw, then pitch, then roll, about the joint of the neck. */
export function turnOf({ yaw, pitch, roll }: Patient['pose']): Turn {
	const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
	const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
	const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
	const rows: readonly [Point, Point, Point] = [
		[cr * cy - sr * sp * sy, -sr * cp, cr * sy + sr * sp * cy],
		[sr * cy + cr * sp * sy, cr * cp, sr * sy - cr * sp * cy],
		[-cp * sy, sp, cp * cy],
	];
	const [a, b, c] = rows;
	const turn = (x: number, y: number, z: number): Point => [
		a[0] * x + b[0] * y + c[0] * z,
		a[1] * x + b[1] * y + c[1] * z,
		a[2] * x + b[2] * y + c[2] * z,
	];
	return {
		turn,
		into(x, y, z) {
			const [hx, hy, hz] = turn(x, y - joint, z);
			return [hx, hy + joint, hz];
		},
		out(x, y, z) {
			const v = y - joint;
			return [a[0] * x + a[1] * v + a[2] * z, b[0] * x + b[1] * v + b[2] * z + joint, c[0] * x + c[1] * v + c[2] * z];
		},
	};
}

function mouthParts(patient: Patient, teeth: Teeth) {
	const open = patient.mouth.open > 0.1;
	const inside = (x: number, y: number, z: number) =>
		open && z > 0.1 && z < 0.9 && y < -0.38 && y > -0.85 && Math.abs(x) < 0.32;
	return {
		inside,
		tooth: (x: number, y: number, z: number) => (inside(x, y, z) ? teeth.distance(x, y, z) : 9),
		gum: (x: number, y: number, z: number) => (inside(x, y, z) ? teeth.gum(x, y, z) : 9),
		braces: (x: number, y: number, z: number) => (inside(x, y, z) ? teeth.braces(x, y, z) : 9),
		tongue: (x: number, y: number, z: number) => (inside(x, y, z) ? tongue(patient, x, y, z) : 9),
	};
}

/** One patient as a single distance field, and which surface is nearest at a place. */
export function createScene(patient: Patient): Scene {
	const pose = turnOf(patient.pose);
	const teeth = createTeeth(patient);
	const hair = createHair(patient);
	const brows = createBrows(patient);
	const lashes = layLashes(patient);
	const mouth = mouthParts(patient, teeth);
	const skin = (x: number, y: number, z: number) => {
		const head = headDistance(patient, x, y, z);
		return y > -0.3 ? head : smoothMin(head, neck(patient, x, y, z), 0.1);
	};
	const cloth = (x: number, y: number, z: number) => {
		if (y > -0.75) return y + 0.85;
		const [rx, ry, rz] = pose.out(x, y, z);
		return clothes(patient, rx, ry, rz);
	};
	const lash = (x: number, y: number, z: number) => {
		const ax = Math.abs(x);
		let d = sphere(ax - eye.x, y - eye.y, z - eye.z, 0.24);
		if (d > 0.09) return d;
		d = 9;
		for (const s of lashes) d = Math.min(d, segmentDistance(s, ax, y, z));
		return d;
	};
	const earring = (x: number, y: number, z: number) =>
		patient.earrings ? sphere(Math.abs(x) - 0.672, y + 0.225, z - 0.07, 0.04) : 9;
	const parts: readonly [Material, (x: number, y: number, z: number) => number][] = [
		['skin', skin],
		['eye', (x, y, z) => eyeball(Math.abs(x), y, z)],
		['lash', lash],
		['hair', hair.distance],
		['brow', brows.distance],
		['tooth', mouth.tooth],
		['gum', mouth.gum],
		['braces', mouth.braces],
		['tongue', mouth.tongue],
		['clothes', cloth],
		['earring', earring],
	];
	return {
		patient,
		pose,
		hair,
		brows,
		teeth,
		distance(x, y, z) {
			let d = Math.min(skin(x, y, z), hair.distance(x, y, z), cloth(x, y, z));
			if (y > -0.2) d = Math.min(d, eyeball(Math.abs(x), y, z), lash(x, y, z), brows.distance(x, y, z));
			if (mouth.inside(x, y, z)) {
				d = Math.min(d, teeth.distance(x, y, z), teeth.gum(x, y, z), teeth.braces(x, y, z), tongue(patient, x, y, z));
			}
			return patient.earrings ? Math.min(d, earring(x, y, z)) : d;
		},
		material(x, y, z) {
			let found: Material = 'skin';
			let least = Infinity;
			for (const [material, distance] of parts) {
				const d = distance(x, y, z);
				if (d < least) {
					least = d;
					found = material;
				}
			}
			return found;
		},
	};
}
