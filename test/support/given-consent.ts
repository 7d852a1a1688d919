import type { Actor } from '../../workers/core/actor';
import type { ConsentElements } from '../../workers/core/consents/consent-elements';
import { createConsent } from '../../workers/core/consents/create-consent';
import { createSubject } from '../../workers/core/consents/create-subject';
import type { Consent } from '../../workers/core/consents/read-consent';
import type { AccessDeps } from '../../workers/core/deps';

const DAY_MS = 86_400_000;

/** Every element of 45 CFR 164.508(c), signed at `nowMs`, for a year. */
export function completeElements(nowMs: number): ConsentElements {
	return {
		description: 'One portrait and the video made from it',
		discloser: 'Practice Ada',
		recipient: 'Dental Diffusion, and fal.ai for making the video',
		purposes: ['show_in_room', 'patient_copy'],
		expiresAtMs: nowMs + 365 * DAY_MS,
		signerName: 'Mara Sample',
		signerRole: 'patient',
		representativeAuthority: null,
		signedAtMs: nowMs,
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
	};
}

/** A stored consent of a new subject; `changed` takes elements away or alters them. */
export async function givenConsent(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault' | 'lookupKey'>,
	actor: Actor,
	changed: Partial<ConsentElements> = {},
): Promise<Consent> {
	const subject = await createSubject(deps, { actor, reference: deps.newId('subject').slice(4, 16) });
	const elements = { ...completeElements(deps.now().getTime()), ...changed };
	return createConsent(deps, { actor, subjectId: subject.id, elements });
}
