import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';

const Manifest = z.object({
	scripts: z.record(z.string(), z.string()),
	dependencies: z.record(z.string(), z.string()),
});
const { scripts, dependencies } = Manifest.parse(JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')));

test.each(Object.entries(scripts))('npm run %s starts a file that is there', (_name, line) => {
	const [, starter = '', command] = line.split(' ');
	const files = starter === 'scripts/run.mjs' ? [starter, `scripts/${command}.ts`] : [starter];
	expect(files.filter((file) => !existsSync(fromRoot(file)))).toEqual([]);
});

test('the starter imports Node itself and nothing that an install would bring', () => {
	const source = readFileSync(fromRoot('scripts', 'run.mjs'), 'utf8');
	const imported = [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name ?? '');
	expect(imported.length).toBeGreaterThan(0);
	for (const name of imported) expect(name).toMatch(/^node:/);
});

test('there are no more than 35 run-time dependencies', () => {
	expect(Object.keys(dependencies).length).toBeLessThanOrEqual(35);
});
