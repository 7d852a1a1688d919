import type { Patient } from './patient';
import { lipEdges } from './mouth';
import { clamp, hash, mix, smoothMin } from './sdf';

/** Half the arch of the upper teeth, from above: an ellipse. */
const arch = { a: 0.285, b: 0.36, z: 0.3 } as const;

const widths = [0.092, 0.071, 0.078, 0.072, 0.072, 0.075] as const;
const lengths = [0.14, 0.126, 0.134, 0.118, 0.108, 0.1] as const;

const samples = 96;

/** Length of the arch from the middle to each of 96 angles: what lets widths be laid off along a curve. */
const arcLengths = (() => {
	const table = new Float64Array(samples + 1);
	for (let i = 1; i <= samples; i++) {
		const from = ((i - 1) / samples) * 1.6;
		const to = (i / samples) * 1.6;
		const dx = arch.a * (Math.sin(to) - Math.sin(from));
		const dz = arch.b * (Math.cos(to) - Math.cos(from));
		table[i] = (table[i - 1] ?? 0) + Math.hypot(dx, dz);
	}
	return table;
})();

function arcLength(angle: number): number {
	const at = clamp((angle / 1.6) * samples, 0, samples - 1e-6);
	const low = Math.floor(at);
	return mix(arcLengths[low] ?? 0, arcLengths[low + 1] ?? 0, at - low);
}

interface Tooth {
	readonly middle: number;
	readonly half: number;
	readonly tip: number;
	readonly length: number;
	readonly out: number;
}

/** One tooth at a place in the unrolled arch: a rounded box, narrower at the neck and at the incisal corners. */
function toothDistance(tooth: Tooth, s: number, y: number, out: number): number {
	const corner = 0.022;
	const up = clamp((y - tooth.tip) / tooth.length, 0, 1.2);
	const taper = 1 - 0.13 * up - 0.1 * Math.max(1 - up * 7, 0);
	const bulge = 0.016 * (1 - (up - 0.45) ** 2 * 2.2);
	const qx = Math.abs(s - tooth.middle) - tooth.half * taper + corner;
	const qy = Math.abs(y - tooth.tip - tooth.length * 0.62) - tooth.length * 0.62 + corner;
	const qz = Math.abs(out - tooth.out + 0.02) - 0.03 - bulge + corner;
	const inside = Math.min(Math.max(qx, qy, qz), 0);
	const ox = Math.max(qx, 0);
	const oy = Math.max(qy, 0);
	const oz = Math.max(qz, 0);
	return inside + Math.sqrt(ox * ox + oy * oy + oz * oz) - corner;
}

const FAR = 9;
/** Of a bracket: half its width, height and depth, and how far in front of the arch it stands. */
const bracket = { half: 0.017, high: 0.016, deep: 0.008, out: 0.022 } as const;
const wireRadius = 0.0045;

/** A bracket on the middle of each tooth, on a wire that follows the smile. */
function bracesDistance(row: readonly Tooth[], { s, out, up }: { s: number; out: number; up: number }): number {
	const height = up - (0.088 + 0.3 * s * s);
	let near = Math.hypot(height, out - bracket.out - bracket.deep) - wireRadius;
	for (const tooth of row) {
		const across = Math.abs(s - tooth.middle) - bracket.half;
		near = Math.min(
			near,
			Math.max(across, Math.abs(height) - bracket.high, Math.abs(out - bracket.out) - bracket.deep),
		);
	}
	return near * 0.9;
}

export interface Teeth {
	distance(x: number, y: number, z: number): number;
	gum(x: number, y: number, z: number): number;
	/** Brackets and wire; far away where there are none. */
	braces(x: number, y: number, z: number): number;
	/** Which tooth a place belongs to (0 central … 5), and how far up it is from the incisal edge, 0 to 1. */
	place(x: number, y: number, z: number): { index: number; up: number; side: number };
}

function layTeeth(patient: Patient): readonly (readonly Tooth[])[] {
	const smile = lipEdges(patient, 0);
	return [-1, 1].map((side, row) => {
		let start = patient.mouth.gap / 2;
		return widths.map((width, index) => {
			const jitter = hash(patient.seed, index, row) - 0.5;
			const rise = [0, 0.007, 0.003, 0.014, 0.024, 0.036][index] ?? 0;
			const length = lengths[index] ?? 0.1;
			const tooth = {
				middle: side * (start + width / 2),
				half: width / 2 + 0.002,
				tip: smile.lower + 0.024 + rise + jitter * 0.004,
				length,
				out: jitter * 0.01,
			};
			start += width - 0.0015;
			return tooth;
		});
	});
}

/** A place as length along the arch from its middle and distance in front of it. */
function unroll(x: number, z: number): { s: number; out: number } {
	const angle = Math.atan2(Math.abs(x) / arch.a, (z - arch.z) / arch.b);
	const near = Math.hypot(x / arch.a, (z - arch.z) / arch.b);
	const slope = Math.hypot(x / arch.a ** 2, (z - arch.z) / arch.b ** 2);
	const s = Math.sign(x || 1) * arcLength(angle);
	return { s, out: slope < 1e-6 ? -0.3 : (near * (near - 1)) / slope };
}

/** The upper teeth and their gum. One row a side, because no smile is symmetrical. */
export function createTeeth(patient: Patient): Teeth {
	const rows = layTeeth(patient);
	const first = rows.map((row) => row[0]);
	return {
		distance(x, y, z) {
			const { s, out } = unroll(x, z);
			let near = 1;
			for (const tooth of rows[s < 0 ? 0 : 1] ?? []) {
				if (Math.abs(s - tooth.middle) < 0.09) near = smoothMin(near, toothDistance(tooth, s, y, out), 0.006);
			}
			const across = first[s < 0 ? 1 : 0];
			if (across && Math.abs(s) < 0.05) near = smoothMin(near, toothDistance(across, s, y, out), 0.006);
			return near * 0.9;
		},
		gum(x, y, z) {
			const { s, out } = unroll(x, z);
			const height = y - (lipEdges(patient, 0).lower + 0.178 + 0.05 * s * s - (patient.mouth.gums ?? 0));
			return (Math.hypot(height, out + 0.03) - 0.06) * 0.9;
		},
		braces(x, y, z) {
			if (patient.mouth.hasBraces !== true) return FAR;
			const { s, out } = unroll(x, z);
			return bracesDistance(rows[s < 0 ? 0 : 1] ?? [], { s, out, up: y - lipEdges(patient, 0).lower });
		},
		place(x, y, z) {
			const { s } = unroll(x, z);
			const row = rows[s < 0 ? 0 : 1] ?? [];
			const index = Math.max(
				row.findIndex((tooth) => Math.abs(s - tooth.middle) <= tooth.half),
				0,
			);
			const tooth = row[index];
			if (!tooth) return { index: 0, up: 0.5, side: 0 };
			return { index, up: (y - tooth.tip) / tooth.length, side: (s - tooth.middle) / tooth.half };
		},
	};
}
