import { expect, test } from 'vitest';

import {
	consentStateAt,
	missingElements,
	nextConsentState,
	type ConsentElements,
	type ConsentEvent,
	type ConsentState,
} from '../../../workers/core/consents/consent-elements';
import { completeElements } from '../../support/given-consent';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

test('a consent with every element misses nothing', () => {
	expect(missingElements(completeElements(NOW_MS))).toEqual([]);
});

const WITHOUT: [element: string, taken: Partial<ConsentElements>][] = [
	['description', { description: null }],
	['description', { description: '   ' }],
	['discloser', { discloser: null }],
	['recipient', { recipient: null }],
	['purposes', { purposes: [] }],
	['expiresAt', { expiresAtMs: null }],
	['signerName', { signerName: null }],
	['signerRole', { signerRole: null }],
	['representativeAuthority', { signerRole: 'representative', representativeAuthority: null }],
	['signedAt', { signedAtMs: null }],
	['toldOfRevocation', { toldOfRevocation: false }],
	['toldTreatmentNotConditioned', { toldTreatmentNotConditioned: false }],
	['toldOfRedisclosure', { toldOfRedisclosure: false }],
];

test.each(WITHOUT)('without %s exactly that is missing, with a sentence', (element, taken) => {
	const missing = missingElements({ ...completeElements(NOW_MS), ...taken });
	expect(missing.map((each) => each.element)).toEqual([element]);
	expect(missing[0]?.sentence).toMatch(/^[A-Z].+\.$/);
});

test('a representative who says why they may sign misses nothing', () => {
	const elements: ConsentElements = {
		...completeElements(NOW_MS),
		signerRole: 'representative',
		representativeAuthority: 'Parent',
	};
	expect(missingElements(elements)).toEqual([]);
});

test('an active consent is expired from its end on, and no other state changes by time', () => {
	expect(consentStateAt('active', NOW_MS + 1, NOW_MS)).toBe('active');
	expect(consentStateAt('active', NOW_MS, NOW_MS)).toBe('expired');
	expect(consentStateAt('draft', NOW_MS - 1, NOW_MS)).toBe('draft');
	expect(consentStateAt('revoked', NOW_MS - 1, NOW_MS)).toBe('revoked');
});

const STATES: ConsentState[] = ['draft', 'active', 'expired', 'revoked'];
const EVENTS: ConsentEvent[] = ['completed', 'ended', 'revoked'];
const LEGAL = new Map<string, ConsentState>([
	['draft completed', 'active'],
	['draft revoked', 'revoked'],
	['active ended', 'expired'],
	['active revoked', 'revoked'],
	['expired revoked', 'revoked'],
]);

test.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)))(
	'from %s, %s leads only where it may',
	(state, event) => {
		expect(nextConsentState(state, event)).toBe(LEGAL.get(`${state} ${event}`) ?? null);
	},
);
