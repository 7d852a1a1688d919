import { expect, test } from 'vitest';

import { failuresOf } from '../../scripts/checks/run-check';
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
