import { expect, test } from 'vitest';
import { INNER_LIP, mouthOf, OUTER_LIP } from '../../smile/landmarks';
import { faceAround, moveFace } from './drawn-mouth';

test('both lip borders are 20 different landmarks of the mesh and share none', () => {
	expect(new Set([...INNER_LIP, ...OUTER_LIP]).size).toBe(40);
	expect(Math.max(...INNER_LIP, ...OUTER_LIP)).toBeLessThan(468);
});

test('width runs between the inner corners, openness is the gap over it, the box holds both lips', () => {
	const mouth = mouthOf(faceAround({ halfWidth: 40, halfHeight: 10 }));
	expect(mouth.widthPx).toBeCloseTo(80, 6);
	expect(mouth.openness).toBeCloseTo(0.25, 6);
	expect(mouth.box).toEqual({ x: 36, y: 60, width: 88, height: 40 });
});

test('openness does not depend on size', () => {
	const face = faceAround({ halfWidth: 40, halfHeight: 10 });
	expect(mouthOf(moveFace(face, { scale: 3, by: 7 })).openness).toBeCloseTo(mouthOf(face).openness, 6);
});

test('fewer points than a face mesh is an error, not a mouth', () => {
	expect(() => mouthOf([{ x: 1, y: 1 }])).toThrow(RangeError);
	expect(() => mouthOf(faceAround({ halfWidth: NaN, halfHeight: 1 }))).toThrow(RangeError);
});
