import type { ChoicePurpose, PolicyTracker } from './policy';

/** The day of the words that the banner and the page of choices show. A row of the ledger names it; other words have another day. */
export const CHOICE_TEXT_VERSION = '2026-11-21';

/** What a browser may be asked about; the mail that is not needed is switched in the settings. */
export const BROWSER_PURPOSES = [
	'analytics',
	'advertising',
	'error_reports',
] as const satisfies readonly ChoicePurpose[];
export type BrowserPurpose = (typeof BROWSER_PURPOSES)[number];

/** As the page of choices names them. */
export const PURPOSE_WORDS: Readonly<Record<BrowserPurpose, { readonly title: string; readonly what: string }>> = {
	analytics: {
		title: 'See what is used',
		what: 'Which of our public pages you open, and how far you read.',
	},
	advertising: {
		title: 'Measure our advertising',
		what: 'That you came from an advertisement, opened an account or bought something, and for how much. Fingerprints of your address and of your number here, and what your browser calls itself, are part of it.',
	},
	error_reports: {
		title: 'Your number in error reports',
		what: 'When something breaks, the report says that it was your account. It is a random number, never your name or address.',
	},
};

/**
 * The Pixel in the browser and the Conversions API from our server, which carry the same `event_id` (DD-19). It is asked for
 * everywhere, since the studio says that it asks before it loads anything that is not needed (DD-21); telling Meta is sharing
 * (DD-31), so a browser's Global Privacy Control ends it whatever was chosen.
 */
export const META: PolicyTracker = {
	id: 'meta',
	name: 'Meta',
	what: 'Which of our public pages you open, that you opened an account and that you bought something, and for how much.',
	purpose: 'advertising',
	asks: 'always',
	scriptHosts: ['connect.facebook.net'],
	connectHosts: ['www.facebook.com', 'connect.facebook.net'],
	imageHosts: ['www.facebook.com'],
	cookies: [
		{ name: '_fbp', days: 90, what: 'Tells Meta that two visits were the same browser’s' },
		{ name: '_fbc', days: 90, what: 'Which advertisement of Meta led here' },
	],
	tabKeys: [],
	hasServerLeg: true,
	serverHosts: ['graph.facebook.com'],
};

/** Microsoft decides by itself what it does with what it gets (P-13), so it never runs where a patient could be (DD-20). */
export const CLARITY: PolicyTracker = {
	id: 'clarity',
	name: 'Microsoft Clarity',
	what: 'How our public pages are read: scrolling, pointing and clicking, with the words masked.',
	purpose: 'analytics',
	asks: 'always',
	scriptHosts: ['www.clarity.ms', '*.clarity.ms'],
	connectHosts: ['*.clarity.ms', 'c.bing.com'],
	imageHosts: ['*.clarity.ms', 'c.bing.com'],
	cookies: [
		{ name: '_clck', days: 365, what: 'Tells Clarity that two visits were the same browser’s' },
		{ name: '_clsk', days: 1, what: 'Keeps the pages of one visit together' },
	],
	tabKeys: [{ name: '_cltk', what: 'Keeps together what one tab shows' }],
	hasServerLeg: false,
	serverHosts: [],
};

const UMAMI: Omit<PolicyTracker, 'asks'> = {
	id: 'umami',
	name: 'Umami',
	what: 'Which of our public pages you open, from which country and with which browser. No cookie, no address, no name.',
	purpose: 'analytics',
	scriptHosts: ['cloud.umami.is'],
	connectHosts: ['cloud.umami.is', 'api-gateway.umami.dev'],
	imageHosts: [],
	cookies: [],
	tabKeys: [],
	hasServerLeg: true,
	serverHosts: ['cloud.umami.is'],
};

/** It stores nothing and knows nobody again, so it runs until somebody says no (DS-13, DS-41). */
export const UMAMI_UNASKED: PolicyTracker = { ...UMAMI, asks: 'never' };

/** The same tool in a studio for consumers: asked for wherever reading a browser's size and language may need a yes. */
export const UMAMI_WHERE_REQUIRED: PolicyTracker = { ...UMAMI, asks: 'where_required' };

/**
 * Error reports from our server alone, emptied at the source (DS-14). The choice is about the person's number in them: without it a
 * report says what failed and nothing of who was there.
 */
export const SENTRY: PolicyTracker = {
	id: 'sentry',
	name: 'Sentry',
	what: 'Which code of ours failed, where and when. No words, addresses, links or cookies of yours.',
	purpose: 'error_reports',
	asks: 'always',
	scriptHosts: [],
	connectHosts: [],
	imageHosts: [],
	cookies: [],
	tabKeys: [],
	hasServerLeg: true,
	serverHosts: ['*.ingest.sentry.io', '*.ingest.us.sentry.io', '*.ingest.de.sentry.io'],
};

/** Whether a host is one of a list, in which `*.` stands for any name below. */
export function isListedHost(hosts: readonly string[], host: string): boolean {
	return hosts.some((listed) => (listed.startsWith('*.') ? host.endsWith(listed.slice(1)) : listed === host));
}
