import type { IssuedReceipt } from './read-receipt';

type Body = IssuedReceipt['body'];

/** "1 patient photo and 1 after picture". */
export function deletedWords(deleted: Body['deleted']): string {
	return deleted.map(({ what, count }) => `${count} ${what}${count === 1 ? '' : 's'}`).join(' and ');
}

/** "was" for one thing, "were" for more. */
export function verbOf(deleted: Body['deleted']): 'was' | 'were' {
	return deleted.reduce((sum, { count }) => sum + count, 0) === 1 ? 'was' : 'were';
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
};
