import { skinFront } from './head';
import { direction, type Strand } from './locks';
import { strandField, type StrandField } from './strand-field';
import type { Patient } from './patient';
import { hash } from './sdf';

function strandOnSkin(
	patient: Patient,
	from: readonly [number, number],
	to: readonly [number, number],
	r: number,
	lock: number,
	lift: number,
): Strand {
	const [ax, ay] = from;
	const [bx, by] = to;
	const way = direction([ax, ay, 0], [bx, by, 0]);
	return {
		ax,
		ay,
		az: skinFront(patient, ax, ay) + lift,
		ra: r,
		bx,
		by,
		bz: skinFront(patient, bx, by) + lift,
		rb: r * 0.35,
		lock,
		from: 0,
		to: 1,
		along: [way, way],
	};
}

/** Both brows as short overlapping hairs, upright near the nose and lying down toward the temple. */
export function createBrows(patient: Patient): StrandField {
	const { thick, arch } = patient.brows;
	const hairs: Strand[] = [];
	for (const side of [-1, 1]) {
		for (let i = 0; i < 90; i++) {
			const part = i / 89;
			const random = (which: number) => hash(patient.seed, i + side * 100, which) - 0.5;
			const width = thick * (0.55 + 0.9 * Math.sin(Math.PI * Math.min(part * 0.75 + 0.2, 1)) - 0.3 * part);
			const x = 0.115 + 0.315 * part;
			const y = 0.245 + arch * Math.sin(Math.PI * (part * 0.82 + 0.02)) - 0.02 * part + random(1) * width * 0.8;
			const angle = 0.95 - 1.15 * Math.min(part * 1.5, 1) - 0.35 * Math.max(part - 0.6, 0) + random(2) * 0.25;
			const length = 0.07 - 0.015 * part;
			const tip: [number, number] = [side * (x + Math.cos(angle) * length), y + Math.sin(angle) * length * 0.7];
			hairs.push(strandOnSkin(patient, [side * x, y], tip, thick * 0.2, i, -0.002));
		}
	}
	return strandField(hairs);
}
