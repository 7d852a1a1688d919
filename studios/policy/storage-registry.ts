/** What pages of ours write into a browser. What trackers write stands with them (`PolicyTracker.cookies`). */
export interface StoredInBrowser {
	/** As the browser shows it, without the `__Host-` that https puts before it. */
	readonly name: string;
	readonly kind: 'cookie' | 'localStorage' | 'sessionStorage' | 'indexedDB';
	/** A sentence for people. */
	readonly what: string;
	/** "14 days" */
	readonly stays: string;
}

const HALF_A_YEAR = 'half a year';
const A_YEAR = 'a year';

/**
 * All of it (DD-18, DS-40): the policy's page lists it, and a browser that opened every page is found to hold nothing else. Nothing
 * here follows anybody, and all of it serves what was asked for, so none of it takes a choice.
 */
export const STORED_IN_BROWSER: readonly StoredInBrowser[] = [
	{ name: 'afterglow_session', kind: 'cookie', what: 'That you are signed in.', stays: '14 days' },
	{
		name: 'afterglow_auth.two_factor',
		kind: 'cookie',
		what: 'A sign-in that waits for its second step.',
		stays: '10 minutes',
	},
	{ name: 'afterglow_sign_up', kind: 'cookie', what: 'A sign-up that waits for its code.', stays: '15 minutes' },
	{ name: 'afterglow_passkey', kind: 'cookie', what: 'A question that a passkey answers.', stays: '5 minutes' },
	{ name: 'afterglow_visit', kind: 'cookie', what: 'A visit to a sign-in provider.', stays: '10 minutes' },
	{
		name: 'afterglow_visitor',
		kind: 'cookie',
		what: 'A random number under which your choice about measurement is kept. Written when you choose, not before.',
		stays: HALF_A_YEAR,
	},
	{ name: 'step', kind: 'cookie', what: 'What the next step of a form needs.', stays: 'half an hour' },
	{ name: 'key-draft', kind: 'cookie', what: 'An API key that is being made.', stays: 'a quarter of an hour' },
	{ name: 'invitation', kind: 'cookie', what: 'An invitation that is being accepted.', stays: 'an hour' },
	{ name: 'rights', kind: 'cookie', what: 'A request about rights that is being made.', stays: 'an hour' },
	{ name: 'ticket', kind: 'cookie', what: 'A conversation with support that is being read.', stays: 'half a day' },
	{ name: 'mode', kind: 'cookie', what: 'Light or dark, if you chose.', stays: A_YEAR },
	{ name: 'dates', kind: 'cookie', what: 'The language of dates, if you chose.', stays: A_YEAR },
	{ name: 'zone', kind: 'cookie', what: 'Your time zone, so that times are written by your clock.', stays: A_YEAR },
	{
		name: 'positions',
		kind: 'sessionStorage',
		what: 'How far down each page you were, for the way back.',
		stays: 'until the tab is closed',
	},
];

/** Whether a name that a browser shows is one of the list. */
export function isRegistered(kind: StoredInBrowser['kind'], name: string): boolean {
	const bare = name.replace(/^__Host-/, '');
	return STORED_IN_BROWSER.some((stored) => stored.kind === kind && stored.name === bare);
}
