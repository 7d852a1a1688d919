// What the mask is worth in every tone of skin and light, against drawn truth. Drawn mouths are no evidence of accuracy on
// people; they say that no tone of skin is served worse than another by the same rules.

import { expect, test } from 'vitest';
import { changeShade } from '../../smile/change-shade';
import { maskTeeth } from '../../smile/teeth-mask';
import { inLight, type KnownMouth, LIGHTS, readMouths } from './drawn-mouths';
import { bytesChangedOutside, meanLab, overlap } from './measures';

const IOU_MIN = 0.88;
/** How much worse the worst tone of skin may be served than the best. */
const SKIN_GAP_MAX = 0.03;
const KINDS = ['plain', 'gums', 'braces'] as const;

const mouths = await readMouths();

interface Row {
	readonly mouth: KnownMouth;
	readonly light: string;
	readonly iou: number;
	readonly outside: number;
	readonly hasBraces: boolean;
}

function measure(): Row[] {
	return mouths.flatMap((mouth) =>
		Object.entries(LIGHTS).map(([light, factors]) => {
			const picture = inLight(mouth.picture, factors);
			const masked = maskTeeth(picture, mouth.face);
			if (!masked.ok) return { mouth, light, iou: 0, outside: -1, hasBraces: false };
			const after = changeShade(picture, masked.mask, { from: 'A3', to: 'BL2' });
			return {
				mouth,
				light,
				iou: overlap(masked.mask, { ...picture, isTooth: mouth.isTooth }),
				outside: bytesChangedOutside(masked.mask, picture, after),
				hasBraces: masked.hasBraces,
			};
		}),
	);
}

const rows = measure();
const gapOf = (some: readonly Row[]) =>
	Math.max(...some.map(({ iou }) => iou)) - Math.min(...some.map(({ iou }) => iou));

function tableOf(kind: (typeof KINDS)[number]): string {
	const lights = Object.keys(LIGHTS);
	const head = [kind.padEnd(12), ...lights.map((light) => light.padStart(8))].join('');
	const lines = mouths
		.filter((mouth) => mouth.kind === kind)
		.map((mouth) => {
			const figures = lights.map((light) => rows.find((row) => row.mouth === mouth && row.light === light)?.iou ?? 0);
			return [
				mouth.skin.padEnd(12),
				...figures.map((iou) => iou.toFixed(3).padStart(8)),
				`  drawn in ${mouth.shade}`,
			].join('');
		});
	return [head, ...lines].join('\n');
}

test('in every tone of skin and light, with gums and braces, the mask is the teeth', () => {
	console.info(`Intersection over union of found and true teeth\n${KINDS.map(tableOf).join('\n')}`);
	for (const { mouth, light, iou, outside, hasBraces } of rows) {
		expect(iou, `${mouth.skin} skin in ${light} light, ${mouth.kind}`).toBeGreaterThanOrEqual(IOU_MIN);
		expect(outside).toBe(0);
		expect(hasBraces, `${mouth.name} in ${light} light`).toBe(mouth.kind === 'braces');
	}
});

test('no tone of skin is served worse than another', () => {
	for (const light of Object.keys(LIGHTS)) {
		for (const kind of KINDS) {
			const alike = rows.filter((row) => row.light === light && row.mouth.kind === kind);
			// Brackets lie otherwise on each of the three forms, and small ones are missed by more than any skin is: like is compared with like.
			const names = new Set(alike.map(({ mouth }) => mouth.like));
			const forms =
				kind === 'braces' ? [...names].map((name) => alike.filter(({ mouth }) => mouth.like === name)) : [alike];
			for (const form of forms) {
				expect(form.length).toBeGreaterThan(1);
				expect(gapOf(form), `${kind} in ${light} light`).toBeLessThanOrEqual(SKIN_GAP_MAX);
			}
		}
	}
	expect(gapOf(rows.filter((row) => row.light === 'neutral' && row.mouth.kind === 'braces'))).toBeLessThanOrEqual(
		SKIN_GAP_MAX,
	);
});

test.each(mouths)('the teeth of $name go the way and about as far as the tabs do', (mouth) => {
	const masked = maskTeeth(mouth.picture, mouth.face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	const before = meanLab(mouth.picture, masked.mask);
	const lightness = (to: 'B1' | 'A2' | 'BL1') =>
		meanLab(changeShade(mouth.picture, masked.mask, { from: 'A4', to, amount: 1 }), masked.mask).l - before.l;
	const steps = [lightness('A2'), lightness('B1'), lightness('BL1')];
	// A4, A2, B1 and BL1 lie 7.5, 10.3 and 15.9 apart in L; what shines already has less way to go.
	expect(steps).toEqual(steps.toSorted((one, other) => one - other));
	expect(steps[0]).toBeGreaterThan(3);
	expect(steps[0]).toBeLessThan(10);
	expect(steps[2]).toBeGreaterThan(8);
	expect(steps[2]).toBeLessThan(18);
	const darker = meanLab(changeShade(mouth.picture, masked.mask, { from: 'A1', to: 'C4', amount: 1 }), masked.mask);
	expect(darker.l).toBeLessThan(before.l - 6);
});
