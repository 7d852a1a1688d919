import { expect, test } from 'vitest';
import { coverPolygon, growRing, smoothRing } from '../../smile/outline';

const SQUARE = [
	{ x: 2.5, y: 2.5 },
	{ x: 7.5, y: 2.5 },
	{ x: 7.5, y: 7.5 },
	{ x: 2.5, y: 7.5 },
];
const BOX = { x: 0, y: 0, width: 10, height: 10 };
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

test('cover is the part of each pixel that lies in the polygon', () => {
	const cover = coverPolygon(SQUARE, BOX);
	expect(sum(cover)).toBeCloseTo(25, 4);
	expect(cover[5 * 10 + 5]).toBe(1);
	expect(cover[5 * 10 + 2]).toBeCloseTo(0.5, 4);
	expect(cover[2 * 10 + 2]).toBeCloseTo(0.25, 4);
	expect(cover[1 * 10 + 5]).toBe(0);
});

test('a polygon that reaches out of the box is cut at its edges', () => {
	const cover = coverPolygon(SQUARE, { x: 5, y: 5, width: 2, height: 2 });
	expect([...cover]).toEqual([1, 1, 1, 1]);
	expect(sum(coverPolygon(SQUARE, { x: 20, y: 20, width: 4, height: 4 }))).toBe(0);
	expect(sum(coverPolygon([], BOX))).toBe(0);
});

test('a smooth ring of 20 points on a circle has the area of the circle', () => {
	const ring = Array.from({ length: 20 }, (_, step) => ({
		x: 50 + 40 * Math.cos((step / 10) * Math.PI),
		y: 50 + 40 * Math.sin((step / 10) * Math.PI),
	}));
	const area = sum(coverPolygon(smoothRing(ring), { x: 0, y: 0, width: 100, height: 100 }));
	expect(area / (Math.PI * 1600)).toBeCloseTo(1, 2);
});

test('growing moves each point straight away from the middle', () => {
	const grown = growRing(SQUARE, Math.SQRT2);
	expect(grown[0]!.x).toBeCloseTo(1.5, 6);
	expect(grown[2]!.y).toBeCloseTo(8.5, 6);
	expect(growRing([{ x: 3, y: 3 }], 5)).toEqual([{ x: 3, y: 3 }]);
});
