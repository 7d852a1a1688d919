import type { Patient, Point } from './patient';
import { combs } from './combs';
import { cap, direction, layLocks, type Strand } from './locks';
import { strandField, type StrandField } from './strand-field';
import { ellipsoid, hash, smoothMin } from './sdf';

/** Close natural curls: short rings set over the skull, none below the hairline. */
function curls(seed: number): Strand[] {
	const strands: Strand[] = [];
	const total = 760;
	for (let i = 0; i < total; i++) {
		const height = 1 - (i / total) * 1.5;
		const turn = i * 2.39996 + hash(seed, i, 1) * 0.4;
		const ring = Math.sqrt(1 - height * height);
		const [nx, ny, nz] = [ring * Math.cos(turn), height, ring * Math.sin(turn)];
		const x = nx * 0.75;
		const y = 0.34 + ny * 0.87;
		const z = -0.1 + nz * 0.89;
		if (ellipsoid(x, y + 0.12, z - 0.5, 0.6, 0.84, 0.62) < 0.0 && z > 0.05) continue;
		if (y < -0.15 && z > -0.2) continue;
		const size = 0.036 + 0.024 * hash(seed, i, 2);
		const tilt = hash(seed, i, 3) * 6.28;
		let before: Point | null = null;
		for (let step = 0; step <= 7; step++) {
			const angle = tilt + step * 1.05;
			const out = step * 0.007 + 0.01 + 0.045 * hash(seed, i, 4);
			const side = Math.cos(angle) * size * 0.8;
			const up = Math.sin(angle) * size * 0.8;
			const point: Point = [
				x + nx * out - nz * side - nx * ny * up,
				y + ny * out + ring * up,
				z + nz * out + nx * side - nz * ny * up,
			];
			if (before) {
				const [ax, ay, az] = before;
				strands.push({
					ax,
					ay,
					az,
					ra: 0.026,
					bx: point[0],
					by: point[1],
					bz: point[2],
					rb: 0.026,
					lock: i,
					from: (step - 1) / 7,
					to: step / 7,
					along: [direction(before, point), direction(before, point)],
				});
			}
			before = point;
		}
	}
	return strands;
}

function layHair(patient: Patient): Strand[] {
	const { style } = patient.hair;
	if (style === 'curls') return curls(patient.seed);
	const strands: Strand[] = [];
	for (const comb of combs[style](patient.seed)) strands.push(...layLocks(comb, strands.length));
	return strands;
}

export interface Hair extends Pick<StrandField, 'nearest'> {
	readonly distance: (x: number, y: number, z: number) => number;
}

/** Height of the middle of the hairline. */
const hairline = { long: 0.78, short: 0.76, curls: 0.74, bun: 0.78 } as const;

const capGrow = { long: 0.035, short: 0.018, curls: 0.03, bun: 0.02 } as const;

/** A patient's hair: locks over a cap, and for long hair the fall behind the neck. */
export function createHair(patient: Patient): Hair {
	const field = strandField(layHair(patient));
	const { style } = patient.hair;
	const grow = capGrow[style];
	return {
		nearest: field.nearest,
		distance(x, y, z) {
			let under = cap(x, y, z, grow, hairline[style]);
			if (style !== 'long') under = Math.max(under, -0.2 - y - z * 0.4);
			else {
				under = smoothMin(under, ellipsoid(x, y + 0.3, z + 0.3, 0.72, 0.98, 0.34), 0.2);
				under = smoothMin(under, ellipsoid(Math.abs(x) - 0.67, y + 0.42, z - 0.08, 0.1, 0.62, 0.24), 0.1);
			}
			return smoothMin(under, field.distance(x, y, z), 0.015);
		},
	};
}
