import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { applyEdit } from '../../scripts/teeth/mutant';
import { CLAIM_MUTANTS } from '../../scripts/teeth/claim-mutants';
import { MUTANTS } from '../../scripts/teeth/mutants';
import { CLAIMS } from '../../studios/policy/claims/all';

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
	'%s fits its source, and its tests are there',
	async (_, mutant) => {
		for (const edit of mutant.edits) {
			const text = await readFile(fromRoot(edit.file), 'utf8');
			expect(applyEdit(text, edit)).not.toBe(text);
		}
		expect(mutant.edits.length).toBeGreaterThan(0);
		expect(mutant.tests.length).toBeGreaterThan(0);
		expect(mutant.tests.filter((file) => !existsSync(fromRoot(file)))).toEqual([]);
	},
);

test('each mutant has a name of its own', () => {
	const names = MUTANTS.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
});

test.each(CLAIM_MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
	'%s is held against tests that its claim names',
	(_, { claim, tests }) => {
		const claimed = Object.values(CLAIMS)
			.flat()
			.find(({ id }) => id === claim);
		expect(claimed?.tests.map(({ file }) => file)).toEqual(expect.arrayContaining([...tests]));
	},
);

test('an edit whose place is gone, or is there twice, is refused', () => {
	const edit = { file: 'a.ts', find: 'once', replace: 'never' };

	expect(applyEdit('said once', edit)).toBe('said never');
	expect(() => applyEdit('said twice', edit)).toThrow('a.ts has this 0 times instead of once: once');
	expect(() => applyEdit('once and once', edit)).toThrow('a.ts has this 2 times instead of once: once');
});

test('what stands instead is taken as it is, dollar signs too', () => {
	expect(applyEdit('a b', { file: 'a.ts', find: 'b', replace: '$& ${b}' })).toBe('a $& ${b}');
});
