import type { Comb, Guide } from './locks';
import type { HairStyle, Point } from './patient';

const mirror = (guides: readonly Guide[]): Guide[] =>
	guides.map((guide) => guide.map(([x, y, z]): Point => [-x, y, z]));

/** A place over the skull, `lift` above the scalp. */
function overSkull(x: number, z: number, lift: number): Point {
	const rest = Math.max(1 - (x / 0.7) ** 2 - ((z + 0.1) / 0.86) ** 2, 0.02);
	return [x * (1 + lift * 0.6), 0.34 + 0.82 * Math.sqrt(rest) + lift, z];
}

/** Shoulder-length, parted on her left: one sweep across the brow, one down the other side. */
function longCombs(seed: number): Comb[] {
	const sweep: Guide[] = [
		[
			[0.2, 0.77, 0.66],
			[-0.05, 0.8, 0.74],
			[-0.38, 0.6, 0.66],
			[-0.6, 0.2, 0.47],
			[-0.64, -0.25, 0.37],
			[-0.63, -0.68, 0.34],
			[-0.5, -1.04, 0.38],
		],
		[
			[0.2, 0.98, 0.47],
			[-0.13, 1.03, 0.5],
			[-0.54, 0.76, 0.42],
			[-0.71, 0.28, 0.3],
			[-0.76, -0.22, 0.24],
			[-0.76, -0.68, 0.22],
			[-0.66, -1.1, 0.26],
		],
		[
			[0.18, 1.12, 0.1],
			[-0.2, 1.17, 0.12],
			[-0.63, 0.88, 0.08],
			[-0.78, 0.34, 0.02],
			[-0.82, -0.22, 0.04],
			[-0.82, -0.7, 0.04],
			[-0.7, -1.12, 0.1],
		],
		[
			[0.12, 1.16, -0.25],
			[-0.25, 1.16, -0.25],
			[-0.64, 0.86, -0.3],
			[-0.78, 0.3, -0.34],
			[-0.8, -0.25, -0.3],
			[-0.76, -0.72, -0.24],
			[-0.68, -1.12, -0.16],
		],
	];
	const other: Guide[] = [
		[
			[0.2, 0.77, 0.66],
			[0.36, 0.72, 0.67],
			[0.52, 0.52, 0.58],
			[0.61, 0.16, 0.46],
			[0.64, -0.25, 0.37],
			[0.62, -0.68, 0.34],
			[0.49, -1.02, 0.38],
		],
		[
			[0.2, 0.98, 0.47],
			[0.41, 0.96, 0.48],
			[0.63, 0.7, 0.42],
			[0.72, 0.26, 0.3],
			[0.76, -0.22, 0.24],
			[0.75, -0.68, 0.22],
			[0.66, -1.1, 0.26],
		],
		[
			[0.19, 1.12, 0.1],
			[0.43, 1.1, 0.1],
			[0.66, 0.8, 0.06],
			[0.78, 0.34, 0.02],
			[0.82, -0.22, 0.04],
			[0.81, -0.7, 0.04],
			[0.69, -1.12, 0.1],
		],
		[
			[0.14, 1.16, -0.25],
			[0.4, 1.12, -0.25],
			[0.66, 0.8, -0.3],
			[0.78, 0.3, -0.34],
			[0.8, -0.25, -0.3],
			[0.76, -0.72, -0.24],
			[0.68, -1.12, -0.16],
		],
	];
	const lay = (guides: Guide[], count: number, radius: number, stray: number, offset: number): Comb => ({
		guides,
		count,
		radius,
		stray,
		profile: [0.4, 1, 0.1],
		wave: [0.05, 1.2],
		seed: seed + offset,
	});
	return [
		lay(sweep, 20, 0.085, 0.03, 1),
		lay(other, 19, 0.085, 0.03, 2),
		lay(sweep, 26, 0.045, 0.07, 3),
		lay(other, 24, 0.045, 0.07, 4),
	];
}

