import { expect, test } from 'vitest';
import { faceFraming } from '../../smile/framing';
import { FACE_OVAL, INNER_LIP, OUTER_LIP, type Point } from '../../smile/landmarks';

/** A face 200 px wide and 300 high about a middle, its mouth 80 px wide and 60 px lower. */
function faceAt(x: number, y: number): Point[] {
	const face: Point[] = Array.from({ length: 468 }, () => ({ x, y }));
	const place = (ring: readonly number[], halfWidth: number, halfHeight: number, down: number) =>
		ring.forEach((index, step) => {
			const angle = Math.PI + (step / ring.length) * 2 * Math.PI;
			face[index] = { x: x + halfWidth * Math.cos(angle), y: y + down + halfHeight * Math.sin(angle) };
		});
	place(FACE_OVAL, 100, 150, 0);
	place(OUTER_LIP, 50, 20, 60);
	place(INNER_LIP, 40, 10, 60);
	return face;
}

const PICTURE = { width: 500, height: 600 };

test('a face in the middle is whole and fills half of the height', () => {
	const framing = faceFraming(PICTURE, faceAt(250, 300));
	expect(framing).toMatchObject({ cutShare: 0, isMouthWhole: true });
	expect(framing.faceShare).toBeCloseTo(0.5, 2);
	expect(framing.mouthPx).toBeCloseTo(80, 6);
});

test('the share of a wide picture is by height, and of a tall one by width', () => {
	expect(faceFraming({ width: 3000, height: 600 }, faceAt(1500, 300)).faceShare).toBeCloseTo(0.5, 2);
	expect(faceFraming({ width: 400, height: 3000 }, faceAt(200, 1500)).faceShare).toBeCloseTo(0.5, 2);
});

test('a face over the edge is cut, by as much as is missing', () => {
	const half = faceFraming(PICTURE, faceAt(0, 300));
	expect(half.cutShare).toBeGreaterThan(0.4);
	expect(half.cutShare).toBeLessThan(0.6);
	expect(half.isMouthWhole).toBe(false);
	const chinGone = faceFraming(PICTURE, faceAt(250, 470));
	expect(chinGone.cutShare).toBeGreaterThan(0);
	expect(chinGone.isMouthWhole).toBe(true);
});
