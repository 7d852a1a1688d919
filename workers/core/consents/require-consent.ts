import { consentStateAt, type ConsentState } from './consent-elements';
import { AppError } from '../errors';

/** What a photo rests on: refuses with the sentence that says what is wrong with the consent (DD-28). */
export function requireValidConsent(
	consent: { state: ConsentState; expiresAtMs: number | null } | null | undefined,
	nowMs: number,
): void {
	if (consent === null || consent === undefined) {
		throw new AppError(
			'consent_required',
			'No photo can be sent before the patient has signed. Record a consent first.',
		);
	}
	const state = consentStateAt(consent.state, consent.expiresAtMs, nowMs);
	if (state !== 'active') throw new AppError('consent_required', SENTENCES[state], { details: { state } });
}

const SENTENCES: Readonly<Record<Exclude<ConsentState, 'active'>, string>> = {
	draft: 'The consent is not complete, so no photo can be sent. Fill in what is missing and have it signed.',
	expired: 'The consent has ended, so no photo can be sent. Ask the patient to sign a new one.',
	revoked: 'The patient has revoked this consent, so no photo can be sent. Only a newly signed one changes that.',
};
