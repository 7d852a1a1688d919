import { expect, test } from 'vitest';
import { isShade, labOf, type Shade, SHADES, VALUE_ORDER } from '../../smile/shades';

const chroma = (shade: Shade) => Math.hypot(labOf(shade).a, labOf(shade).b);

test('the guide has 16 classical tabs and 4 bleach tabs, each once', () => {
	expect(SHADES).toHaveLength(20);
	expect(new Set(SHADES).size).toBe(20);
});

test('the value order holds every tab once, bleach first, then from B1 to C4', () => {
	expect(VALUE_ORDER.toSorted()).toEqual(SHADES.toSorted());
	expect(VALUE_ORDER.join(' ')).toBe('BL1 BL2 BL3 BL4 B1 A1 B2 D2 A2 C1 C2 D4 A3 D3 B3 A3.5 B4 C3 A4 C4');
});

test('only names printed on a tab are shades', () => {
	expect(SHADES.every((shade) => isShade(shade))).toBe(true);
	for (const other of ['a1', 'A5', '', 'A3.50', 'toString', '__proto__']) expect(isShade(other)).toBe(false);
});

test('a bleach tab is lighter and nearer to neutral than any classical one', () => {
	const classical = SHADES.filter((shade) => !shade.startsWith('BL'));
	expect(labOf('BL4').l).toBeGreaterThan(Math.max(...classical.map((shade) => labOf(shade).l)));
	expect(chroma('BL4')).toBeLessThan(Math.min(...classical.map(chroma)));
});
