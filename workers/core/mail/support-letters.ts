import type { Letter, LetterPart } from './letter';
import type { Mail } from './mail';

/** That a message has come. What was typed stands nowhere in it: anybody can type anybody's address. */
export function ticketReceivedLetter(
	mail: Extract<Mail, { kind: 'ticket_received' }>,
	{ studioName }: { studioName: string },
): Letter {
	return {
		subject: `We have your message: ${studioName}`,
		heading: 'We have your message',
		parts: [
			{ kind: 'words', words: `A person at ${studioName} reads it. The answer comes to this address.` },
			{ kind: 'action', label: 'See the conversation', url: mail.url },
			{
				kind: 'aside',
				words: 'Whoever has this link can read the conversation and write in it. Pass it on to nobody.',
			},
			{
				kind: 'aside',
				words: 'You did not write to us? Then somebody typed your address. Answer this mail, and we delete it.',
			},
		],
	};
}

/** An answer, whole, and where to go on. */
export function ticketAnsweredLetter(
	mail: Extract<Mail, { kind: 'ticket_answered' }>,
	{ studioName }: { studioName: string },
): Letter {
	return {
		subject: `An answer to your message: ${studioName}`,
		heading: 'An answer to your message',
		parts: [
			...paragraphs(mail.words),
			{ kind: 'action', label: 'Write back', url: mail.url },
			{
				kind: 'aside',
				words: 'Whoever has this link can read the conversation and write in it. Pass it on to nobody.',
			},
		],
	};
}

/** Characters that turn the direction of what follows, or that nobody sees. */
const UNFIT = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** What an operator wrote, a paragraph a line. */
export function paragraphs(words: string): LetterPart[] {
	return words
		.replace(UNFIT, ' ')
		.split(/\n+/)
		.map((line) => line.replace(/\s+/g, ' ').trim())
		.filter((line) => line !== '')
		.map((line) => ({ kind: 'words', words: line }));
}
