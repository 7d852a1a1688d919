import { retentionHours } from './policy/policy';
import { POSTING_LIMITS, SHARE_LIMITS, type Channel, type Jurisdiction } from './publish-rules';
import type { Studio } from './studio';

/**
 * What a patient reads and signs: an authorization with every element of 45 CFR 164.508(c)(1)(i) to (vi) and the statements of
 * (c)(2), and in California those of Civ. Code §56.11. Plain words, as (c)(3) asks. The same input gives the same words: their hash is
 * kept with the signature, so that anybody can see later what was signed.
 */

export interface AuthorizationInput {
	readonly studio: Pick<Studio, 'name' | 'policy' | 'consentTextVersion'>;
	/** Where the practice is. */
	readonly jurisdiction: Jurisdiction;
	/** Which photos and videos: "One photo of the face and teeth, and the picture and video made from it". */
	readonly description: string;
	/** Who may send it: the practice. */
	readonly discloser: string;
	readonly recipient: string;
	/** `show_in_room`, `patient_copy`, `website`, `social_media`; the last two say where it may be published. */
	readonly purposes: readonly string[];
	/** What is allowed. Whatever is not among them is said to be forbidden. */
	readonly channels: readonly Channel[];
	/** Null: the day is still to be chosen. */
	readonly expiresAtMs: number | null;
	/** Null: nobody has said yet who signs, so the words are for both. */
	readonly signerRole: 'patient' | 'representative' | null;
	/** "mother": why somebody may sign for the patient. Null or empty: still to be said. */
	readonly representativeAuthority: string | null;
}

export interface AuthorizationSection {
	readonly heading: string;
	/** A paragraph each, without marks of any kind. */
	readonly paragraphs: readonly string[];
}

/** Stands where something is still to be said, so that a draft reads as a sentence. */
export const STILL_OPEN = {
	expiry: '(a day still to choose)',
	authority: '(parent, guardian or other: still to say)',
} as const;

export function authorizationText(input: AuthorizationInput): AuthorizationSection[] {
	return [
		{
			heading: 'What this is about',
			paragraphs: [
				`${input.discloser} asks to use this: ${sentence(input.description)}`,
				'Nothing else from your record is part of it.',
			],
		},
		{ heading: 'Who may send it', paragraphs: [`Only ${input.discloser} may send it.`] },
		{ heading: 'Who gets it', paragraphs: [`It goes to: ${sentence(input.recipient)}`, ...processorSentences(input)] },
		{ heading: 'What it may be used for', paragraphs: useSentences(input) },
		{ heading: 'How long it is kept', paragraphs: keptSentences(input) },
		{ heading: 'When this ends', paragraphs: endSentences(input) },
		{ heading: 'You can change your mind', paragraphs: revocationSentences(input) },
		{
			heading: 'Your care does not depend on it',
			paragraphs: [
				'You do not have to sign. Your treatment, what you pay and your benefits stay the same if you say no.',
			],
		},
		{
			heading: 'It might be passed on',
			paragraphs: [
				'Whoever gets the picture or the video might pass it on. Privacy law may then no longer protect it.',
			],
		},
		{ heading: 'Your signature', paragraphs: signatureSentences(input) },
		...(input.jurisdiction === 'US-CA' ? [california(input)] : []),
		{
			heading: 'Your copy',
			paragraphs: [
				'You get a copy of what you sign.',
				`These are the words of version ${input.studio.consentTextVersion}.`,
			],
		},
	];
}

/** The words alone, as they are hashed, mailed and read out: a heading a line, an empty line between sections. */
export function plainText(sections: readonly AuthorizationSection[]): string {
	return sections.map(({ heading, paragraphs }) => [heading, ...paragraphs].join('\n')).join('\n\n');
}

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

