// Landmarks come from a detector and pictures from anyone, so nothing about either is certain here: noise for pixels,
// lips crossing each other and reaching out of the picture.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeShade } from '../../smile/change-shade';
import { checkPhoto } from '../../smile/check-photo';
import { type Face, INNER_LIP, OUTER_LIP, type Point, ringOf } from '../../smile/landmarks';
import { coverPolygon } from '../../smile/outline';
import type { Picture } from '../../smile/picture';
import { whitenSmile } from '../../smile/retouch';
import { SHADES } from '../../smile/shades';
import { maskTeeth } from '../../smile/teeth-mask';
import { drawMouth, IVORY, LIP, moveFace } from './drawn-mouth';
import { bytesChangedOutside } from './measures';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const RUNS = 150;
console.info(`SEED=${seed}`);

const shade = fc.constantFrom(...SHADES);
// Whole steps, since fast-check spreads doubles over their exponents, which makes nearly all of them nearly 0.
const between = (min: number, max: number) =>
	fc.integer({ min: min * 100, max: max * 100 }).map((hundredths) => hundredths / 100);
const amount = between(0, 1);
/** Lips as two rings around a middle, each point at any distance from it: jagged, and the inner may cross the outer. */
const lips = fc
	.record({
		x: between(0, 70),
		y: between(0, 50),
		inner: fc.array(between(1, 30), { minLength: 20, maxLength: 20 }),
		outer: fc.array(between(1, 45), { minLength: 20, maxLength: 20 }),
	})
	.map(({ x, y, inner, outer }) => {
		const face: Point[] = Array.from({ length: 468 }, () => ({ x, y }));
		const place = (index: number, step: number, away: number) => {
			const angle = Math.PI * (1 + step / 10);
			face[index] = { x: x + away * Math.cos(angle), y: y + away * Math.sin(angle) };
		};
		INNER_LIP.forEach((index, step) => place(index, step, inner[step]!));
		OUTER_LIP.forEach((index, step) => place(index, step, outer[step]!));
		return face;
	});

interface Scene {
	readonly width: number;
	readonly height: number;
	readonly face: Face;
	readonly noise: Uint8Array;
	/** 0 to 1. */
	readonly noisiness: number;
}
const scene: fc.Arbitrary<Scene> = fc.record({
	width: fc.integer({ min: 1, max: 72 }),
	height: fc.integer({ min: 1, max: 56 }),
	face: lips,
	noise: fc.uint8Array({ minLength: 400, maxLength: 400 }),
	noisiness: between(0, 1),
});

/** Ivory inside the inner lips and lip red elsewhere, from clean to nothing but noise, in A too. */
function paint({ width, height, face, noise, noisiness }: Scene): Picture {
	const opening = coverPolygon(ringOf(face, INNER_LIP), { x: 0, y: 0, width, height });
	const data = new Uint8ClampedArray(width * height * 4);
	for (let at = 0; at < data.length; at++) {
		const clean = [...(opening[at >> 2]! > 0.5 ? IVORY : LIP), 255][at % 4]!;
		data[at] = clean + noisiness * (noise[(at * 7) % 400]! - clean);
	}
	return { width, height, data };
}

/** What is wrong with an answer, in words; nothing when it is a clear refusal or a change in the mask alone. */
function faultOf(before: Picture, answer: ReturnType<typeof whitenSmile>): string {
	if (!answer.ok) return /NaN|Infinity|undefined/.test(answer.refusal.message) ? answer.refusal.message : '';
	if (!answer.mask.alpha.every((alpha) => alpha >= 0 && alpha <= 1)) return 'alpha out of 0 to 1';
	const bytes = bytesChangedOutside(answer.mask, before, answer.after);
	return bytes === 0 ? '' : `${bytes} bytes changed out of the mask`;
}

test('any picture under any lips is refused or changed in its mask alone', () => {
	let masked = 0;
	fc.assert(
		fc.property(scene, shade, shade, amount, (painted, from, to, part) => {
			const before = paint(painted);
			const found = maskTeeth(before, painted.face);
			if (found.ok) masked++;
			const answer = found.ok
				? { ...found, after: changeShade(before, found.mask, { from, to, amount: part }) }
				: found;
			expect(faultOf(before, answer)).toBe('');
		}),
		{ seed, numRuns: RUNS },
	);
	console.info(`${masked} of ${RUNS} pictures were masked`);
	expect(masked).toBeGreaterThan(0);
});

test('a smile anywhere in or out of the picture is refused or changed in its mask alone', () => {
	const drawn = drawMouth();
	const place = fc.record({
		by: between(-150, 150),
		scale: between(0.1, 2),
	});
	fc.assert(
		fc.property(place, shade, shade, amount, (where, from, to, part) => {
			const answer = whitenSmile(drawn.picture, [moveFace(drawn.face, where)], { from, to, amount: part });
			expect(faultOf(drawn.picture, answer)).toBe('');
		}),
		{ seed, numRuns: RUNS },
	);
});

test('the check of any picture refuses what the retouch refuses and nothing else, in figures that are numbers', () => {
	const drawn = drawMouth();
	const smile = fc
		.record({ by: between(-60, 60), scale: between(0.1, 2) })
		.map((where) => ({ picture: drawn.picture, face: moveFace(drawn.face, where) }));
	const noise = scene.map((painted) => ({ picture: paint(painted), face: painted.face }));
	const verdicts = new Set<string>();
	fc.assert(
		fc.property(fc.oneof(smile, noise), fc.integer({ min: 0, max: 2 }), ({ picture, face }, count) => {
			const faces = Array.from({ length: count }, () => face);
			const check = checkPhoto(picture, faces);
			verdicts.add(check.verdict);
			const whitened = whitenSmile(picture, faces, { from: 'A3', to: 'A1' });
			expect(check.verdict === 'refused').toBe(!whitened.ok);
			expect(check.verdict === 'good').toBe(check.findings.length === 0);
			expect(JSON.stringify(check)).not.toMatch(/NaN|Infinity|undefined|:null,"limit/);
		}),
		{ seed, numRuns: RUNS },
	);
	expect(verdicts).toContain('refused');
	expect(verdicts).toContain('usable');
});

test('no shade pair and amount leaves a channel that is no number, even on black, white and pure colours', () => {
	const levels = [0, 255];
	const corners = levels.flatMap((red) => levels.flatMap((green) => levels.map((blue) => [red, green, blue, 255])));
	const before = { width: 8, height: 1, data: new Uint8ClampedArray(corners.flat()) };
	const mask = { box: { x: 0, y: 0, width: 8, height: 1 }, alpha: new Float32Array(8).fill(1) };
	fc.assert(
		fc.property(shade, shade, amount, (from, to, part) => {
			const { data } = changeShade(before, mask, { from, to, amount: part });
			// A clamped array turns NaN into 0, so a lost number would show as a white pixel gone dark.
			expect(data.slice(28, 31).every((byte) => byte > 90)).toBe(true);
			expect(Array.from(data.slice(0, 4))).toEqual([0, 0, 0, 255]);
		}),
		{ seed, numRuns: RUNS },
	);
});
