import { POSTING_PLACES, SHARE_LIMITS } from '../../studios/publish-rules';
import type { ChipState } from '../components/chip';
import type { Posting, Share } from './answers';

/** How long a link may last, to choose from; the longest is what the api takes at most. */
export const LIFETIMES: readonly { readonly hours: number; readonly label: string }[] = [
	{ hours: 24, label: '1 day' },
	{ hours: 72, label: '3 days' },
	{ hours: SHARE_LIMITS.hoursDefault, label: '7 days' },
	{ hours: SHARE_LIMITS.hoursMax, label: '30 days' },
];

const SHARE_STATES: Readonly<Record<Share['state'], { chip: ChipState; word: string }>> = {
	open: { chip: 'kept', word: 'Open' },
	revoked: { chip: 'gone', word: 'Ended by you' },
	ended: { chip: 'gone', word: 'Ended' },
	deleted: { chip: 'gone', word: 'Deleted' },
	consent_ended: { chip: 'stop', word: 'Consent ended' },
	not_allowed: { chip: 'stop', word: 'Not allowed' },
	paused: { chip: 'soon', word: 'Restricted' },
};

export function shareState({ state }: Pick<Share, 'state'>): { chip: ChipState; word: string } {
	return SHARE_STATES[state];
}

/** What each kind of asset is called where it stands alone. */
export const KINDS: Readonly<Record<Share['kind'], string>> = {
	after: 'After picture',
	video: 'Video',
	picture: 'Picture',
	reel: 'Reel',
	still: 'Poster',
	pair: 'Still pair',
};

/** What a link shows. */
export function shareWords({ kind, shows }: Pick<Share, 'kind' | 'shows'>): string {
	return shows === 'smile' ? 'Before, after and video' : KINDS[kind];
}

export function viewWords(views: number): string {
	if (views === 0) return 'not opened yet';
	return views === 1 ? 'opened once' : `opened ${views} times`;
}

const POSTING_STATES: Readonly<Record<Posting['state'], { chip: ChipState; word: string }>> = {
	kept: { chip: 'kept', word: 'May stay' },
	due: { chip: 'soon', word: 'Has to go' },
	overdue: { chip: 'stop', word: 'Overdue' },
	removed: { chip: 'gone', word: 'Gone' },
};

export function postingState({ state }: Pick<Posting, 'state'>): { chip: ChipState; word: string } {
	return POSTING_STATES[state];
}

export function postingPlaceWords({ place }: Pick<Posting, 'place'>): string {
	return POSTING_PLACES[place];
}
