import type { z } from 'zod';

import type { ConsentLinkList } from '../../workers/api/contract/consent-links';
import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';
import type { ConsentDraft } from './consent-draft';

type ConsentLink = z.infer<typeof ConsentLinkList>['items'][number];

/** A consent that was prepared and waits for the patient's phone, with the newest link that opens it. */
export interface Waiting {
	readonly consentId: string;
	readonly link: ConsentLink;
}

/** Whether the patient's newest consent waits for a phone; `null` where it does not, or every link to it is over. */
export async function readWaiting(
	context: LoadContext,
	request: Request,
	newest: { id: string; state: string } | undefined,
): Promise<Waiting | null> {
	if (newest?.state !== 'draft') return null;
	const answer = await apiFor(context, request).v1.consents[':id'].links.$get({ param: { id: newest.id } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items } = await answer.json();
	const link = items.find(({ state }) => state === 'waiting' || state === 'opened');
	return link === undefined ? null : { consentId: newest.id, link };
}

/** The draft with nothing of a signature: the patient reads, ticks and signs it themselves. */
export function preparedOf(draft: ConsentDraft): ConsentDraft {
	return {
		...draft,
		signerName: '',
		toldOfRevocation: false,
		toldTreatmentNotConditioned: false,
		toldOfRedisclosure: false,
	};
}

/** What only the person at the phone can give. */
const GIVEN_THERE: ReadonlySet<string> = new Set([
	'signerName',
	'signedAt',
	'representativeAuthority',
	'toldOfRevocation',
	'toldTreatmentNotConditioned',
	'toldOfRedisclosure',
]);

export function missingToPrepare<Missing extends { readonly element: string }>(missing: readonly Missing[]): Missing[] {
	return missing.filter(({ element }) => !GIVEN_THERE.has(element));
}
