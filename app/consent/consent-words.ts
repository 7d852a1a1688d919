import type { z } from 'zod';

import type { ConsentDetail } from '../../workers/api/contract';
import { POSTING_LIMITS, type Channel } from '../../studios/publish-rules';

/** A consent as the api answers it by itself. */
export type Consent = z.infer<typeof ConsentDetail>;

/** Each use, as the practice reads it. */
export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
	room: 'Show it in the room',
	download: 'Save it as a file',
	share: 'Share it by a link',
	publish: 'Publish it: website, social media, print',
};

/** What stops when a use is taken away. */
export const STOPS: Readonly<Record<Channel, string>> = {
	room: 'It is not shown in the room any more.',
	download: 'No copies are saved any more.',
	share: 'Links to it stop at once, and no other is made.',
	publish: `Posted copies have to be gone within ${POSTING_LIMITS.removalHours} hours.`,
};

const HOW: Readonly<Record<NonNullable<Consent['signedVia']>, string>> = {
	staff: 'Here, with you',
	link: 'On the patient’s own phone',
	paper: 'On paper',
};

/** "On the patient's own phone, drawn by finger". */
export function howWords({ signedVia, elements }: Pick<Consent, 'signedVia' | 'elements'>): string {
	const how = signedVia === null ? 'Not noted' : HOW[signedVia];
	return elements.isDrawn ? `${how}, drawn by finger` : how;
}

/** "Mara Sample, the patient", or who signed for them and why they may. */
export function signerWords({ signerRole, elements }: Pick<Consent, 'signerRole' | 'elements'>): string {
	const name = elements.signerName ?? 'Nobody yet';
	if (signerRole === null) return name;
	if (signerRole === 'patient') return `${name}, the patient`;
	const { representativeAuthority } = elements;
	return representativeAuthority === null
		? `${name}, for the patient`
		: `${name}, for the patient: ${representativeAuthority}`;
}

/** "1 photo, 2 pictures or videos and 1 link": what goes at once when it is revoked; '' when nothing is left. */
export function whatGoes({ photos, made, links, underWay }: Consent['rests']): string {
	return listWords([
		...counted(photos, 'photo', 'photos'),
		...counted(made, 'picture or video', 'pictures and videos'),
		...counted(underWay, 'video in the making', 'videos in the making'),
		...counted(links, 'link', 'links'),
	]);
}

/** What a confirmation says before a revocation. */
export function revocationWords({ rests }: Pick<Consent, 'rests'>): string {
	const goes = whatGoes(rests);
	const first =
		goes === ''
			? 'Nothing rests on it any more. No new photo can be sent under it.'
			: `With it go at once: ${goes}. Nobody can bring them back, and neither can we. You get a signed receipt.`;
	if (rests.posted === 0) return first;
	const copies = rests.posted === 1 ? 'One posted copy' : `${rests.posted} posted copies`;
	return `${first} ${copies} elsewhere we cannot call back: they are listed until somebody has seen that they are gone.`;
}

function counted(count: number, one: string, many: string): string[] {
	return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

function listWords(items: readonly string[]): string {
	const last = items.at(-1) ?? '';
	return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
