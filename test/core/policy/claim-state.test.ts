import { expect, test } from 'vitest';

import type { Claim } from '../../../studios/policy/policy';
import type { ClaimResults } from '../../../workers/core/policy/claim-results';
import { EVIDENCE_MS_MAX, judgeClaim, type EvidencePoint } from '../../../workers/core/policy/claim-state';

const AT = '2026-11-21T12:00:00.000Z';
const nowMs = Date.parse(AT) + 60_000;

const tested: Claim = {
	id: 'X-1',
	topic: 'content',
	sentence: 'It is so.',
	grade: 'E2',
	enforcedBy: ['a.ts'],
	tests: [{ file: 'a.test.ts', title: 'it is so' }],
};
const live: Claim = { ...tested, grade: 'E4', evidence: 'source' };
const { tests: _tests, ...withoutTests } = tested;
const vouched: Claim = {
	...withoutTests,
	grade: 'E5',
	tests: [],
	attested: { by: 'Counsel', on: '2026-10-01', until: '2026-12-31' },
};

function results(state: 'passed' | 'failed' | 'not_run', id = 'X-1'): ClaimResults {
	return {
		at: AT,
		commit: 'abc',
		files: 'hash',
		claims: { [id]: { state, ran: 2, passed: state === 'passed' ? 2 : 1 } },
	};
}

function seen(change: Partial<EvidencePoint> = {}): EvidencePoint {
	return { atMs: nowMs - 60_000, held: 3, oldestAgeMs: 1_000, late: 0, ...change };
}

const nothing = { results: null, evidence: undefined, nowMs };

test.each<[what: string, claim: Claim, basis: Parameters<typeof judgeClaim>[1], state: string, why: RegExp]>([
	['tests that passed', tested, { ...nothing, results: results('passed') }, 'kept', /^2 tests of it passed/],
	['a test that failed', tested, { ...nothing, results: results('failed') }, 'broken', /^1 of 2 tests .* failed/],
	['tests that were left out', tested, { ...nothing, results: results('not_run') }, 'waiting', /not been run/],
	['no results at all', tested, nothing, 'waiting', /not been run on this build/],
	['results of other claims', tested, { ...nothing, results: results('passed', 'X-2') }, 'waiting', /not been run/],
	[
		'a clean look',
		live,
		{ results: results('passed'), evidence: seen(), nowMs },
		'kept',
		/^Nothing late at the last look/,
	],
	['a clean look without tests', live, { ...nothing, evidence: seen() }, 'waiting', /not been run/],
	['no look yet', live, { ...nothing, results: results('passed') }, 'waiting', /has not been looked at yet/],
	[
		'one that is late',
		live,
		{ results: results('passed'), evidence: seen({ late: 1 }), nowMs },
		'broken',
		/^1 should be gone and is/,
	],
	[
		'a look of two hours ago',
		live,
		{ results: results('passed'), evidence: seen({ atMs: nowMs - EVIDENCE_MS_MAX }), nowMs },
		'kept',
		/Nothing late/,
	],
	[
		'no look for longer',
		live,
		{ results: results('passed'), evidence: seen({ atMs: nowMs - EVIDENCE_MS_MAX - 1 }), nowMs },
		'broken',
		/so nobody knows/,
	],
	[
		'a clean look beside a failed test',
		live,
		{ results: results('failed'), evidence: seen(), nowMs },
		'broken',
		/failed/,
	],
	['somebody’s word', vouched, nothing, 'attested', /^Counsel vouches for it until 2026-12-31\. No machine/],
	['its last minute', vouched, { ...nothing, nowMs: Date.parse('2026-12-31T23:59:59Z') }, 'attested', /Counsel/],
	['the day after', vouched, { ...nothing, nowMs: Date.parse('2027-01-01T00:00:00Z') }, 'stale', /Nobody has since/],
	['nobody’s word', { ...withoutTests, grade: 'E5', tests: [] }, nothing, 'waiting', /^Nobody has vouched/],
	[
		'somebody’s word beside tests that were left out',
		{ ...vouched, tests: tested.tests },
		{ ...nothing, results: results('not_run') },
		'waiting',
		/not been run/,
	],
	[
		'somebody’s word beside tests that passed',
		{ ...vouched, tests: tested.tests },
		{ ...nothing, results: results('passed') },
		'attested',
		/What a machine can check of it is tested\.$/,
	],
	[
		'somebody’s word over a failed test',
		{ ...vouched, tests: tested.tests },
		{ ...nothing, results: results('failed') },
		'broken',
		/failed/,
	],
])('with %s a claim is judged so', (_what, claim, basis, state, why) => {
	const judged = judgeClaim(claim, basis);
	expect(judged.state).toBe(state);
	expect(judged.why).toMatch(why);
});

test('a claim that names tests is never kept without results of them, whatever else speaks for it', () => {
	const grades = ['E1', 'E2', 'E3', 'E4', 'E5'] as const;
	const evidence = [undefined, seen(), seen({ late: 2 })];
	const known = [null, results('failed'), results('not_run'), results('passed', 'X-2')];
	const states = grades.flatMap((grade) =>
		evidence.flatMap((point) =>
			known.map((each) => {
				const claim: Claim = { ...live, grade, attested: { by: 'Counsel', on: '2026-10-01', until: '2026-12-31' } };
				return judgeClaim(claim, { results: each, evidence: point, nowMs }).state;
			}),
		),
	);
	expect(states).toHaveLength(60);
	expect(states).not.toContain('kept');
});
