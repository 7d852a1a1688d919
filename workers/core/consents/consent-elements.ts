/** What a valid authorization holds: 45 CFR 164.508(c), requirement DD-28. Pure. */

export interface ConsentElements {
	description: string | null;
	discloser: string | null;
	recipient: string | null;
	purposes: readonly string[];
	expiresAtMs: number | null;
	signerName: string | null;
	signerRole: 'patient' | 'representative' | null;
	representativeAuthority: string | null;
	signedAtMs: number | null;
	toldOfRevocation: boolean;
	toldTreatmentNotConditioned: boolean;
	toldOfRedisclosure: boolean;
}

/** The names of them, in the order of the form; the authority is asked for only where a representative signs. */
export const CONSENT_ELEMENTS = [
	'description',
	'discloser',
	'recipient',
	'purposes',
	'expiresAt',
	'signerName',
	'signerRole',
	'representativeAuthority',
	'signedAt',
	'toldOfRevocation',
	'toldTreatmentNotConditioned',
	'toldOfRedisclosure',
] as const;

export interface MissingElement {
	element: string;
	/** What to write or do, for the person filling the form. */
	sentence: string;
}

/** Every element that is not there, in the order of the form; an empty list makes the consent active. */
export function missingElements(elements: ConsentElements): MissingElement[] {
	const missing: MissingElement[] = [];
	const need = (isThere: boolean, element: string, sentence: string) => {
		if (!isThere) missing.push({ element, sentence });
	};
	need(isFilled(elements.description), 'description', 'Say which photos and videos this covers.');
	need(isFilled(elements.discloser), 'discloser', 'Say who may send the photo: usually your practice.');
	need(isFilled(elements.recipient), 'recipient', 'Say who receives it.');
	need(elements.purposes.length > 0, 'purposes', 'Choose at least one purpose.');
	need(elements.expiresAtMs !== null, 'expiresAt', 'Choose an end date.');
	need(isFilled(elements.signerName), 'signerName', 'The signer writes their name.');
	need(elements.signerRole !== null, 'signerRole', 'Say whether the patient signs, or a representative.');
	need(
		elements.signerRole !== 'representative' || isFilled(elements.representativeAuthority),
		'representativeAuthority',
		'A representative says why they may sign, for example as parent or guardian.',
	);
	need(elements.signedAtMs !== null, 'signedAt', 'The signature needs its date.');
	need(elements.toldOfRevocation, 'toldOfRevocation', 'Read out that this can be revoked at any time, and tick it.');
	need(
		elements.toldTreatmentNotConditioned,
		'toldTreatmentNotConditioned',
		'Read out that treatment does not depend on signing, and tick it.',
	);
	need(
		elements.toldOfRedisclosure,
		'toldOfRedisclosure',
		'Read out that whoever receives the video might pass it on, and tick it.',
	);
	return missing;
}

export type ConsentState = 'draft' | 'active' | 'expired' | 'revoked';

/** The state at `nowMs`: an active consent past its end date is expired, whatever was stored last. */
export function consentStateAt(stored: ConsentState, expiresAtMs: number | null, nowMs: number): ConsentState {
	if (stored !== 'active') return stored;
	return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'active';
}

export type ConsentEvent = 'completed' | 'ended' | 'revoked';

const EDGES: Readonly<Record<ConsentState, Partial<Record<ConsentEvent, ConsentState>>>> = {
	draft: { completed: 'active', revoked: 'revoked' },
	active: { ended: 'expired', revoked: 'revoked' },
	expired: { revoked: 'revoked' },
	revoked: {},
};

/** The next state, or null for an edge that does not exist: a revoked consent stays revoked. */
export function nextConsentState(state: ConsentState, event: ConsentEvent): ConsentState | null {
	return EDGES[state][event] ?? null;
}

function isFilled(value: string | null): boolean {
	return value !== null && value.trim() !== '';
}
