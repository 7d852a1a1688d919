import type { Actor } from '../../../workers/core/actor';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { createSubject } from '../../../workers/core/consents/create-subject';
import type { StoredObjects } from '../../../workers/core/deps';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { createPaperUpload } from '../../../workers/core/uploads/create-paper-upload';
import type { TestDeps } from '../../support/deps';

export const ALL_SEEN = [
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

/** A media host that has got the paper, and one that has not. */
export const PDF_ARRIVED: StoredObjects = {
	head: () => Promise.resolve({ contentType: 'application/pdf', byteLength: 900, width: 0, height: 0 }),
};
export const EMPTY: StoredObjects = { head: () => Promise.resolve(null) };

/** A consent that says nothing yet, of a new patient. */
export async function givenDraft(deps: TestDeps, actor: Actor): Promise<string> {
	const subject = await createSubject(deps, { actor, reference: deps.newId('subject').slice(4, 16) });
	const elements = {
		description: null,
		discloser: null,
		recipient: null,
		purposes: [],
		expiresAtMs: null,
		signerName: null,
		signerRole: null,
		representativeAuthority: null,
		signedAtMs: null,
		toldOfRevocation: false,
		toldTreatmentNotConditioned: false,
		toldOfRedisclosure: false,
	};
	return (await createConsent(deps, { actor, subjectId: subject.id, elements })).id;
}

/** A PDF that arrived and is the paper of the draft. Its upload's id. */
export async function givenPaper(deps: TestDeps, actor: Actor, consentId: string): Promise<string> {
	const order = { actor, network: null, contentType: 'application/pdf', byteLength: 900, consentId };
	const { id } = await createPaperUpload(deps, order);
	await completeUpload({ ...deps, objects: PDF_ARRIVED }, { actor, uploadId: id });
	return id;
}
