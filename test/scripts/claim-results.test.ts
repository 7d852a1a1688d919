import { expect, test } from 'vitest';

import { claimDefine, missingProof, resultsOf, type TestReport } from '../../scripts/checks/claim-results';
import { missingPolicy } from '../../scripts/deploy/missing-policy';
import { fromRoot } from '../../scripts/root';
import { CLAIMS } from '../../studios/policy/claims/all';
import type { Claim } from '../../studios/policy/policy';
import type { ClaimResults } from '../../workers/core/policy/claim-results';

const claim: Claim = {
	id: 'X-1',
	topic: 'content',
	sentence: 'It is so.',
	grade: 'E2',
	enforcedBy: ['a.ts'],
	tests: [
		{ file: 'test/a.test.ts', title: 'it is so' },
		{ file: 'test/b.test.ts', title: '%s at $place is (so) too' },
	],
};

function report(...cases: readonly [file: string, title: string, status: string][]): TestReport {
	return {
		testResults: cases.map(([file, title, status]) => ({
			name: fromRoot(file),
			assertionResults: [{ title, status }],
		})),
	};
}

const FIRST = ['test/a.test.ts', 'it is so', 'passed'] as const;
const SECOND = ['test/b.test.ts', 'a photo at home is (so) too', 'passed'] as const;

test.each<[what: string, reports: TestReport[], expected: ClaimResults['claims'][string]]>([
	[
		'every test passed, in whichever report',
		[report([...FIRST]), report([...SECOND])],
		{ state: 'passed', ran: 2, passed: 2 },
	],
	['one did not run', [report([...FIRST])], { state: 'not_run', ran: 1, passed: 1 }],
	[
		'one case of many failed',
		[report([...FIRST], [...SECOND], ['test/b.test.ts', 'a film at sea is (so) too', 'failed'])],
		{ state: 'failed', ran: 3, passed: 2 },
	],
	['one was skipped', [report([...FIRST], [SECOND[0], SECOND[1], 'skipped'])], { state: 'not_run', ran: 1, passed: 1 }],
	[
		'a test of that name passed elsewhere',
		[report(['test/c.test.ts', FIRST[1], 'passed'])],
		{ state: 'not_run', ran: 0, passed: 0 },
	],
	['nothing ran', [], { state: 'not_run', ran: 0, passed: 0 }],
])('when %s the claim is judged by all that it names', (_what, reports, expected) => {
	expect(resultsOf([claim], reports)).toEqual({ 'X-1': expected });
});

function resultsWith(state: 'passed' | 'failed' | 'not_run'): ClaimResults {
	const all = CLAIMS.dental.map(({ id }) => [id, { state: 'passed' as const, ran: 1, passed: 1 }] as const);
	const claims = { ...Object.fromEntries(all), 'DD-25': { state, ran: 1, passed: state === 'passed' ? 1 : 0 } };
	return { at: '2026-11-21T12:00:00.000Z', commit: null, files: 'hash', claims };
}

test('nothing is deployed with a claim that failed or was not proved, without results, or with a draft', () => {
	const vars = { STUDIO: 'dental', POLICY_DRAFT_ALLOWED: 'yes' };
	const nowMs = Date.parse('2026-11-21T12:00:00Z');
	const said = (results: ClaimResults | null, of: object = vars) =>
		missingPolicy({ ...vars, ...of }, { results, nowMs });

	expect(said(resultsWith('passed'))).toEqual([]);
	expect(said(resultsWith('failed'))).toEqual([
		expect.stringMatching(/^Claim DD-25 is broken: a test of it failed\. Mend it/),
	]);
	expect(said(resultsWith('not_run'))).toEqual([expect.stringMatching(/^Claim DD-25 is not proved: .* Run the whole/)]);
	expect(said(null)).toEqual([expect.stringMatching(/of other files\. Run "npm test" on what you deploy/)]);
	expect(said(resultsWith('passed'), { POLICY_DRAFT_ALLOWED: 'no' })).toEqual([
		expect.stringMatching(/^Policy 2026-11-21 of dental is a draft\. Have it read .* or set POLICY_DRAFT_ALLOWED/),
	]);
	expect(missingProof([{ ...claim, grade: 'E5', tests: [] }], resultsWith('passed'))).toEqual([]);
});

test('a build carries the results as one value of JSON', () => {
	const [name, ...value] = claimDefine(resultsWith('failed')).split(':');
	expect(name).toBe('CLAIM_RESULTS');
	expect(JSON.parse(value.join(':'))).toEqual(resultsWith('failed'));
	expect(claimDefine(null)).toBe('CLAIM_RESULTS:null');
});
