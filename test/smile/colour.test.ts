import { expect, test } from 'vitest';
import { byteOfLinear, labPlanes, LINEAR_OF_BYTE, lightOfLab } from '../../smile/colour';

test('every byte comes back from light as itself', () => {
	for (let byte = 0; byte < 256; byte++) expect(Math.round(byteOfLinear(LINEAR_OF_BYTE[byte]!))).toBe(byte);
});

test('light that sRGB cannot show is cut off, and what is no number is black', () => {
	expect(byteOfLinear(1.7)).toBe(255);
	expect(byteOfLinear(-0.2)).toBe(0);
	expect(byteOfLinear(NaN)).toBe(0);
});

test('Lab of white, black, grey and red agrees with the published values', () => {
	const data = new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255, 119, 119, 119, 255, 255, 0, 0, 255]);
	const { l, a, b } = labPlanes({ width: 4, height: 1, data }, { x: 0, y: 0, width: 4, height: 1 });
	const expected = [
		[100, 0, 0],
		[0, 0, 0],
		[50.03, 0, 0],
		[53.24, 80.09, 67.2],
	];
	expected.forEach(([lightness, red, yellow], at) => {
		expect(l[at]).toBeCloseTo(lightness!, 1);
		expect(a[at]).toBeCloseTo(red!, 1);
		expect(b[at]).toBeCloseTo(yellow!, 1);
	});
});

test('a Lab colour turned into light and back is the same colour', () => {
	const [red, green, blue] = lightOfLab({ l: 75.36, a: 1.36, b: 19.61 });
	const data = new Uint8ClampedArray([byteOfLinear(red), byteOfLinear(green), byteOfLinear(blue), 255]);
	const { l, a, b } = labPlanes({ width: 1, height: 1, data }, { x: 0, y: 0, width: 1, height: 1 });
	expect(Math.hypot(l[0]! - 75.36, a[0]! - 1.36, b[0]! - 19.61)).toBeLessThan(0.6);
});
