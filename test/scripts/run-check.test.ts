import { expect, test } from 'vitest';

import { failuresOf, secondTriesOf, summarize } from '../../scripts/checks/run-check';
import { fromRoot } from '../../scripts/root';

type Report = Parameters<typeof failuresOf>[0];

function givenReport(...testResults: Report['testResults']): Report {
	return { numPassedTests: 1, numFailedTests: 1, testResults };
}

test('a failed test is named with its file, its title and the first lines of why', () => {
	const failureMessages = [
		['AssertionError: 1 is not 2', ...Array.from({ length: 40 }, (_, at) => `at ${at}`)].join('\n'),
	];
	const [failure, ...others] = failuresOf(
		givenReport({
			name: fromRoot('test', 'a.test.ts'),
			status: 'failed',
			assertionResults: [
				{ fullName: 'it holds', status: 'passed' },
				{ fullName: 'it breaks', status: 'failed', failureMessages },
			],
		}),
	);
	expect(others).toEqual([]);
	expect(failure).toMatch(/^test\/a\.test\.ts > it breaks\nAssertionError: 1 is not 2\nat 0\n/);
	expect(failure?.split('\n')).toHaveLength(13);
});

test('a file that does not load is named with what it said', () => {
	const name = fromRoot('test', 'b.test.ts');
	expect(failuresOf(givenReport({ name, status: 'failed', message: 'no such module', assertionResults: [] }))).toEqual([
		'test/b.test.ts\nno such module',
	]);
});

test('nothing is said of what passed', () => {
	const assertionResults = [{ fullName: 'it holds', status: 'passed' }];
	expect(failuresOf(givenReport({ name: 'c.test.ts', status: 'passed', message: '', assertionResults }))).toEqual([]);
});

test('what passed at the second try is named with its file, its title and why it failed before', () => {
	const report = givenReport({
		name: fromRoot('test', 'd.test.ts'),
		status: 'passed',
		assertionResults: [
			{ fullName: 'it holds', status: 'passed', failureMessages: [] },
			{
				fullName: 'it holds late',
				status: 'passed',
				failureMessages: ['Error: nothing came\nat 1', 'Error: seen was /'],
			},
			{ fullName: 'it breaks twice', status: 'failed', failureMessages: ['Error: no', 'Error: no'] },
		],
	});
	expect(secondTriesOf(report)).toEqual([
		{ test: 'test/d.test.ts > it holds late', why: 'Error: nothing came\nat 1\nError: seen was /' },
	]);
	expect(failuresOf(report)).toEqual(['test/d.test.ts > it breaks twice\nError: no\nError: no']);
});

test('the last line counts a second try as passed, and the line before it names it', () => {
	const written: string[] = [];
	const secondTries = [{ test: 'test/d.test.ts > it holds late', why: 'Error: nothing came' }];
	const counted = { seconds: 1, failed: 0, failures: [] };
	const results = [
		{ title: 'edge tests', passed: 3, ...counted, secondTries },
		{ title: 'lint', passed: 1, ...counted },
	];
	expect(summarize(results, (text) => written.push(text))).toBe(0);
	const lines = written.join('').trim().split('\n');
	expect(lines.slice(0, 2)).toEqual(['At its first try test/d.test.ts > it holds late', 'Error: nothing came']);
	expect(lines.slice(-2)).toEqual(['1 passed at the second try: test/d.test.ts > it holds late', '4 passed, 0 failed']);
});