/** "21 November 2027", in UTC. Spelled here, for words that are hashed must not change with a runtime's calendar. */
export function authorizationDay(atMs: number): string {
	const at = new Date(atMs);
	return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`;
}

/** Whoever is shown the photo or works on it; who takes money or carries mail learns nothing of a patient. */
function processorSentences({ studio }: AuthorizationInput): string[] {
	return studio.policy.processors
		.filter(({ gets }) => gets.includes('source'))
		.map(({ name, purpose }) => `${name} works for ${studio.name}. It ${lowered(purpose)}.`);
}

/** One use of the picture, in a sentence of its own. The page with the checkboxes says the same words. */
export function channelSentences(
	channel: Channel,
	input: Pick<AuthorizationInput, 'discloser' | 'purposes'>,
): string[] {
	const { discloser, purposes } = input;
	switch (channel) {
		case 'room':
			return [`${discloser} may show it to you in the room.`];
		case 'download':
			return [`${discloser} may save it as a file, to give you a copy.`];
		case 'share':
			return [
				`${discloser} may make a link to it for you. The link ends after ${SHARE_LIMITS.hoursMax / 24} days at most. Whoever has the link can look at it.`,
			];
		case 'publish': {
			const places = Object.entries(PUBLIC_PLACES).filter(([purpose]) => purposes.includes(purpose));
			return places.map(([, words]) => `${discloser} may show it to everybody ${words}.`);
		}
	}
}

const PUBLIC_PLACES: Readonly<Record<string, string>> = {
	website: 'on its own website',
	social_media: 'on its own social media pages',
};

const FORBIDDEN: Readonly<Record<Channel, string>> = {
	room: 'It may not be shown in the room.',
	download: 'No copy may be saved as a file.',
	share: 'No link to it may be made.',
	publish: 'It may not be shown to the public.',
};

const CHANNEL_ORDER: readonly Channel[] = ['room', 'download', 'share', 'publish'];

function useSentences(input: AuthorizationInput): string[] {
	return [
		...CHANNEL_ORDER.flatMap((channel) =>
			input.channels.includes(channel) ? channelSentences(channel, input) : [FORBIDDEN[channel]],
		),
		'Any other use needs a new yes from you.',
		'AI changes the picture and makes the video, and both say so. They show what could be. They do not promise a result.',
	];
}

function keptSentences({ studio, discloser }: AuthorizationInput): string[] {
	return [
		`The photo is deleted ${retentionHours(studio.policy, 'source')} hours after the video is ready.`,
		`The picture and the video stay until ${discloser} deletes them, or until you end this.`,
	];
}

function endSentences({ expiresAtMs }: AuthorizationInput): string[] {
	const day = expiresAtMs === null ? STILL_OPEN.expiry : authorizationDay(expiresAtMs);
	return [`This ends on ${day}. After that day nothing new is made, shown or sent.`];
}

function revocationSentences({ discloser }: AuthorizationInput): string[] {
	return [
		`You can allow less, or end it all, at any time. Use your own link, if you have one, or write to ${discloser}. You need no reason.`,
		'When you end it, the photo, the pictures and the videos are deleted, and the links to them stop. Nothing new is made.',
		`${discloser} then has ${POSTING_LIMITS.removalHours} hours to take down what it posted.`,
		'What others saw or saved before then cannot be called back.',
	];
}

function signatureSentences({ signerRole, representativeAuthority }: AuthorizationInput): string[] {
	const kept = 'Your name, your drawing if you make one, and the date are kept with these words.';
	if (signerRole === 'patient') return ['You sign for yourself.', kept];
	if (signerRole === 'representative') {
		const authority = representativeAuthority?.trim() ?? '';
		return [`You sign for the patient, as: ${sentence(authority === '' ? STILL_OPEN.authority : authority)}`, kept];
	}
	return [
		'If the patient is under 18, a parent or a guardian signs. Whoever signs for somebody else says why they may.',
		kept,
	];
}

/** Civ. Code §56.11(d) to (i) and §56.13, as far as the sections above do not say it already. */
function california({ discloser }: AuthorizationInput): AuthorizationSection {
	return {
		heading: 'In California',
		paragraphs: [
			'Only the pictures named above may be used, and only as listed above.',
			'Whoever gets them may not pass them on without a new yes from you, unless the law allows it.',
			'A permission lasts one year at most. Then you are asked again.',
			`You have a right to a copy of what you sign. ${discloser} has to give it to you.`,
		],
	};
}

/** With a full stop of its own, whoever wrote it. */
function sentence(words: string): string {
	const text = words.trim();
	return /[.!?]$/.test(text) ? text : `${text}.`;
}

function lowered(words: string): string {
	return words.charAt(0).toLowerCase() + words.slice(1);
}
