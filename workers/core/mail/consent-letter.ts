import { typed, type Letter } from './letter';
import type { Mail } from './mail';

/**
 * The words that were signed, to whoever signed them (45 CFR 164.508(c)(4)). Without a link: whoever reads the mail reads the words, and
 * what exists is shown to whoever holds the link.
 */
export function consentLetter(
	mail: Extract<Mail, { kind: 'consent_copy' }>,
	{ studioName }: { studioName: string },
): Letter {
	const practice = typed(mail.practice);
	return {
		subject: `Your copy of what you signed: ${practice}`,
		heading: 'Your copy of what you signed',
		parts: [
			{
				kind: 'words',
				words: mail.isOnOurPage
					? `Signed by ${typed(mail.signerName)} on ${utc(mail.signedAtMs)}. These are the words that were shown.`
					: `Signed by ${typed(mail.signerName)} on ${utc(mail.signedAtMs)}, as ${practice} has recorded it.`,
			},
			...mail.sections.flatMap(({ heading, paragraphs }): Letter['parts'] => [
				{ kind: 'heading', words: heading },
				...paragraphs.map((words) => ({ kind: 'words' as const, words: oneLine(words) })),
			]),
			{
				kind: 'aside',
				words: `Your own link shows what exists, and lets you allow less or end it. Ask ${practice} for another if you have lost it. It was not you who asked for this copy? Then somebody typed your address at ${studioName}; it is kept nowhere.`,
			},
		],
	};
}

/** What the practice wrote may be long, but turns no line and no direction. */
function oneLine(words: string): string {
	return words.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}

function utc(ms: number): string {
	const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
	return `${day.format(ms)}, ${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
