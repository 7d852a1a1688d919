/**
 * What somebody may ask for without an account (DD-39, DD-40, DD-42, DS-23, DS-32), in the words of the form and of the mails. The list
 * is that of `schema/rights.ts`.
 */
export interface RightWords {
	/** As somebody asks for it: "Send me a copy of what you hold about me". */
	readonly ask: string;
	/** After "your request": "for a copy". */
	readonly about: string;
	/** What we need to know to do it, below the words. */
	readonly hint: string;
}

export const RIGHTS_WORDS = {
	access: {
		ask: 'Send me a copy of what you hold about me',
		about: 'for a copy of what we hold about you',
		hint: 'Say who took or sent the picture and about when. Without that we cannot find it.',
	},
	correct: {
		ask: 'Correct something about me',
		about: 'to correct something about you',
		hint: 'Say what is wrong, and what is right instead.',
	},
	erase: {
		ask: 'Delete what you hold about me',
		about: 'to delete what we hold about you',
		hint: 'Say who took or sent the picture and about when. Without that we cannot find it.',
	},
	restrict: {
		ask: 'Keep it, but do nothing else with it',
		about: 'to keep your data and do nothing else with it',
		hint: 'Say what is not to be done, and why, if you like.',
	},
	object: {
		ask: 'Stop using it for something',
		about: 'to stop a use of your data',
		hint: 'Say which use you object to.',
	},
	transfer_safeguards: {
		ask: 'Send me a copy of the safeguards for data that leaves Europe',
		about: 'for a copy of the safeguards for transfers',
		hint: 'You get the standard clauses or the certificate that each transfer rests on. Nothing else is needed.',
	},
	child: {
		ask: 'Remove what a child gave you',
		about: 'to remove what a child gave us',
		hint: 'Say what it is and where it was uploaded. We look at these first. Do not send the child’s papers.',
	},
	other: {
		ask: 'Something else about my data',
		about: 'about your data',
		hint: 'Say it in your own words.',
	},
} as const satisfies Record<string, RightWords>;

export type RightKind = keyof typeof RIGHTS_WORDS;

export function isRightKind(value: string): value is RightKind {
	return Object.hasOwn(RIGHTS_WORDS, value);
}

export const RIGHT_KINDS: readonly RightKind[] = Object.keys(RIGHTS_WORDS).filter(isRightKind);

/** Lengths that form and API agree on. */
export const REQUEST_LIMITS = { nameMax: 120, whoMax: 200, wordsMax: 4_000 } as const;
