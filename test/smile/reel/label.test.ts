import { expect, test } from 'vitest';

import { contrast, WHITE, wordsOn } from '../../../smile/reel/colours';
import { LABEL_GROUND } from '../../../smile/reel/draw-frame';
import { labelOf, type LabelledClass } from '../../../smile/reel/label';
import { JURISDICTIONS } from '../../../studios/publish-rules';

const procedure = 'Veneers, upper front';

test.each(JURISDICTIONS)('in %s everything has a label, and what AI made or changed says so', (jurisdiction) => {
	for (const assetClass of ['simulation', 'generated', 'genuine_pair'] satisfies LabelledClass[]) {
		const { text, source } = labelOf({ assetClass, jurisdiction, procedure });
		expect(source).toMatch(/\w{3}/);
		expect(text.length).toBeGreaterThan(15);
		expect(/\bAI\b/.test(text)).toBe(assetClass !== 'genuine_pair');
		expect(text).not.toContain('{');
	}
});

test.each([
	['simulation', 'US-CA', 'AI visualisation, not a promise of a result'],
	['simulation', 'EU', 'Changed with AI. A visualisation, not a promise of a result'],
	[
		'genuine_pair',
		'US-CA',
		'Actual patient. Procedure: Veneers, upper front. Same results may not occur for all patients.',
	],
	['genuine_pair', 'UK', 'Real photos of one patient. Individual results vary.'],
	['generated', 'US', 'Made with AI. It shows no real person.'],
] as const)('a %s in %s says "%s"', (assetClass, jurisdiction, text) => {
	expect(labelOf({ assetClass, jurisdiction, procedure }).text).toBe(text);
});

test('words on any colour can be read, and the label more than that', () => {
	expect(contrast(WHITE, LABEL_GROUND)).toBeGreaterThan(15);
	for (let hue = 0; hue < 4096; hue += 7) {
		const colour = `#${(hue * 4099).toString(16).padStart(6, '0').slice(-6)}`;
		expect(contrast(wordsOn(colour), colour)).toBeGreaterThan(4.5);
	}
	expect(wordsOn('#22468f')).toBe(WHITE);
	expect(wordsOn('#f3f1eb')).toBe('#000000');
	expect(contrast('#000000', '#ffffff')).toBe(21);
	expect(() => contrast('red', WHITE)).toThrow('A colour is written as #rrggbb.');
});
