import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fitText } from '../../../smile/reel/fit-text';
import { placePicture } from '../../../smile/reel/place-picture';
import { measure } from './reels';

const room = { width: 300, linesMax: 2, size: 40, sizeMin: 20, weight: 500 } as const;

test('short words stand in the first size on one line', () => {
	expect(fitText('Praxis Nord', room, measure)).toMatchObject({ lines: ['Praxis Nord'], size: 40 });
});

test('longer words get smaller until they stand in the lines there are', () => {
	const fitted = fitText('Whitening from A3.5 to B1 in one visit', room, measure);
	expect(fitted.lines.length).toBe(2);
	expect(fitted.size).toBeLessThan(40);
	expect(fitted.size).toBeGreaterThanOrEqual(20);
});

test('nothing is cut off, and no line is wider than its room, whatever is written', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 60, max: 900 }), (text, width) => {
			const { lines, size } = fitText(text, { ...room, width }, measure);
			expect(lines.join('').replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
			// One letter stands even where it is wider than its room.
			const wide = lines.filter((line) => Array.from(line).length > 1 && measure(line, { size, weight: 500 }) > width);
			expect(wide).toEqual([]);
		}),
	);
});

test('a placed picture shows its focus, keeps its shape and stays in the room', () => {
	const side = fc.integer({ min: 50, max: 4000 });
	const share = fc.double({ min: 0, max: 1, noNaN: true });
	fc.assert(
		fc.property(
			side,
			side,
			side,
			side,
			share,
			share,
			fc.double({ min: 1, max: 3, noNaN: true }),
			(pw, ph, rw, rh, fx, fy, near) => {
				const placed = placePicture(
					{ width: pw, height: ph },
					{ x: 7, y: 9, width: rw, height: rh },
					{ x: fx, y: fy },
					near,
				);
				const { from, to } = placed;
				expect(to.width / from.width).toBeCloseTo(to.height / from.height, 6);
				expect(from.x).toBeGreaterThanOrEqual(-1e-9);
				expect(from.y).toBeGreaterThanOrEqual(-1e-9);
				expect(from.x + from.width).toBeLessThanOrEqual(pw + 1e-6);
				expect(from.y + from.height).toBeLessThanOrEqual(ph + 1e-6);
				expect(fx * pw).toBeGreaterThanOrEqual(from.x - 1e-6);
				expect(fx * pw).toBeLessThanOrEqual(from.x + from.width + 1e-6);
				expect(to.x).toBeGreaterThanOrEqual(7 - 1e-6);
				expect(to.x + to.width).toBeLessThanOrEqual(7 + rw + 1e-6);
				expect(to.y + to.height).toBeLessThanOrEqual(9 + rh + 1e-6);
			},
		),
	);
});
