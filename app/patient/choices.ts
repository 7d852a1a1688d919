import { plainText } from '../../studios/authorization';
import { CHANNELS, type Channel } from '../../studios/publish-rules';
import type { Studio } from '../../studios/studio';
import { textOf, type Errors } from '../form';
import { sectionsOf, type Offer, type Words } from './answers';

/** What whoever signs makes of the offer: fewer uses, an earlier end, and why they may sign for another. */
export interface Choices {
	readonly channels: readonly Channel[];
	/** `YYYY-MM-DD`, UTC, as a date field gives it. */
	readonly expiresOn: string;
	readonly authority: string;
}

export type ChoiceErrors = Errors<'channels' | 'expiresOn' | 'authority'>;

export const AUTHORITY_MAX = 200;

/** As the practice asked. */
export function offeredChoices({ words }: Pick<Offer, 'words'>): Choices {
	return {
		channels: words.channels,
		expiresOn: words.expiresAt.slice(0, DAY_LENGTH),
		authority: words.representativeAuthority ?? '',
	};
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

export function choicesOf(form: FormData): Choices {
	const chosen = form.getAll('channels');
	return {
		channels: CHANNELS.filter((channel) => chosen.includes(channel)),
		expiresOn: textOf(form, 'expiresOn').trim(),
		authority: textOf(form, 'authority').trim(),
	};
}

/** What is wrong with them, beside each; the api decides again when it is signed. */
export function errorsOfChoices(choices: Choices, { words }: Pick<Offer, 'words'>, nowMs: number): ChoiceErrors {
	const endMs = Date.parse(endOf(choices.expiresOn, words));
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(choices.expiresOn) && !Number.isNaN(endMs);
	return {
		channels:
			choices.channels.length === 0
				? 'Choose at least one, or close this page. Nothing is allowed until you sign.'
				: undefined,
		expiresOn: !isDay
			? 'Choose a day.'
			: endMs > Date.parse(words.expiresAt)
				? 'This is later than what was offered. Choose that day or an earlier one.'
				: endMs <= nowMs
					? 'This day is past. Choose one that lies ahead.'
					: undefined,
		authority:
			words.signerRole === 'representative' && choices.authority === ''
				? 'Say why you may sign for the patient, such as: mother.'
				: undefined,
	};
}

/** The offer as it was chosen from: what is then read, hashed and signed. */
export function chosenWords({ words }: Pick<Offer, 'words'>, choices: Choices): Words {
	return {
		...words,
		channels: words.channels.filter((channel) => choices.channels.includes(channel)),
		expiresAt: endOf(choices.expiresOn, words),
		representativeAuthority: words.signerRole === 'representative' ? choices.authority : null,
	};
}

/** The offered moment on the offered day, the end of the day on any other. */
function endOf(expiresOn: string, { expiresAt }: Pick<Words, 'expiresAt'>): string {
	return expiresAt.startsWith(expiresOn) && expiresOn.length === DAY_LENGTH ? expiresAt : `${expiresOn}T23:59:59.000Z`;
}

/** SHA-256 of the plain text, hex: what the signature is bound to. */
export async function textHashOf(words: Words, studio: Studio, nowMs: number): Promise<string> {
	const text = new TextEncoder().encode(plainText(sectionsOf(words, studio, nowMs)));
	const digest = await crypto.subtle.digest('SHA-256', text);
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
