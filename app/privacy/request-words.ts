import type { ChipState } from '../components/chip';

/** How far a request is, in an icon and a word. */
export const STATE_CHIPS = {
	unproved: { chip: 'soon', word: 'not confirmed' },
	open: { chip: 'hand', word: 'being looked at' },
	answered: { chip: 'kept', word: 'answered' },
	refused: { chip: 'stop', word: 'refused' },
	lapsed: { chip: 'gone', word: 'lapsed' },
} as const satisfies Record<string, { chip: ChipState; word: string }>;
