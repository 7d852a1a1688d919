import type { AssetClass } from '../../../studios/studio';
import { consentStateAt, type ConsentState } from '../consents/consent-elements';

export type Place = 'show_in_room' | 'patient_copy' | 'website' | 'social_media';

export interface Verdict {
	place: Place;
	isAllowed: boolean;
	/** The rule in one line. */
	rule: string;
}

const PLACES: readonly Place[] = ['show_in_room', 'patient_copy', 'website', 'social_media'];

/** The consent that an asset rests on, as its row says it. */
export interface ConsentBasis {
	state: ConsentState;
	expiresAtMs: number | null;
	purposes: readonly string[];
}

/**
 * Where an asset may be shown, by its class and by what the consent covers at this moment (N3, requirements §5.5).
 * `consent` is null for what shows no patient. AI-changed teeth are a plan, not a result: in the room and for the
 * patient only. A consent that was revoked or has ended covers nothing any more, and while processing is restricted (Art. 18)
 * nothing is shown anywhere.
 */
export function judgePublishing(
	assetClass: AssetClass,
	consent: ConsentBasis | null,
	nowMs: number,
	{ isRestricted = false } = {},
): Verdict[] {
	if (isRestricted) {
		return PLACES.map((place) => ({
			place,
			isAllowed: false,
			rule: 'Processing is restricted: it is stored, and not shown.',
		}));
	}
	return PLACES.map((place) => judge(place, assetClass, consent, nowMs));
}

function judge(place: Place, assetClass: AssetClass, consent: ConsentBasis | null, nowMs: number): Verdict {
	if (assetClass === 'generated') return { place, isAllowed: true, rule: 'It shows no real person.' };
	const isPublic = place === 'website' || place === 'social_media';
	if (isPublic && assetClass !== 'genuine_pair') {
		return { place, isAllowed: false, rule: 'AI changed the teeth, and advertising rules ask for real results.' };
	}
	const objection = consent === null ? null : objectionOf(place, consent, nowMs);
	if (objection !== null) return { place, isAllowed: false, rule: objection };
	return {
		place,
		isAllowed: true,
		rule: place === 'show_in_room' ? 'Now, on your screen.' : 'Covered by the consent.',
	};
}

function objectionOf(place: Place, consent: ConsentBasis, nowMs: number): string | null {
	const state = consentStateAt(consent.state, consent.expiresAtMs, nowMs);
	if (state !== 'active') return OVER[state];
	return consent.purposes.includes(place) ? null : 'The consent does not cover this.';
}

const OVER: Readonly<Record<Exclude<ConsentState, 'active'>, string>> = {
	draft: 'The consent is not complete.',
	expired: 'The consent has ended.',
	revoked: 'The patient has revoked the consent.',
};
