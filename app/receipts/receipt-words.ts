import type { IssuedReceipt } from './read-receipt';

type Body = IssuedReceipt['body'];

/** "1 patient photo and 1 after picture"; of three and more with commas. */
export function deletedWords(deleted: Body['deleted']): string {
	const words = deleted.map(({ what, count }) => `${count.toLocaleString('en')} ${count === 1 ? what : manyOf(what)}`);
	const [last = ''] = words.slice(-1);
	return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** "pictures or videos" of "picture or video", "pairs of pictures" of "pair of pictures". */
function manyOf(what: string): string {
	return what
		.split(' or ')
		.map((word) => (word.includes(' of ') ? word.replace(' of ', 's of ') : `${word}s`))
		.join(' or ');
}

/** "was" for one thing, "were" for more. */
export function verbOf(deleted: Body['deleted']): 'was' | 'were' {
	return deleted.reduce((sum, { count }) => sum + count, 0) === 1 ? 'was' : 'were';
}

/** What the receipt is about, where it is about a whole and not about the things that were deleted. */
const WHOLE: Readonly<Record<Body['kind'], string | null>> = {
	source_deleted: null,
	asset_deleted: null,
	consent_revoked: 'The consent ended, and what rested on it was deleted by',
	subject_erased: 'Everything we held about this person was erased by',
	account_erased: 'The account and everything in it were erased by',
	person_erased: 'Everything we held about you was erased by',
};

/** The first half of the receipt's sentence; a time follows. */
export function whatHappened({ kind, deleted }: Pick<Body, 'kind' | 'deleted'>): string {
	return WHOLE[kind] ?? `${deletedWords(deleted)} ${verbOf(deleted)} deleted on`;
}

/** The second half: what was found when we looked again. Places that keep something are named further down. */
export function whatWasFound({ places }: Pick<Body, 'places'>): string {
	const isEmpty = places.every(({ state }) => state !== 'kept' && state !== 'scheduled');
	return isEmpty
		? 'We then looked in every place it had been, and found nothing.'
		: 'We then looked in every place it had been, and found nothing but what is named below.';
}

export const REASONS: Readonly<Record<Body['reason'], string>> = {
	window_ended: 'Its time had ended',
	requested: 'You asked for it',
	consent_revoked: 'The consent was revoked',
	render_ended: 'The render it was part of did not finish',
};

export const PLACE_STATES: Readonly<Record<Body['places'][number]['state'], string>> = {
	deleted: 'deleted, looked for again, not found',
	nothing_held: 'looked for, nothing held',
	lifetime_ended: 'its answer was lost; what it made there has ended by itself',
	kept: 'deleted, except for what the law keeps there, named below',
	scheduled: 'ends there by itself, at the time named below',
};
