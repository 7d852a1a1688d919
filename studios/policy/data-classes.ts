import type { DataClass, DataClassPolicy } from './policy';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const YEAR_DAYS = 366;

/**
 * What is promised alike in every studio. A class that a studio does not use stays in its list with the same promise: nothing may
 * be stored for longer because nobody thought of it.
 */
export const DATA: Readonly<Record<DataClass, DataClassPolicy>> = {
	source: {
		title: 'Photos you upload',
		what: 'The picture without its metadata. That it was here, its size and type stay with your orders.',
		purposes: ['to make what was ordered from it'],
		basis: 'contract',
		retention: {
			mode: 'duration',
			anchor: 'after what is made from it has ended, and after it came when nothing is made',
			ms: 24 * HOUR_MS,
			clock: 'render',
		},
	},
	output: {
		title: 'What is made',
		what: 'Pictures and videos, with their size and type; links that you share them by, and copies that you note.',
		purposes: ['to show and give them to you'],
		basis: 'contract',
		retention: { mode: 'until_deleted' },
	},
	render: {
		title: 'Orders',
		what: 'What was ordered and with which settings and words, when, what it cost and how it ended; and of each upload that is gone its size, its type and its times.',
		purposes: ['to make it', 'to show your history'],
		basis: 'contract',
		retention: { mode: 'until_deleted' },
	},
	subject: {
		title: 'References of people in pictures',
		what: 'The reference that you gave them: a number, not a name.',
		purposes: ['to keep pictures and consents together'],
		basis: 'contract',
		retention: { mode: 'until_deleted' },
	},
	consent: {
		title: 'Signed consents',
		what: 'What was allowed, to whom, until when, and who signed; the paper, where it was signed on one.',
		purposes: ['to prove that a picture was allowed'],
		basis: 'law',
		retention: { mode: 'until_deleted' },
	},
	account: {
		title: 'Your account',
		what: 'Name, e-mail address, ways to sign in, roles, what you stated and accepted, and the profile that you fill in.',
		purposes: ['to let you in', 'to know who may do what'],
		basis: 'contract',
		retention: { mode: 'until_deleted' },
	},
	session: {
		title: 'Sign-ins',
		what: 'Which browser it was, and when it signed in.',
		purposes: ['to keep you signed in', 'to show you where you are'],
		basis: 'contract',
		retention: { mode: 'duration', anchor: 'after signing in, unless you sign out before', ms: 14 * DAY_MS },
	},
	invitation: {
		title: 'Invitations',
		what: 'The address that was asked to join an account, by whom, and as what.',
		purposes: ['to let who was asked join'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after it has ended', ms: 30 * DAY_MS },
	},
	billing: {
		title: 'What was paid',
		what: 'What was bought, when and for how much, and every credit that came and went.',
		purposes: ['to keep books as the law asks'],
		basis: 'law',
		retention: {
			mode: 'statutory',
			years: 10,
			why: 'tax and accounting law asks for vouchers that long; after an erasure they hang on a random number alone',
		},
	},
	audit: {
		title: 'Who changed what',
		what: 'Changes to how people sign in and to what they may, with browser, country and part of the network.',
		purposes: ['to find out when an account was misused'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after it happened', ms: 731 * DAY_MS },
	},
	mail: {
		title: 'Mail to you',
		what: 'That a mail was sent, of which kind and when; its words are sealed until then and emptied after.',
		purposes: ['to send it once'],
		basis: 'contract',
		retention: { mode: 'duration', anchor: 'after it was sent', ms: 30 * DAY_MS },
	},
	suppression: {
		title: 'Addresses that take no mail',
		what: 'A fingerprint of an address that mail came back from or was called unwanted at, which of the two, and when. No address.',
		purposes: ['to send nothing to where it is not read'],
		basis: 'interest',
		retention: {
			mode: 'duration',
			anchor: 'after it came back or was called unwanted, unless mail is wanted and arrives there before',
			ms: 731 * DAY_MS,
		},
	},
	limits: {
		title: 'Counters against abuse',
		what: 'How often something was tried, under a fingerprint that cannot be read.',
		purposes: ['to slow down who tries too often'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after the window has ended', ms: HOUR_MS },
	},
	notice: {
		title: 'Notices between machines',
		what: 'That a processor told of something, and which order it belongs to.',
		purposes: ['to do each thing once'],
		basis: 'contract',
		retention: {
			mode: 'duration',
			anchor: 'after it came, or after it was dealt with where that was later',
			ms: 90 * DAY_MS,
		},
	},
	support: {
		title: 'Messages to support',
		what: 'What you wrote, what we answered, and your address.',
		purposes: ['to help you'],
		basis: 'contract',
		retention: { mode: 'duration', anchor: 'after the ticket was closed', ms: 731 * DAY_MS },
	},
	request: {
		title: 'Requests about rights',
		what: 'What somebody asked for, what was answered, and their address.',
		purposes: ['to answer', 'to show that it was answered in time'],
		basis: 'law',
		retention: { mode: 'duration', anchor: 'after it was answered', ms: 3 * YEAR_DAYS * DAY_MS },
	},
	export: {
		title: 'Copies of your data',
		what: 'The file that you asked for.',
		purposes: ['to give it to you'],
		basis: 'law',
		retention: { mode: 'duration', anchor: 'after it was ready', ms: 24 * HOUR_MS },
	},
	choice: {
		title: 'What you allowed',
		what: 'Each choice about measurement and mail, when and on which page it was made.',
		purposes: ['to follow it', 'to prove it'],
		basis: 'law',
		retention: {
			mode: 'duration',
			anchor: 'after it was made, and not while it is the newest of somebody who is still here',
			ms: 3 * YEAR_DAYS * DAY_MS,
		},
	},
	conversion: {
		title: 'What Meta is told',
		what: 'That an account was opened or something bought and for how much, if you allowed it. Fingerprints of your address and of your number here, and what your browser calls itself, are sent with it and not kept with it.',
		purposes: ['to measure advertising'],
		basis: 'consent',
		retention: { mode: 'duration', anchor: 'after it happened', ms: 7 * DAY_MS },
	},
	incident: {
		title: 'Incidents',
		what: 'What happened to data, when it was reported, and who was told.',
		purposes: ['to report breaches and learn from them'],
		basis: 'law',
		retention: { mode: 'duration', anchor: 'after it was closed', ms: 5 * YEAR_DAYS * DAY_MS },
	},
	staff_access: {
		title: 'Looks by our staff',
		what: 'Who of us looked at which order, when and why.',
		purposes: ['to let you see it'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after it happened', ms: 731 * DAY_MS },
	},
	receipt: {
		title: 'Deletion receipts',
		what: 'Random numbers of what was deleted, when and where. No person.',
		purposes: ['to prove a deletion'],
		basis: 'interest',
		retention: { mode: 'for_good', why: 'each holds the one before, so removing one would break the proof of all' },
	},
	policy_version: {
		title: 'Versions of this policy',
		what: 'A fingerprint of the words of each version, when people were told of it and since when it holds. No person.',
		purposes: ['to show which words held when'],
		basis: 'law',
		retention: { mode: 'for_good', why: 'whoever accepted a version can then see that its words were not changed' },
	},
	operations: {
		title: 'How the service runs',
		what: 'Counts and times of sweeps, comparisons and evidence; and of erasures and legal holds the random number that they are about.',
		purposes: ['to show that promises are kept'],
		basis: 'interest',
		retention: {
			mode: 'duration',
			anchor: 'after it was written, and of erasures and legal holds after they ended',
			ms: 400 * DAY_MS,
		},
	},
	error_log: {
		title: 'Error reports',
		what: 'Which code failed, when, and in which browser. No words, addresses or links of yours.',
		purposes: ['to mend what fails'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after it happened', ms: 90 * DAY_MS },
	},
	analytics: {
		title: 'Visits',
		what: 'Which page was seen, and from which country and browser, without a cookie and without a person.',
		purposes: ['to know what is used'],
		basis: 'interest',
		retention: { mode: 'duration', anchor: 'after the visit', ms: 731 * DAY_MS },
	},
};
