import { expect, test } from 'vitest';
import { comparePair } from '../../smile/comparability';
import { exposureGain, skinLight, withExposure } from '../../smile/equalise-exposure';
import { labPlanes } from '../../smile/colour';
import { maskTeeth } from '../../smile/teeth-mask';
import { inLight } from './drawn-mouths';
import { photographed, readPatient } from './drawn-patient';
import { meanLab } from './measures';

const [mara, jonas] = [await readPatient('mara'), await readPatient('jonas')];

const bright = { ...mara, picture: withExposure(mara.picture, 1.8) };
const warm = { ...mara, picture: inLight(mara.picture, [1.25, 1, 0.6]) };
const NEARER = photographed(mara, { scale: 1.6, angle: 0, moveX: -230, moveY: -400 });

function reasonsOf(one: typeof mara, other: typeof mara): string {
	return comparePair(one, other)
		.aspects.flatMap(({ reasons }) => reasons)
		.join(' ');
}

test('a photo compared with itself has all points and no reason against it', () => {
	const itself = comparePair(mara, mara);
	expect(itself.score).toBe(100);
	expect(itself.aspects.map(({ aspect, most }) => [aspect, most])).toEqual([
		['pose', 45],
		['framing', 20],
		['light', 35],
	]);
	expect(reasonsOf(mara, mara)).toBe('');
});

test('each thing that differs costs points of its own aspect and is named with its figure', () => {
	const lost = (other: typeof mara) =>
		Object.fromEntries(comparePair(mara, other).aspects.map(({ aspect, points, most }) => [aspect, most - points]));
	const rolled = photographed(mara, { scale: 1, angle: 0.2, moveX: 150, moveY: -60 });
	const others = { brighter: bright, warmer: warm, nearer: NEARER, 'turned picture': rolled, 'another person': jonas };
	const rows = Object.entries(others).map(([name, other]) => `${name.padEnd(16)} ${comparePair(mara, other).score}`);
	console.info(['Comparability of a photo with the same, 100 at most', ...rows].join('\n'));
	expect(lost(bright)).toMatchObject({ pose: 0, framing: 0, light: expect.closeTo(5, 0) });
	expect(reasonsOf(mara, bright)).toMatch(/0\.[89] stops brighter/);
	expect(lost(warm)['light']).toBeGreaterThan(5);
	expect(reasonsOf(mara, warm)).toMatch(/another colour/);
	expect(lost(NEARER)).toMatchObject({ pose: 0, light: expect.closeTo(0, 0) });
	expect(lost(NEARER)['framing']).toBeGreaterThan(3);
	expect(reasonsOf(mara, NEARER)).toMatch(/21 % of the first picture's width and 34 % of the second's/);
	expect(reasonsOf(mara, rolled)).toMatch(/tilted 11 degrees/);
});

test('another head, held another way, is far less comparable than the same one', () => {
	const other = comparePair(mara, jonas);
	expect(other.score).toBeLessThan(80);
	expect(other.aspects.find(({ aspect }) => aspect === 'pose')!.points).toBeLessThan(35);
});

test('a closed mouth beside an open one is named', async () => {
	expect(reasonsOf(mara, await readPatient('closed'))).toMatch(/The mouth is open \d+ % of its width in the first/);
});

test('the score does not depend on the pictures’ pixels, only on what they show', () => {
	const half = photographed(mara, { scale: 0.5, angle: 0, moveX: 0, moveY: 0 }, { width: 384, height: 480 });
	const [whole, smaller] = [comparePair(mara, mara).score, comparePair(mara, half).score];
	expect(whole - smaller).toBeLessThanOrEqual(4);
});

const hue = ({ a, b }: { a: number; b: number }) => Math.atan2(b, a);

test('light is equalised by the skin, and the hue of teeth does not turn', () => {
	const [was, is] = [skinLight(mara.picture, mara.face), skinLight(bright.picture, bright.face)];
	const gain = exposureGain(is!, was!);
	expect(1 / gain).toBeGreaterThan(1.7);
	const equal = withExposure(bright.picture, gain);
	expect(skinLight(equal, mara.face)!.luminance / was!.luminance).toBeCloseTo(1, 1);

	const masked = maskTeeth(mara.picture, mara.face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	for (const factor of [0.5, 0.8, 1.25, 2]) {
		const shown = meanLab(withExposure(mara.picture, factor), masked.mask);
		expect(Math.abs(hue(shown) - hue(meanLab(mara.picture, masked.mask)))).toBeLessThan(0.04);
	}
});

test('a factor of one primary is the factor of all, also where light would be cut off', () => {
	const picture = {
		width: 3,
		height: 1,
		data: new Uint8ClampedArray([250, 200, 150, 255, 90, 60, 30, 7, 0, 0, 0, 255]),
	};
	const brighter = withExposure(picture, 2);
	// At the brightest the first pixel can only reach white in red: all three stop there together.
	expect(Array.from(brighter.data.slice(0, 4))).toEqual([255, 204, 153, 255]);
	expect(brighter.data[7]).toBe(7);
	expect(Array.from(brighter.data.slice(8, 12))).toEqual([0, 0, 0, 255]);
	const { l } = labPlanes(brighter, { x: 1, y: 0, width: 1, height: 1 });
	expect(l[0]).toBeGreaterThan(labPlanes(picture, { x: 1, y: 0, width: 1, height: 1 }).l[0]!);
	expect(withExposure(picture, 1).data).toEqual(picture.data);
});

test('without skin in the picture there is no light to compare, and that is said', () => {
	const away = mara.face.map(({ x, y }) => ({ x: x + 5000, y }));
	expect(skinLight(mara.picture, away)).toBeUndefined();
	expect(reasonsOf(mara, { picture: mara.picture, face: away })).toMatch(/cannot be seen in both/);
	expect(
		exposureGain({ red: 0, green: 0, blue: 0, luminance: 0, sideways: 1 }, skinLight(mara.picture, mara.face)!),
	).toBe(1);
});
