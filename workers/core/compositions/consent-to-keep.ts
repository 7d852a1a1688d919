import { sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { consentStateAt, type ConsentState } from '../consents/consent-elements';
import { AppError } from '../errors';

/** The consent, when it is complete, running and unrevoked; refuses with the sentence that says what is wrong with it (DD-28). */
export function requireConsentToKeep<Consent extends { state: ConsentState; expiresAtMs: number | null }>(
	consent: Consent | null | undefined,
	nowMs: number,
): Consent {
	if (consent == null) throw refusal('none');
	const state = consentStateAt(consent.state, consent.expiresAtMs, nowMs);
	if (state !== 'active') throw refusal(state);
	return consent;
}

function refusal(state: keyof typeof SENTENCES): AppError {
	return new AppError('consent_required', SENTENCES[state], { details: { state } });
}

const SENTENCES: Readonly<Record<Exclude<ConsentState, 'active'> | 'none', string>> = {
	none: 'Nothing of a patient can be kept before they have signed. Record a consent first.',
	draft: 'The consent is not complete, so nothing can be kept under it. Fill in what is missing and have it signed.',
	expired: 'The consent has ended, so nothing new can be kept under it. Ask the patient to sign a new one.',
	revoked: 'The patient has revoked this consent, so nothing new can be kept. Only a newly signed one changes that.',
};

/** True at the moment a statement runs while this consent of the account holds. */
export function consentHolds({
	accountId,
	consentId,
	nowMs,
}: {
	accountId: string;
	consentId: string;
	nowMs: number;
}): SQL {
	return sql`exists (select 1 from ${consents} kc where kc.id = ${consentId} and kc.account_id = ${accountId}
		and kc.state = 'active' and (kc.expires_at_ms is null or kc.expires_at_ms > ${nowMs}))`;
}
