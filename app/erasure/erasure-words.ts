interface Erasure {
	readonly kind: 'person' | 'account' | 'subject';
	readonly state: 'requested' | 'executing' | 'verifying' | 'certified' | 'blocked';
}

type LegState = 'open' | 'deleted' | 'nothing_held' | 'kept' | 'scheduled';

const WHOSE: Readonly<Record<Erasure['kind'], string>> = {
	person: 'Your account',
	account: 'What you owned',
	subject: 'The patient',
};

export function headingOf({ kind, state }: Erasure): string {
	return state === 'blocked' ? `${WHOSE[kind]} is not erased yet` : `${WHOSE[kind]} is being erased`;
}

const STATE_WORDS: Readonly<Record<LegState, string>> = {
	open: 'not empty yet',
	deleted: 'emptied, and looked at again',
	nothing_held: 'nothing was there',
	kept: 'deleted, except for what the law keeps there',
	scheduled: 'ends there by itself; the receipt says when',
};

/** Of places that cannot be empty yet, whatever is tried: why not, and until when (`workers/core/media/upload-window.ts`). */
const WAIT_WORDS: Readonly<Record<string, string>> = {
	photos: 'empty once none can arrive any more, a quarter of an hour after the last was sent',
	records: 'last of all: rows say where the rest lies',
};

/** How far one place is. */
export function wordsOfLeg({ leg, state }: { readonly leg: string; readonly state: LegState }): string {
	return (state === 'open' ? WAIT_WORDS[leg] : undefined) ?? STATE_WORDS[state];
}

/** Hollow is gone, hatched is in hand, as everywhere. */
export function stateMark(state: LegState): 'now' | undefined {
	return state === 'open' ? 'now' : undefined;
}
