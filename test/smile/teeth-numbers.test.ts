import { expect, test } from 'vitest';
import { fdiOfUniversal, isFdi, SMILE_ZONE, universalOfFdi, UPPER_SMILE, upperTeeth } from '../../smile/teeth-numbers';

test('known teeth have their two numbers', () => {
	// Corners and middles of all four quadrants, as the charts print them.
	const known = [
		[18, 1],
		[11, 8],
		[21, 9],
		[28, 16],
		[38, 17],
		[31, 24],
		[41, 25],
		[48, 32],
		[13, 6],
		[23, 11],
	] as const;
	for (const [fdi, universal] of known) {
		expect(universalOfFdi(fdi)).toBe(universal);
		expect(fdiOfUniversal(universal)).toBe(fdi);
	}
});

test('all 32 teeth go there and back, each to a number of its own', () => {
	const universal = Array.from({ length: 32 }, (_, index) => index + 1);
	const fdi = universal.map(fdiOfUniversal);
	expect(new Set(fdi).size).toBe(32);
	expect(fdi.map(universalOfFdi)).toEqual(universal);
	expect(fdi.every(isFdi)).toBe(true);
});

test.each([0, 10, 19, 20, 49, 51, 11.5, Number.NaN])('%s is no FDI number', (fdi) => {
	expect(isFdi(fdi)).toBe(false);
	expect(() => universalOfFdi(fdi)).toThrow(RangeError);
});

test.each([0, 33, 1.5])('%s is no Universal number', (universal) => {
	expect(() => fdiOfUniversal(universal)).toThrow(RangeError);
});

test('six front teeth are 13 to 23, and the smile zone reaches from 15 to 25', () => {
	expect(upperTeeth(6)).toEqual([13, 12, 11, 21, 22, 23]);
	expect(upperTeeth(10)).toEqual(UPPER_SMILE);
	expect(upperTeeth(99)).toEqual(UPPER_SMILE);
	expect(upperTeeth(0)).toEqual([11, 21]);
	expect(UPPER_SMILE.map(universalOfFdi)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
	expect(SMILE_ZONE.every(isFdi)).toBe(true);
});
