import { describe, expect, test } from 'vitest';

import { decideTracker, defaultChoice, hasGpcIn, regimeOf, type Regime } from '../../../workers/core/choices/regime';

const REGIMES: readonly Regime[] = ['eea', 'uk', 'ch', 'california', 'us', 'elsewhere'];

test.each([
	['DE', null, 'eea'],
	['RE', null, 'eea'],
	['NO', null, 'eea'],
	['GB', null, 'uk'],
	['JE', null, 'uk'],
	['CH', null, 'ch'],
	['US', 'CA', 'california'],
	['US', 'TX', 'us'],
	['PR', null, 'us'],
	['BR', null, 'elsewhere'],
] as const)('in %s, state %s, the rules of %s hold', (country, region, regime) => {
	expect(regimeOf({ country, region })).toBe(regime);
});

test('a country that is not known counts as the strictest, and a state that is not known as the strictest state', () => {
	expect(regimeOf({ country: null, region: null })).toBe('eea');
	expect(regimeOf({ country: 'US', region: null })).toBe('california');
});

test('measuring waits for a yes everywhere but in the United States, and with a signal there too', () => {
	const running = REGIMES.filter((regime) => defaultChoice('advertising', regime, false) === 'granted');
	expect(running).toEqual(['california', 'us']);
	for (const purpose of ['analytics', 'advertising'] as const) {
		for (const regime of REGIMES) expect(defaultChoice(purpose, regime, true)).toBe('denied');
	}
});

test('mail that is not needed and a number in error reports wait for a yes everywhere', () => {
	for (const purpose of ['product_updates', 'announcements', 'error_reports'] as const) {
		for (const regime of REGIMES) expect(defaultChoice(purpose, regime, false)).toBe('denied');
	}
});

test.each([
	['1', true],
	[' 1 ', true],
	['0, 1', true],
	['0', false],
	['true', false],
	['11', false],
	['', false],
])('Sec-GPC: "%s" is the signal: %s', (value, isThere) => {
	expect(hasGpcIn(new Headers({ 'sec-gpc': value }))).toBe(isThere);
});

test('no header is no signal', () => {
	expect(hasGpcIn(new Headers())).toBe(false);
});

describe('whether a tracker may run', () => {
	const advertising = { purpose: 'advertising', asks: 'always' } as const;
	const analytics = { purpose: 'analytics', asks: 'always' } as const;

	test('one that asks always runs after a yes alone, whatever the regime', () => {
		for (const regime of REGIMES) {
			for (const tracker of [advertising, analytics]) {
				const decide = (choice: 'granted' | 'denied' | null) =>
					decideTracker(tracker, { choice, regime, hasGpc: false });
				expect(decide(null)).toEqual({ isAllowed: false, isAsked: true });
				expect(decide('granted')).toEqual({ isAllowed: true, isAsked: false });
				expect(decide('denied')).toEqual({ isAllowed: false, isAsked: false });
			}
		}
	});

	test('one that asks where it is required runs unasked in the United States, until a no or a signal', () => {
		const tracker = { purpose: 'analytics', asks: 'where_required' } as const;
		for (const regime of REGIMES) {
			const isOptOut = regime === 'us' || regime === 'california';
			const by = { regime, hasGpc: false };
			expect(decideTracker(tracker, { ...by, choice: null })).toEqual({ isAllowed: isOptOut, isAsked: !isOptOut });
			expect(decideTracker(tracker, { ...by, choice: 'denied' }).isAllowed).toBe(false);
			const signalled = decideTracker(tracker, { choice: null, regime, hasGpc: true });
			expect(signalled).toEqual({ isAllowed: false, isAsked: false });
		}
	});

	test('one that asks nobody runs until a no or a signal', () => {
		const tracker = { purpose: 'analytics', asks: 'never' } as const;
		for (const regime of REGIMES) {
			expect(decideTracker(tracker, { choice: null, regime, hasGpc: false })).toEqual({
				isAllowed: true,
				isAsked: false,
			});
			expect(decideTracker(tracker, { choice: null, regime, hasGpc: true }).isAllowed).toBe(false);
			expect(decideTracker(tracker, { choice: 'denied', regime, hasGpc: false }).isAllowed).toBe(false);
		}
	});

	test('a signal asks nothing, lets a yes to analytics stand, and ends advertising even after a yes', () => {
		for (const regime of REGIMES) {
			const by = { regime, hasGpc: true, choice: 'granted' } as const;
			expect(decideTracker(analytics, by)).toEqual({ isAllowed: true, isAsked: false });
			expect(decideTracker(advertising, by)).toEqual({ isAllowed: false, isAsked: false });
			expect(decideTracker(advertising, { ...by, choice: null }).isAsked).toBe(false);
		}
	});
});
