import { expect, test } from 'vitest';
import { changeShade } from '../../smile/change-shade';
import { labPlanes } from '../../smile/colour';
import { SHADES, labOf } from '../../smile/shades';
import { maskTeeth, type TeethMask } from '../../smile/teeth-mask';
import { type Colour, drawMouth, IVORY, SMILE } from './drawn-mouth';
import { bytesChangedOutside, meanLab } from './measures';

function prepared(teeth: Colour = IVORY) {
	const { picture, face } = drawMouth({ ...SMILE, teeth });
	const masked = maskTeeth(picture, face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	return { picture, mask: masked.mask };
}

const chroma = ({ a, b }: { a: number; b: number }) => Math.hypot(a, b);

test('A3 to BL2 makes teeth lighter and less yellow, and changes nothing else', () => {
	const { picture, mask } = prepared();
	const before = new Uint8ClampedArray(picture.data);
	const after = changeShade(picture, mask, { from: 'A3', to: 'BL2' });

	expect(meanLab(after, mask).l - meanLab(picture, mask).l).toBeGreaterThan(3);
	expect(chroma(meanLab(after, mask))).toBeLessThan(0.6 * chroma(meanLab(picture, mask)));
	expect(bytesChangedOutside(mask, picture, after)).toBe(0);
	expect(picture.data).toEqual(before);
});

test('A2 to C4 makes teeth darker, B1 to B4 also yellower', () => {
	const { picture, mask } = prepared();
	const before = meanLab(picture, mask);
	expect(meanLab(changeShade(picture, mask, { from: 'A2', to: 'C4' }), mask).l).toBeLessThan(before.l - 6);
	expect(meanLab(changeShade(picture, mask, { from: 'B1', to: 'B4' }), mask).b).toBeGreaterThan(before.b + 4);
});

test.each<[string, Colour]>([
	['warm', [232, 205, 150]],
	['pink', [230, 200, 195]],
	['bluish', [205, 215, 228]],
	['greenish', [208, 220, 190]],
])('whitening %s teeth moves them toward neutral and never past it', (_, teeth) => {
	const { picture, mask } = prepared(teeth);
	const before = meanLab(picture, mask);
	const after = meanLab(changeShade(picture, mask, { from: 'A3', to: 'BL1', amount: 1 }), mask);
	// One unit of Lab is what rounding to bytes can move a light colour by.
	expect(chroma(after)).toBeLessThan(0.6 * chroma(before) + 1);
	expect(after.a * Math.sign(before.a)).toBeGreaterThan(-1);
	expect(after.b * Math.sign(before.b)).toBeGreaterThan(-1);
	expect(after.l).toBeGreaterThan(before.l);
});

test('nearly white teeth get no darker by whitening and are not burnt out to one flat white', () => {
	const { picture, mask } = prepared([244, 240, 232]);
	const after = changeShade(picture, mask, { from: 'A3', to: 'BL1' });
	expect(meanLab(after, mask).l).toBeGreaterThanOrEqual(meanLab(picture, mask).l);
	expect(meanLab(after, mask).l).toBeLessThan(99.5);
});

test('a gap between teeth stays as dark as it is', () => {
	const { picture, mask } = prepared();
	const whole: TeethMask = { box: mask.box, alpha: mask.alpha.map((alpha) => (alpha > 0 ? 1 : 0)) };
	const after = changeShade(picture, whole, { from: 'C4', to: 'BL1', amount: 1 });
	const gap = (80 * 160 + 80) * 4;
	expect(after.data.slice(gap, gap + 4)).toEqual(picture.data.slice(gap, gap + 4));
});

test('more amount is more change, and none is a copy', () => {
	const { picture, mask } = prepared();
	const lightness = [0, 0.3, 0.6, 1].map(
		(amount) => meanLab(changeShade(picture, mask, { from: 'A3', to: 'BL2', amount }), mask).l,
	);
	expect(lightness).toEqual(lightness.toSorted((one, other) => one - other));
	expect(new Set(lightness).size).toBe(4);
	const copy = changeShade(picture, mask, { from: 'A3', to: 'BL2', amount: 0 });
	expect(copy.data).toEqual(picture.data);
	expect(copy.data).not.toBe(picture.data);
});

test('from a shade to itself is a copy', () => {
	const { picture, mask } = prepared();
	expect(changeShade(picture, mask, { from: 'A3', to: 'A3' }).data).toEqual(picture.data);
});

test('between any two tabs lightness moves the way the tabs do', () => {
	const { picture, mask } = prepared();
	const before = meanLab(picture, mask).l;
	for (const from of SHADES) {
		for (const to of SHADES) {
			const step = labOf(to).l - labOf(from).l;
			// Half a unit is lost in bytes.
			if (Math.abs(step) < 0.5) continue;
			const moved = meanLab(changeShade(picture, mask, { from, to }), mask).l - before;
			expect(Math.sign(moved), `${from} to ${to}`).toBe(Math.sign(step));
		}
	}
});

test('a see-through picture keeps its A', () => {
	const { picture, mask } = prepared();
	for (let at = 3; at < picture.data.length; at += 4) picture.data[at] = at % 251;
	const after = changeShade(picture, mask, { from: 'A3', to: 'BL2' });
	expect(bytesChangedOutside(mask, picture, after)).toBe(0);
});

test('a mask of another picture is an error', () => {
	const { picture, mask } = prepared();
	const small = { width: 40, height: 40, data: picture.data.slice(0, 40 * 40 * 4) };
	expect(() => changeShade(small, mask, { from: 'A3', to: 'BL2' })).toThrow(RangeError);
});

test('evenness draws the colours of teeth together and leaves their lightness', () => {
	const { picture, mask } = prepared();
	// Every second column browner, as stains are.
	const stained = { ...picture, data: new Uint8ClampedArray(picture.data) };
	for (let at = 0; at < stained.data.length; at += 8) stained.data[at + 2]! -= 30;
	const spread = (one: typeof picture) => {
		const { b } = labPlanes(one, mask.box);
		const teeth = Array.from(b).filter((_, at) => mask.alpha[at] === 1);
		const mean = teeth.reduce((sum, value) => sum + value, 0) / teeth.length;
		return Math.sqrt(teeth.reduce((sum, value) => sum + (value - mean) ** 2, 0) / teeth.length);
	};
	const even = changeShade(stained, mask, { from: 'A3', to: 'A3', evenness: 0.8 });
	expect(spread(even)).toBeLessThan(0.5 * spread(stained));
	expect(Math.abs(meanLab(even, mask).l - meanLab(stained, mask).l)).toBeLessThan(0.5);
	expect(bytesChangedOutside(mask, stained, even)).toBe(0);
	const half = changeShade(stained, mask, { from: 'A3', to: 'A3', evenness: 0.3 });
	expect(spread(half)).toBeGreaterThan(spread(even));
	expect(changeShade(stained, mask, { from: 'A3', to: 'A3', evenness: 0 }).data).toEqual(stained.data);
});
