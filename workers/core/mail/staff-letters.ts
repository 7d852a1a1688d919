import { typed, type Letter } from './letter';
import type { Mail } from './mail';
import { paragraphs } from './support-letters';

/** That somebody of ours may look at one render, why, and until when (N20). */
export function staffAccessLetter(
	mail: Extract<Mail, { kind: 'staff_access' }>,
	{ studioName, appOrigin }: { studioName: string; appOrigin: string },
): Letter {
	const accountName = typed(mail.accountName);
	return {
		subject: `Our staff looks at something of yours: ${studioName}`,
		heading: 'Our staff looks at something of yours',
		parts: [
			{
				kind: 'words',
				words: `Somebody who runs ${studioName} opened one order of ${accountName}, with its words and pictures: ${mail.renderId}. They can see it until ${momentOf(mail.untilMs)} and nothing else of yours.`,
			},
			...labelled('The reason they gave', mail.reason),
			{ kind: 'action', label: 'See the record', url: `${appOrigin}/practice/audit` },
			{ kind: 'aside', words: 'You did not ask for help with it, or the reason is not right? Answer this mail.' },
		],
	};
}

/** What happened to somebody's data, in the operator's words, and what they can do (GDPR Art. 34(2)). */
export function incidentLetter(
	mail: Extract<Mail, { kind: 'incident' }>,
	{ studioName }: { studioName: string },
): Letter {
	return {
		subject: `About your data: ${studioName}`,
		heading: 'Something happened to your data',
		parts: [
			...paragraphs(mail.happened),
			{
				kind: 'words',
				words: `It concerns: ${mail.what.join(', ')}. It was possible between ${momentOf(mail.fromMs)} and ${momentOf(mail.untilMs)}.`,
			},
			...labelled('What can follow from it', mail.consequences),
			...labelled('What we do', mail.measures),
			...labelled('What you can do', mail.advice),
			{
				kind: 'words',
				words: `Questions: ${mail.contact}, or answer this mail. Name ${mail.incidentId}. You can also complain to the data protection authority where you live.`,
			},
			{
				kind: 'aside',
				words: 'This is sent once to everybody whose data it concerns, whatever mail they have switched off.',
			},
		],
	};
}

/** That the law made us hand data over (DD-34). */
export function disclosureLetter(
	mail: Extract<Mail, { kind: 'disclosure' }>,
	{ studioName, appOrigin }: { studioName: string; appOrigin: string },
): Letter {
	return {
		subject: `Data of yours was handed over: ${studioName}`,
		heading: 'Data of yours was handed over',
		parts: [
			{
				kind: 'words',
				words: `On ${momentOf(mail.atMs)} we gave data of ${typed(mail.accountName)} to ${typed(mail.authority)}, because the law required it: ${mail.what.join(', ')}.`,
			},
			...labelled('The reason in our record', mail.reason),
			{ kind: 'action', label: 'See the record', url: `${appOrigin}/practice/audit` },
		],
	};
}

function labelled(label: string, words: string) {
	const [first, ...others] = paragraphs(words);
	if (first?.kind !== 'words') return [];
	return [{ kind: 'words' as const, words: `${label}: ${first.words}` }, ...others];
}

/** "21 November 2026, 12:00 UTC": the reader's zone is not known here. */
function momentOf(atMs: number): string {
	const at = new Date(atMs);
	const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
	return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}
