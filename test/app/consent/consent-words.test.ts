import { expect, test } from 'vitest';

import { howWords, revocationWords, signerWords, whatGoes } from '../../../app/consent/consent-words';
import { marksOf, type Standing } from '../../../app/consent/marks';

const inForce: Standing = {
	id: 'cns_1',
	state: 'active',
	endsSoon: false,
	isNarrowed: false,
	expiresAt: '2026-12-03T23:59:59.000Z',
};

test.each([
	[null, ['No consent']],
	[inForce, []],
	[{ ...inForce, state: 'draft' }, ['Consent not signed yet']],
	[{ ...inForce, endsSoon: true }, ['Consent ends']],
	[{ ...inForce, isNarrowed: true }, ['Consent allows less now']],
	[{ ...inForce, endsSoon: true, isNarrowed: true }, ['Consent ends', 'Consent allows less now']],
	[{ ...inForce, state: 'expired', isNarrowed: true }, ['Consent has ended']],
	[{ ...inForce, state: 'revoked' }, ['Consent revoked']],
] as const)('of %j it is said: %j', (consent, expected) => {
	const marks = marksOf(consent);
	expect(marks.map(({ words }) => words)).toEqual(expected);
	expect(marks.flatMap(({ day }) => day ?? [])).toEqual(
		expected.some((words) => words === 'Consent ends') ? [inForce.expiresAt] : [],
	);
});

const rests = { photos: 0, made: 0, underWay: 0, links: 0, posted: 0 };

test('what goes with a revocation is counted, and what cannot be called back is said apart', () => {
	expect(whatGoes(rests)).toBe('');
	const all = { photos: 1, made: 2, underWay: 1, links: 1, posted: 2 };
	expect(whatGoes(all)).toBe('1 photo, 2 pictures and videos, 1 video in the making and 1 link');
	expect(revocationWords({ rests: all })).toContain('2 posted copies elsewhere we cannot call back');
	expect(revocationWords({ rests: { ...rests, made: 1 } })).toBe(
		'With it go at once: 1 picture or video. Nobody can bring them back, and neither can we. You get a signed receipt.',
	);
	expect(revocationWords({ rests })).toBe('Nothing rests on it any more. No new photo can be sent under it.');
});

const elements = {
	description: null,
	discloser: null,
	recipient: null,
	signerName: 'Ada Sample',
	representativeAuthority: 'mother',
	signedAt: null,
	isDrawn: false,
	paperCheckedAt: null,
};

test('who signed is said with their role, and how with what was done', () => {
	expect(signerWords({ signerRole: 'patient', elements })).toBe('Ada Sample, the patient');
	expect(signerWords({ signerRole: 'representative', elements })).toBe('Ada Sample, for the patient: mother');
	expect(signerWords({ signerRole: null, elements: { ...elements, signerName: null } })).toBe('Nobody yet');
	expect(howWords({ signedVia: 'paper', elements })).toBe('On paper');
	expect(howWords({ signedVia: 'link', elements: { ...elements, isDrawn: true } })).toBe(
		'On the patient’s own phone, drawn by finger',
	);
	expect(howWords({ signedVia: null, elements })).toBe('Not noted');
});
