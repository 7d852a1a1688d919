import { expect, test } from 'vitest';
import { changeShade } from '../../smile/change-shade';
import { compositeMouth } from '../../smile/composite-mouth';
import { differenceBetween, differenceMap } from '../../smile/difference';
import { doubtsAbout, measureSmile } from '../../smile/plausibility';
import { cutTeeth, withBox } from '../../smile/picture-box';
import { maskTeeth } from '../../smile/teeth-mask';
import { TREATMENTS, treatmentOf } from '../../studios/treatments';
import { inLight } from './drawn-mouths';
import { type DrawnPatient, photographed, readPatient } from './drawn-patient';
import { bytesChangedOutside, meanLab } from './measures';

const mara = await readPatient('mara');

function teethOf({ picture, face }: DrawnPatient) {
	const masked = maskTeeth(picture, face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	return masked.mask;
}

const mask = teethOf(mara);
const whiter = changeShade(mara.picture, mask, { from: 'A3', to: 'BL1', amount: 1 });

/** What a model might return: the teeth whiter, and all of it in other light, another size and a little turned. */
const GENERATED = photographed(
	{ picture: inLight(whiter, [1.15, 1.05, 0.85]), face: mara.face },
	{ scale: 1.3, angle: 0.03, moveX: 14, moveY: -9 },
	{ width: 1040, height: 1280 },
);

test.each(['teeth', 'opening'] as const)(
	'only the %s come from the generated picture: 0 bytes change outside',
	(region) => {
		const composite = compositeMouth(mara, GENERATED, region);
		expect(bytesChangedOutside(composite.mask, mara.picture, composite.picture)).toBe(0);
		const difference = differenceBetween(mara.picture, composite.picture, composite.mask);
		expect(difference.outside).toBe(0);
		expect(difference.changed).toBeGreaterThan(3000);
		expect(difference.share).toBeLessThan(0.02);
		expect(composite.miss).toBeLessThan(0.001);
	},
);

test('the composite shows the generated shade in the light of the photo', () => {
	const { picture, gains } = compositeMouth(mara, GENERATED, 'teeth');
	const [made, wanted, was] = [picture, whiter, mara.picture].map((one) => meanLab(one, mask));
	expect(made!.l).toBeGreaterThan(was!.l + 3);
	expect(Math.abs(made!.l - wanted!.l)).toBeLessThan(2.5);
	expect(Math.abs(made!.b - wanted!.b)).toBeLessThan(4);
	expect(gains[0]).toBeLessThan(1);
	expect(gains[2]).toBeGreaterThan(1);
});

test('a generated picture that does not reach the mouth changes nothing', () => {
	const far = { picture: GENERATED.picture, face: GENERATED.face.map(({ x, y }) => ({ x: x + 9000, y })) };
	expect(compositeMouth(mara, far, 'opening').picture.data).toEqual(mara.picture.data);
});

test('a photo without teeth to be made out takes none', async () => {
	const closed = await readPatient('closed');
	expect(compositeMouth(closed, GENERATED, 'teeth').picture.data).toEqual(closed.picture.data);
});

test('the teeth cut out and recoloured by themselves are what the whole photo shows there', () => {
	const cut = cutTeeth(mara.picture, mask);
	const change = { from: 'A3', to: 'A1', amount: 0.7, evenness: 0.4 } as const;
	const part = changeShade(cut.picture, cut.mask, change);
	expect(withBox(mara.picture, part, cut.box)).toEqual(changeShade(mara.picture, mask, change));
	expect(cut.box.width * cut.box.height).toBeLessThan(0.02 * mara.picture.width * mara.picture.height);
});

test('a part that reaches out of the picture is refused', () => {
	const cut = cutTeeth(mara.picture, mask);
	expect(() => withBox(mara.picture, cut.picture, { x: 760, y: 0 })).toThrow(RangeError);
	expect(() => withBox(mara.picture, cut.picture, { x: 0, y: -1 })).toThrow(RangeError);
});

test('a difference is counted to the pixel, in and out of the mask, and drawn where it is', () => {
	const after = { ...mara.picture, data: new Uint8ClampedArray(mara.picture.data) };
	const inside = mask.alpha.findIndex((alpha) => alpha === 1);
	const row = mask.box.y + Math.floor(inside / mask.box.width);
	const places = [0, 500, mara.picture.width * row + mask.box.x + (inside % mask.box.width)];
	for (const at of places) after.data[at * 4 + 1]! ^= 1;
	const difference = differenceBetween(mara.picture, after, mask);
	expect(difference).toMatchObject({
		changed: 3,
		total: 768 * 960,
		outside: 2,
		box: { x: 0, y: 0, width: 501, height: row + 1 },
	});
	expect(difference.outsideTotal).toBe(768 * 960 - mask.alpha.filter((alpha) => alpha > 0).length);
	const map = differenceMap(mara.picture, after, [200, 30, 90]);
	const shown = places.map((at) => Array.from(map.data.slice(at * 4, at * 4 + 3)));
	expect(shown).toEqual([
		[200, 30, 90],
		[200, 30, 90],
		[200, 30, 90],
	]);
	expect(map.data.filter((_, at) => at % 4 === 3).filter((alpha) => alpha > 0)).toHaveLength(3);
});

test('the same picture twice has no difference, and two sizes have none to count', () => {
	expect(differenceBetween(mara.picture, mara.picture, mask)).toMatchObject({ changed: 0, box: undefined, share: 0 });
	const cut = cutTeeth(mara.picture, mask);
	expect(() => differenceBetween(mara.picture, cut.picture, mask)).toThrow(RangeError);
});

const before = measureSmile(mara.picture, mara.face, mask);
const WHITENING = treatmentOf('whitening');

test('what a treatment can do raises no doubt', () => {
	const after = measureSmile(changeShade(mara.picture, mask, { from: 'A3', to: 'A1' }), mara.face, mask);
	expect(doubtsAbout(before, after, { ...WHITENING, from: 'A3', to: 'A1' })).toEqual([]);
	for (const treatment of TREATMENTS) {
		expect(doubtsAbout(before, before, { ...treatment, from: 'A3', to: 'A1' })).toEqual([]);
	}
});

test('teeth whiter than the tabs allow, and colour where none may change, are doubted with figures', () => {
	const after = measureSmile(whiter, mara.face, mask);
	const [doubt] = doubtsAbout(before, after, { ...WHITENING, from: 'A3', to: 'A2' });
	expect(doubt).toMatchObject({
		what: 'shade',
		sentence: expect.stringMatching(/lighter than in the photo; from A3 to A2 are 0\.7/),
	});
	const kept = doubtsAbout(before, after, treatmentOf('aligners'));
	expect(kept.map(({ what }) => what)).toEqual(['shade']);
	expect(kept[0]!.sentence).toMatch(/this treatment leaves it as it is/);
});

test('teeth that grew, gums that moved and an arch that widened are doubted where the treatment cannot do it', () => {
	const figures = { ...before, toothWidth: 0.15 };
	const one = (change: Partial<typeof figures>, id: Parameters<typeof treatmentOf>[0]) =>
		doubtsAbout(figures, { ...figures, ...change }, { ...treatmentOf(id), from: 'A3', to: 'A1' }).map(
			({ what }) => what,
		);
	expect(one({ toothLength: figures.toothLength * 1.2 }, 'whitening')).toEqual(['length']);
	expect(one({ toothLength: figures.toothLength * 1.2 }, 'veneers')).toEqual([]);
	expect(one({ toothLength: figures.toothLength * 1.5 }, 'veneers')).toEqual(['length']);
	expect(one({ toothWidth: 0.17 }, 'aligners')).toEqual(['width']);
	expect(one({ toothWidth: 0.17 }, 'crowns')).toEqual([]);
	expect(one({ archWidth: figures.archWidth * 1.07 }, 'crowns')).toEqual(['arch']);
	expect(one({ archWidth: figures.archWidth * 1.07 }, 'aligners')).toEqual([]);
	expect(one({ archWidth: figures.archWidth * 1.15 }, 'aligners')).toEqual(['arch']);
	expect(one({ gumShown: figures.gumShown + 0.05 }, 'veneers')).toEqual(['gum']);
	expect(one({ gumShown: figures.gumShown + 0.05 }, 'gum-contouring')).toEqual([]);
});

test('the figures of a smile do not depend on the photo’s size', () => {
	const larger = photographed(mara, { scale: 1.5, angle: 0, moveX: 0, moveY: 0 }, { width: 1152, height: 1440 });
	const measured = measureSmile(larger.picture, larger.face, teethOf(larger));
	console.info('figures', JSON.stringify(before), JSON.stringify(measured));
	for (const name of ['archWidth', 'toothLength', 'gumShown'] as const) {
		expect(Math.abs(measured[name] - before[name])).toBeLessThan(0.02);
	}
	expect(before.toothWidth).toBeGreaterThan(0.1);
	expect(before.toothWidth).toBeLessThan(0.25);
});
