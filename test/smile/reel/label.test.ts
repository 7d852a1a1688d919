import { expect, test } from 'vitest';

import { contrast, INK, WHITE, wordsOn } from '../../../smile/reel/colours';
import { LABEL_GROUND } from '../../../smile/reel/draw-frame';
import { JURISDICTIONS, labelOf, type LabelledClass } from '../../../smile/reel/label';

const choice = { procedure: 'Veneers, upper front', isWanted: false };

test.each(JURISDICTIONS)('in %s what AI made or changed keeps its label, whatever is wanted', (jurisdiction) => {
	for (const assetClass of ['simulation', 'generated'] satisfies LabelledClass[]) {
		const label = labelOf({ ...choice, assetClass, jurisdiction });
		expect(label).toMatchObject({ isRequired: true, source: expect.stringMatching(/\w{3}/) });
		expect(label?.text).toMatch(/AI/);
		expect(labelOf({ ...choice, assetClass, jurisdiction, isWanted: true })).toEqual(label);
	}
});

test.each([
	['US-CA', 'Actual patient. Procedure: Veneers, upper front. Same results may not occur for all patients.', true],
	['US-TX', 'Actual patient. Procedure: Veneers, upper front. Results vary.', true],
	['US', 'Actual patient. Procedure: Veneers, upper front. Results vary.', true],
	['AU', 'Actual patient. Procedure: Veneers, upper front. Outcomes differ from person to person.', true],
	['EU', 'Actual patient. Procedure: Veneers, upper front. Individual results vary.', false],
	['UK', 'Actual patient. Procedure: Veneers, upper front. Individual results vary.', false],
	['CA', 'Actual patient. Procedure: Veneers, upper front. Individual results vary.', false],
] as const)('a genuine pair in %s says "%s", required: %s', (jurisdiction, text, isRequired) => {
	const asked = labelOf({ ...choice, assetClass: 'genuine_pair', jurisdiction, isWanted: true });
	expect(asked).toMatchObject({ text, isRequired });
	expect(labelOf({ ...choice, assetClass: 'genuine_pair', jurisdiction })).toEqual(isRequired ? asked : null);
});

test('a simulation in California says that it is no actual result, and names section 651', () => {
	const label = labelOf({ ...choice, assetClass: 'simulation', jurisdiction: 'US-CA' });
	expect(label?.text).toBe('AI visualisation. Not an actual patient result.');
	expect(label?.source).toContain('651(b)(3)(A)');
});

test('words on any colour can be read, and the label more than that', () => {
	expect(contrast(WHITE, LABEL_GROUND)).toBeGreaterThan(15);
	for (let hue = 0; hue < 4096; hue += 7) {
		const colour = `#${(hue * 4099).toString(16).padStart(6, '0').slice(-6)}`;
		expect(contrast(wordsOn(colour), colour)).toBeGreaterThan(4.5);
	}
	expect(wordsOn('#22468f')).toBe(WHITE);
	expect(wordsOn('#f3f1eb')).toBe(INK);
	expect(contrast('#000000', '#ffffff')).toBe(21);
	expect(() => contrast('red', WHITE)).toThrow('A colour is written as #rrggbb.');
});
