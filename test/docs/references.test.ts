import { dirname, join, normalize } from 'node:path';
import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { anchors, backticked, DECISIONS, DOCUMENTS, isInRepository, links, readText, section } from './documents';

const README_LINES_MAX = 150;
/** Made by a build or a start, or by whoever needs it; never part of the repository. */
const NOT_KEPT = ['.afterglow/', '.dev.vars', 'node_modules/', 'dist/', 'build/'];
const TOP = new Set(readdirSync(fromRoot('.')));

/** Whether words in backticks are meant as a path: they begin with something that lies in the root, or with `.` in it. */
function isPath(words: string): boolean {
	if (/[\s<>…*()]/.test(words) || NOT_KEPT.some((path) => words.startsWith(path))) return false;
	const [first = ''] = words.split('/');
	const isFileName = /^[\w.-]+\.(?:ts|tsx|mjs|json|toml|md)$/.test(words);
	return words.includes('/') ? TOP.has(first) : isFileName;
}

test.each(DOCUMENTS)('every path that %s names exists', (document) => {
	const missing = backticked(readText(document))
		.filter(isPath)
		.filter((path) => !isInRepository(path));
	expect(missing).toEqual([]);
});

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
	const broken = links(readText(document)).filter(({ path, fragment }) => {
		const target = path === '' ? document : normalize(join(dirname(document), path));
		if (!isInRepository(target)) return true;
		return fragment !== '' && !anchors(readText(target)).includes(fragment);
	});
	expect(broken).toEqual([]);
});

test('every npm command that a document names is in package.json', () => {
	const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
	for (const document of DOCUMENTS) {
		for (const [, name] of readText(document).matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([name!]);
	}
});

test('the README is short enough to be read', () => {
	expect(readText('README.md').split('\n').length).toBeLessThanOrEqual(README_LINES_MAX);
});

test('decisions are numbered without a gap', () => {
	const numbers = DECISIONS.map((path) => /\/(\d{3})-/.exec(path)?.[1]);
	expect(numbers).toEqual(DECISIONS.map((_, index) => String(index + 1).padStart(3, '0')));
});

test.each(DECISIONS)('%s says context, decision and consequences in 20 to 40 lines', (path) => {
	const text = readText(path);
	expect(text).toMatch(new RegExp(`^# ${/(\d{3})-/.exec(path)?.[1]} `));
	expect(text.match(/^## .+$/gm)).toEqual(['## Context', '## Decision', '## Consequences']);
	for (const heading of ['## Context', '## Decision', '## Consequences']) {
		expect(section(text, heading).trim().length).toBeGreaterThan(80);
	}
	const lines = text.trimEnd().split('\n').length;
	expect(lines).toBeGreaterThanOrEqual(20);
	expect(lines).toBeLessThanOrEqual(40);
});

test('every dependency of package.json has its reason in a decision', () => {
	const { dependencies, devDependencies } = JSON.parse(readText('package.json')) as Record<
		'dependencies' | 'devDependencies',
		Record<string, string>
	>;
	const reasons = DECISIONS.map(readText).join('\n');
	const unexplained = Object.keys({ ...dependencies, ...devDependencies }).filter(
		(name) => !reasons.includes(`\`${name}\``),
	);
	expect(unexplained).toEqual([]);
});