/** Short at the sides, longer on top and brushed up, back and to one side. */
function shortCombs(seed: number): Comb[] {
	const top: Guide[] = [-0.5, -0.34, -0.12, 0.12, 0.34, 0.5].map((x, index): Guide => {
		const side = (x / 0.5) ** 2;
		const front = 0.63 - 0.17 * side;
		const lean = 0.05 + 0.012 * index;
		const full = 1 - 0.55 * side;
		return [
			overSkull(x, front, -0.04),
			overSkull(x + lean * 0.2, front + 0.02, 0.07 * full),
			overSkull(x + lean, front - 0.16, 0.13 * full),
			overSkull(x + lean * 1.6, front - 0.4, 0.12 * full),
			overSkull(x + lean * 1.8, -0.1, 0.08 * full),
			overSkull(x + lean, -0.5, 0.06),
		];
	});
	const temple: Guide[] = [
		[
			[0.42, 0.7, 0.55],
			[0.51, 0.78, 0.44],
			[0.59, 0.79, 0.25],
			[0.63, 0.72, 0.0],
			[0.62, 0.6, -0.3],
		],
		[
			[0.5, 0.6, 0.49],
			[0.58, 0.63, 0.38],
			[0.64, 0.62, 0.22],
			[0.68, 0.55, 0.0],
			[0.68, 0.45, -0.3],
		],
		[
			[0.58, 0.42, 0.38],
			[0.64, 0.44, 0.26],
			[0.68, 0.4, 0.1],
			[0.7, 0.32, -0.1],
			[0.7, 0.22, -0.34],
		],
		[
			[0.6, 0.16, 0.24],
			[0.64, 0.22, 0.18],
			[0.67, 0.24, 0.06],
			[0.69, 0.2, -0.1],
			[0.68, 0.1, -0.34],
		],
	];
	const lay = (guides: Guide[], count: number, radius: number, stray: number, offset: number): Comb => ({
		guides,
		count,
		radius,
		stray,
		profile: [0.3, 1, 0.15],
		wave: [0.03, 0.8],
		seed: seed + offset,
	});
	return [
		lay(top, 24, 0.068, 0.05, 1),
		lay(top, 30, 0.036, 0.1, 2),
		lay(temple, 14, 0.034, 0.02, 3),
		lay(mirror(temple), 14, 0.034, 0.02, 4),
	];
}

/** One turn of the knot; `lean` runs from the outer coil, 0, to the inner one, 2. */
function turn(lean: number): Guide {
	return Array.from({ length: 9 }, (_, step): Point => {
		const angle = (step / 8) * Math.PI * 1.9 + lean * 2.1;
		const r = 0.16 - lean * 0.035;
		return [Math.cos(angle) * r, 1.18 + lean * 0.07 + Math.sin(angle) * 0.03, -0.24 + Math.sin(angle) * r];
	});
}

/** Combed back from the hairline into a knot on the crown. */
function bunCombs(seed: number): Comb[] {
	const half: Guide[] = [0.02, 0.2, 0.38, 0.5].map((x): Guide => {
		const front = 0.65 - 0.55 * x * x;
		const near = 1 - x * 0.5;
		return [
			overSkull(x, front, -0.02),
			overSkull(x * 1.05, front - 0.1, 0.05),
			overSkull(x * near * 1.1, front - 0.35, 0.05),
			overSkull(x * near * 0.8, front - 0.65, 0.05),
			[x * 0.2, 1.2, -0.28],
		];
	});
	half.push(
		[
			[0.56, 0.42, 0.42],
			[0.64, 0.5, 0.28],
			[0.67, 0.64, 0.08],
			[0.54, 0.9, -0.16],
			[0.1, 1.14, -0.32],
		],
		[
			[0.59, 0.16, 0.29],
			[0.68, 0.22, 0.14],
			[0.71, 0.36, -0.08],
			[0.64, 0.7, -0.3],
			[0.12, 1.05, -0.42],
		],
	);
	const lay = (guides: Guide[], count: number, radius: number, stray: number, offset: number): Comb => ({
		guides,
		count,
		radius,
		stray,
		profile: [0.55, 1, 0.6],
		wave: [0, 0],
		seed: seed + offset,
	});
	return [
		lay(half, 19, 0.06, 0.012, 1),
		lay(mirror(half), 19, 0.06, 0.012, 2),
		lay(half, 22, 0.03, 0.05, 3),
		lay(mirror(half), 22, 0.03, 0.05, 4),
		lay([turn(0), turn(0.5), turn(1), turn(1.5), turn(2)], 9, 0.085, 0.03, 5),
	];
}

/** The combs of each style that is made of locks. */
export const combs: Record<Exclude<HairStyle, 'curls'>, (seed: number) => Comb[]> = {
	long: longCombs,
	short: shortCombs,
	bun: bunCombs,
};
