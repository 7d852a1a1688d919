import { expect, test } from 'vitest';

import {
	brokenOf,
	chipOf,
	lengthWords,
	oldestWords,
	retentionWords,
	tallyWords,
} from '../../../app/policy/policy-words';
import { STUDIOS } from '../../../studios/all';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test.each([
	[HOUR_MS, '60 minutes'],
	[24 * HOUR_MS, '24 hours'],
	[14 * DAY_MS, '14 days'],
	[400 * DAY_MS, '400 days'],
	[731 * DAY_MS, '2 years (731 days)'],
	[3 * 366 * DAY_MS, '3 years (1,098 days)'],
	[15 * 60_000, '15 minutes'],
	[1_500, '2 seconds'],
])('%i milliseconds are %s', (ms, words) => {
	expect(lengthWords(ms)).toBe(words);
});

test('every class of every studio says until when, in a sentence that ends', () => {
	const said = Object.values(STUDIOS).flatMap(({ policy }) =>
		Object.values(policy.data).map(({ retention }) => retentionWords(retention)),
	);
	expect(said.length).toBeGreaterThan(60);
	expect(
		said.filter(({ until, why }) => until === '' || !why.endsWith('.') || /NaN|undefined/.test(until + why)),
	).toEqual([]);
});

test('what is none is left out of the tally, but for what is broken', () => {
	const claims = [{ state: 'kept' }, { state: 'kept' }, { state: 'attested' }] as const;
	expect(tallyWords(claims)).toBe(
		'3 promises: 2 kept and checked by machine, 1 resting on people and paper, none broken.',
	);
	expect(tallyWords([...claims, { state: 'broken' }])).toContain('1 broken.');
});

test('what is broken and what nobody vouches for any more stands first', () => {
	const claims = [{ state: 'kept' }, { state: 'broken' }, { state: 'waiting' }, { state: 'stale' }] as const;
	expect(brokenOf(claims).map(({ state }) => state)).toEqual(['broken', 'stale']);
});

test('a contract that nobody vouched for is not called unproved', () => {
	expect(chipOf({ state: 'waiting', grade: 'E5' }).word).toBe('Not attested');
	expect(chipOf({ state: 'waiting', grade: 'E2' }).word).toBe('Not proved yet');
});

test('the oldest is told in hours and minutes, and nothing as nothing', () => {
	const at = '2026-11-21T12:00:00.000Z';
	expect(oldestWords({ evidence: { at, held: 3, oldestAgeMs: 23 * HOUR_MS + 41 * 60_000, late: 0 } })).toBe(
		'Oldest now 23 h 41 min.',
	);
	expect(oldestWords({ evidence: { at, held: 0, oldestAgeMs: null, late: 0 } })).toBe('Nothing is held now.');
	expect(oldestWords({ evidence: null })).toBeNull();
});
