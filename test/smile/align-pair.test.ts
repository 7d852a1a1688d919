import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	alignFaces,
	commonBox,
	inverseOf,
	moved,
	resample,
	type Similarity,
	similarityBetween,
	STABLE,
} from '../../smile/align-pair';
import type { Point } from '../../smile/landmarks';
import { photographed, readPatient } from './drawn-patient';

const mara = await readPatient('mara');

const TRANSFORMS: readonly (Similarity & { name: string })[] = [
	{ name: 'as it is', scale: 1, angle: 0, moveX: 0, moveY: 0 },
	{ name: 'moved', scale: 1, angle: 0, moveX: 37.4, moveY: -12.8 },
	{ name: 'turned by 8°', scale: 1, angle: 0.14, moveX: 60, moveY: -40 },
	{ name: 'nearer', scale: 1.35, angle: -0.05, moveX: -120, moveY: -160 },
	{ name: 'half as large', scale: 0.5, angle: 0.03, moveX: 180, moveY: 200 },
];

/** Root of the mean square of what two transforms make of the mouth's and the eyes' points, in pixels. */
function apartPx(one: Similarity, other: Similarity, points: readonly Point[]): number {
	const squares = points.map((point) => {
		const [a, b] = [moved(point, one), moved(point, other)];
		return (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
	});
	return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / points.length);
}

const LOOKED_AT = [61, 291, 0, 17, 33, 263, 1].map((index) => mara.face[index]!);

/** Numbers from -1 to 1 that are the same each time. */
function noise(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return state / 1_073_741_824 - 1;
	};
}

test('known transforms are found again, also from landmarks that tremble by a pixel', () => {
	const rows = TRANSFORMS.map(({ name, ...truth }) => {
		const exact = alignFaces(
			mara.face,
			mara.face.map((point) => moved(point, truth)),
		);
		const trembling = noise(7);
		const shaken = mara.face.map((point) => {
			const at = moved(point, truth);
			return { x: at.x + trembling(), y: at.y + trembling() };
		});
		const rough = alignFaces(mara.face, shaken);
		return {
			name,
			exact: apartPx(exact.transform, truth, LOOKED_AT),
			rough: apartPx(rough.transform, truth, LOOKED_AT),
		};
	});
	console.info(
		[
			'Alignment error at mouth and eyes, px',
			...rows.map(
				({ name, exact, rough }) =>
					`${name.padEnd(16)} exact ${exact.toFixed(4)}, landmarks off by 1 px ${rough.toFixed(2)}`,
			),
		].join('\n'),
	);
	for (const { exact, rough } of rows) {
		expect(exact).toBeLessThan(0.001);
		expect(rough).toBeLessThan(1);
	}
});

test('a photo brought back by its landmarks is the photo again, to what two resamplings cost', () => {
	for (const { name: _, ...truth } of TRANSFORMS) {
		const second = photographed(mara, truth, { width: 900, height: 1100 });
		const { transform } = alignFaces(second.face, mara.face);
		const box = { x: 240, y: 240, width: 240, height: 500 };
		const back = resample(second.picture, transform, box);
		const straight = resample(mara.picture, TRANSFORMS[0]!, box);
		let [squares, count] = [0, 0];
		for (let at = 0; at < back.data.length; at += 4) {
			if (back.data[at + 3] !== 255) continue;
			squares += (back.data[at]! - straight.data[at]!) ** 2;
			count++;
		}
		expect(count).toBeGreaterThan(0.8 * box.width * box.height);
		expect(Math.sqrt(squares / count)).toBeLessThan(truth.scale < 1 ? 9 : 5);
	}
});

const number = (min: number, max: number) =>
	fc.integer({ min: min * 1000, max: max * 1000 }).map((value) => value / 1000);
const similarity: fc.Arbitrary<Similarity> = fc.record({
	scale: number(0.1, 8),
	angle: number(-3, 3),
	moveX: number(-5000, 5000),
	moveY: number(-5000, 5000),
});

test('any transform of any points is found, and its inverse brings them back', () => {
	const points = fc.array(fc.record({ x: number(-900, 900), y: number(-900, 900) }), { minLength: 2, maxLength: 20 });
	fc.assert(
		fc.property(points, similarity, (from, truth) => {
			const spread = Math.max(...from.map(({ x, y }) => Math.hypot(x - from[0]!.x, y - from[0]!.y)));
			fc.pre(spread > 1);
			const found = similarityBetween(
				from,
				from.map((point) => moved(point, truth)),
			);
			for (const point of from) {
				const back = moved(moved(point, found), inverseOf(truth));
				expect(Math.hypot(back.x - point.x, back.y - point.y)).toBeLessThan(0.01);
			}
		}),
		{ numRuns: 150 },
	);
});

test('points in one place and lists of two lengths are refused', () => {
	const here = { x: 3, y: 4 };
	expect(() => similarityBetween([here, here], [here, here])).toThrow(RangeError);
	expect(() => similarityBetween([here], [here])).toThrow(RangeError);
	expect(() => similarityBetween([here, { x: 9, y: 9 }], [here])).toThrow(RangeError);
	expect(() => alignFaces([], mara.face)).toThrow(RangeError);
	expect(STABLE.every((index) => index < 468)).toBe(true);
});

test('where the picture is not, nothing is drawn and nothing is counted as common', () => {
	const white = { width: 10, height: 10, data: new Uint8ClampedArray(400).fill(255) };
	const aside = { scale: 1, angle: 0, moveX: 4, moveY: 0 };
	const drawn = resample(white, aside, { x: 0, y: 0, width: 10, height: 10 });
	const row = Array.from({ length: 10 }, (_, x) => drawn.data[(5 * 10 + x) * 4 + 3]);
	expect(row).toEqual([0, 0, 0, 0, 255, 255, 255, 255, 255, 255]);
	const common = commonBox({ width: 10, height: 10 }, white, aside);
	expect(common).toEqual({ x: 4, y: 0, width: 6, height: 10 });
	expect(commonBox({ width: 10, height: 10 }, white, { ...aside, moveX: 400 })).toMatchObject({ width: 0, height: 0 });
});

test('what two photos have in common lies in both, whatever their turn', () => {
	fc.assert(
		fc.property(number(0.5, 2), number(-0.6, 0.6), number(-80, 80), number(-80, 80), (scale, angle, moveX, moveY) => {
			const frame = { width: 200, height: 260 };
			const picture = { width: 240, height: 240, data: new Uint8ClampedArray(0) };
			const transform = { scale, angle, moveX, moveY };
			const box = commonBox(frame, picture, transform);
			fc.pre(box.width > 0 && box.height > 0);
			for (const x of [box.x, box.x + box.width]) {
				for (const y of [box.y, box.y + box.height]) {
					const at = moved({ x, y }, inverseOf(transform));
					expect(at.x).toBeGreaterThanOrEqual(-1e-6);
					expect(at.y).toBeLessThanOrEqual(240 + 1e-6);
				}
			}
			expect(box.x).toBeGreaterThanOrEqual(0);
			expect(box.y + box.height).toBeLessThanOrEqual(frame.height);
		}),
		{ numRuns: 100 },
	);
});
