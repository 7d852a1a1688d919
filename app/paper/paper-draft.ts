import type { z } from 'zod';

import type { PaperRecord } from '../../workers/api/contract/papers';
import { draftOf, orderOf, type ConsentDraft } from '../smile/consent-draft';

type Order = z.input<typeof PaperRecord>;
export type Element = Order['checked'][number];

/** Each element of an authorization, in the order in which a paper usually has them, and what to look for on it. */
export const ROWS: readonly { readonly element: Element; readonly title: string; readonly look: string }[] = [
	{
		element: 'description',
		title: 'Which pictures',
		look: 'The photos and videos that it covers, said so that one could point at them.',
	},
	{ element: 'discloser', title: 'Who may send them', look: 'Who may pass them on: usually your practice by name.' },
	{
		element: 'recipient',
		title: 'Who receives them',
		look: 'Who gets to see them: the service that makes the video and those who work for it.',
	},
	{ element: 'purposes', title: 'What for', look: 'Each purpose that is allowed, and none that is crossed out.' },
	{
		element: 'expiresAt',
		title: 'Until when',
		look: 'A date on which it ends, or one that follows from what it says.',
	},
	{ element: 'toldOfRevocation', title: 'It can be revoked', look: 'That it can be revoked in writing, and how.' },
	{
		element: 'toldTreatmentNotConditioned',
		title: 'Treatment does not depend on it',
		look: 'That treatment does not depend on signing.',
	},
	{ element: 'toldOfRedisclosure', title: 'It may be passed on', look: 'That whoever receives it might pass it on.' },
	{ element: 'signerRole', title: 'Who signs', look: 'Whether the patient signed, or somebody for them.' },
	{
		element: 'representativeAuthority',
		title: 'Why they may sign',
		look: 'Where somebody signed for the patient: as what, such as parent or guardian.',
	},
	{ element: 'signerName', title: 'Signature', look: 'A signature by hand, and whose name it is.' },
	{ element: 'signedAt', title: 'Date of the signature', look: 'The day beside the signature.' },
];

/** What stands in the form of the paper: the elements as typed, the paper's own date, and what was ticked as seen. */
export interface PaperDraft {
	readonly words: ConsentDraft;
	/** `YYYY-MM-DD`; empty: none is written. */
	readonly signedOn: string;
	readonly checked: readonly Element[];
}

/** Nothing is filled in beforehand but the practice's own name: what is on the paper is read there. */
export function emptyPaper(practice: string): PaperDraft {
	const form = new FormData();
	form.set('discloser', practice);
	return paperOf(form);
}

export function paperOf(form: FormData): PaperDraft {
	const signedOn = form.get('signedOn');
	const ticked = form.getAll('checked');
	return {
		words: draftOf(form),
		signedOn: typeof signedOn === 'string' ? signedOn.trim() : '',
		checked: ROWS.map(({ element }) => element).filter((element) => ticked.includes(element)),
	};
}

/** The draft as the api takes it. A statement that was seen on the paper was told by it; a day stands for its noon, UTC. */
export function recordOf({ words, signedOn, checked }: PaperDraft): Order {
	const { subjectId: _, signedAt: __, ...order } = orderOf(words, { subjectId: '', nowMs: 0 });
	return {
		...order,
		...(isDay(signedOn) ? { signedAt: `${signedOn}T12:00:00.000Z` } : {}),
		toldOfRevocation: checked.includes('toldOfRevocation'),
		toldTreatmentNotConditioned: checked.includes('toldTreatmentNotConditioned'),
		toldOfRedisclosure: checked.includes('toldOfRedisclosure'),
		checked: [...checked],
	};
}

function isDay(day: string): boolean {
	return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T12:00:00Z`));
}

/** What to say at each element that the api named: that it was not ticked, or what is missing. */
export function wrongOf(
	refusal: { readonly message: string; readonly fields: readonly string[]; readonly isUnseen: boolean },
	missing: readonly { element: string; sentence: string }[],
): Readonly<Record<string, string>> {
	const sentences = new Map(missing.map(({ element, sentence }) => [element, sentence]));
	return Object.fromEntries(
		refusal.fields.map((field) => [
			field,
			refusal.isUnseen || field.startsWith('told')
				? 'Not ticked. Look for it on the paper.'
				: refusal.fields.length === 1
					? refusal.message
					: (sentences.get(field) ?? refusal.message),
		]),
	);
}
