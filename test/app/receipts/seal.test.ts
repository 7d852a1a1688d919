import { expect, test } from 'vitest';

import { bandPath, sealPath } from '../../../app/receipts/seal';

/** The places that a path of relative steps passes, curve by curve. */
function placesOf(path: string): { x: number; y: number }[] {
	return path.split('M').flatMap((curve) => {
		let at = { x: 0, y: 0 };
		return [...curve.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, dx, dy]) => {
			at = { x: at.x + Number(dx), y: at.y + Number(dy) };
			return at;
		});
	});
}

function radii(path: string): number[] {
	return placesOf(path).map(({ x, y }) => Math.hypot(x, y));
}

test('the same bytes draw the same seal and other bytes another', () => {
	expect(sealPath([1, 2, 3, 4])).toEqual(sealPath([1, 2, 3, 4]));
	for (const other of [
		[2, 2, 3, 4],
		[1, 3, 3, 4],
		[1, 2, 200, 4],
		[1, 2, 3, 5],
	]) {
		expect(sealPath(other)).not.toEqual(sealPath([1, 2, 3, 4]));
	}
});

test('it has seven outer and five inner curves, closed, between the rims', () => {
	for (const bytes of [
		[0, 0, 0, 0],
		[255, 255, 255, 255],
		[7, 5, 128, 6],
	]) {
		const { outer, inner } = sealPath(bytes);
		expect(outer.match(/M/g)).toHaveLength(7);
		expect(inner.match(/M/g)).toHaveLength(5);
		expect(outer.match(/z/g)).toHaveLength(7);
		expect(Math.max(...radii(outer))).toBeLessThanOrEqual(97);
		expect(Math.min(...radii(outer))).toBeGreaterThan(55);
		expect(Math.max(...radii(inner))).toBeLessThan(60);
		expect(Math.min(...radii(inner))).toBeGreaterThan(27);
	}
});

test('bytes beyond the fourth change nothing', () => {
	expect(sealPath([1, 2, 3, 4, 99])).toEqual(sealPath([1, 2, 3, 4]));
});

test('the band stays inside its box', () => {
	const heights = placesOf(bandPath()).map(({ y }) => y);
	expect(Math.min(...heights)).toBeGreaterThan(0);
	expect(Math.max(...heights)).toBeLessThan(22);
});
