import { expect, test } from 'vitest';

import { arrivalWords } from '../../../app/auth/arrival-words';
import { lostAccountSentence } from '../../../app/auth/lost-account';
import { deviceWords } from '../../../app/settings/device-words';
import { eventWords } from '../../../app/settings/event-words';
import { isLastWayIn } from '../../../app/settings/last-way';
import { linkRefusal } from '../../../app/settings/link-words';
import { qrCode } from '../../../app/settings/qr.server';
import { SIGN_IN_ERRORS } from '../../../workers/core/accounts/sign-in-refusal';
import { AUDIT_ACTIONS } from '../../../workers/core/audit/audit-statement';

const WAY = { id: 'way_1', linkedAt: '2026-11-21T00:00:00Z' };
const PASSKEY = { id: 'psk_1', name: 'Phone', createdAt: '2026-11-21T00:00:00Z', isBackedUp: true };

/** Reasons that only somebody who is not signed in yet can meet, and the other way round. */
const ONLY_SIGNING_IN = new Set<string>(['address_taken', 'disposable_address']);
const ONLY_LINKING = new Set<string>(['linked_elsewhere', 'linked_another', 'another_person']);

function said(word: string) {
	return arrivalWords(new URLSearchParams({ error: word }));
}

test('each reason for which a provider leads back without a session has words of its own', () => {
	for (const word of SIGN_IN_ERRORS.filter((each) => !ONLY_LINKING.has(each))) {
		expect(said(word)).toMatchObject({ isRefusal: true });
		expect(said(word)).not.toEqual(said('what is this'));
	}
	expect(said('toString')).toEqual(said('what is this'));
	expect(arrivalWords(new URLSearchParams({ done: 'reset' }))).toMatchObject({ isRefusal: false });
	expect(arrivalWords(new URLSearchParams({ next: '/' }))).toBeNull();
});

test('what somebody does to their own ways in has words, and a linked service its name', () => {
	const own = AUDIT_ACTIONS.filter((action) =>
		/^(password|email|way_in|passkey|second_factor|recovery_codes|session)/.test(action),
	);
	expect(own.length).toBeGreaterThan(8);
	for (const action of own) expect(eventWords({ action, facts: {} })).not.toContain('.');
	expect(eventWords({ action: 'way_in.linked', facts: { way: 'google' } })).toBe('Google linked');
});

test('whoever was taken out of where they worked is told so, and nobody else is', () => {
	const user = { name: 'Ben', email: 'ben@example.com' };
	const credits = { available: 0, held: 0 };
	const policy = { isAccepted: true, announced: null };
	const session = {
		signedIn: true as const,
		user,
		account: null,
		isRestricted: false,
		credits,
		accountCount: 0,
		policy,
	};
	expect(lostAccountSentence({ ...session, isAccountLost: true }, 'practice')).toBe(
		'You do not belong to the practice any more that you worked in.',
	);
	expect(lostAccountSentence({ ...session, isAccountLost: false }, 'practice')).toBeNull();
	expect(lostAccountSentence({ signedIn: false }, 'practice')).toBeNull();
});

test('a session of an unknown browser has a name all the same', () => {
	expect(deviceWords('Firefox on Linux')).toEqual({ title: 'Firefox on Linux', within: 'Firefox on Linux' });
	expect(deviceWords(null)).toEqual({ title: 'Unknown device', within: 'an unknown device' });
	expect(deviceWords('')).toEqual(deviceWords(null));
});

test('each reason for which a service is not linked has a sentence, and any other word a general one', () => {
	const general = linkRefusal('what is this');
	for (const word of SIGN_IN_ERRORS.filter((each) => !ONLY_SIGNING_IN.has(each) && each !== 'provider_refused')) {
		expect(linkRefusal(word)).not.toBe(general);
	}
	expect(linkRefusal('toString')).toBe(general);
});

test('the last way in is the one without which nobody gets in; a mailed code counts, a service that is not offered does not', () => {
	const google = { ways: [{ ...WAY, way: 'google' as const }], passkeys: [] };
	expect(isLastWayIn(google, ['google'])).toBe(true);
	expect(isLastWayIn(google, ['google', 'code'])).toBe(false);
	expect(isLastWayIn({ ...google, passkeys: [PASSKEY] }, ['google', 'passkey'])).toBe(false);
	expect(isLastWayIn({ ...google, passkeys: [PASSKEY] }, ['passkey'])).toBe(true);
});

test('a QR code is square, has its quiet margin, and another text draws another one', () => {
	const { size, path } = qrCode('otpauth://totp/a?secret=JBSWY3DPEHPK3PXP');
	const rows = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, length]) => ({
		left: Number(x),
		right: Number(x) + Number(length),
		y: Number(y),
	}));
	expect(Math.min(...rows.map(({ left }) => left))).toBe(4);
	expect(Math.max(...rows.map(({ right }) => right))).toBe(size - 4);
	expect(Math.max(...rows.map(({ y }) => y))).toBe(size - 5);
	expect(qrCode('otpauth://totp/b?secret=JBSWY3DPEHPK3PXP').path).not.toBe(path);
});
