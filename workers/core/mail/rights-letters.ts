import { RIGHTS_WORDS } from '../../../studios/rights';
import { counted, type Letter } from './letter';
import type { Mail } from './mail';
import { paragraphs } from './support-letters';

interface Named {
	studioName: string;
	appOrigin: string;
}

const KEEP_LINK = {
	kind: 'aside',
	words: 'Whoever has this link can read the request. Pass it on to nobody.',
} as const;

/** That a copy lies ready. The link is that of the page, which asks who it is: a mail is no place for everything about somebody. */
export function exportReadyLetter(
	mail: Extract<Mail, { kind: 'export_ready' }>,
	{ studioName, appOrigin }: Named,
): Letter {
	return {
		subject: `Your copy is ready: ${studioName}`,
		heading: 'Your copy is ready',
		parts: [
			{
				kind: 'words',
				words: `Everything ${studioName} holds about you, in one ZIP file. It is there until ${utc(mail.deleteAtMs)}, then it is deleted.`,
			},
			{ kind: 'action', label: 'Download it', url: `${appOrigin}/privacy` },
			{
				kind: 'aside',
				words: 'You did not ask for it? Then somebody is signed in as you. Set a new password and sign out everywhere.',
			},
		],
	};
}

/** Whether the address is theirs who asked. What was typed stands nowhere in it: anybody can type anybody's address. */
export function rightsLinkLetter(mail: Extract<Mail, { kind: 'rights_link' }>, { studioName }: Named): Letter {
	return {
		subject: `Confirm your request: ${studioName}`,
		heading: 'Confirm your request',
		parts: [
			{
				kind: 'words',
				words: `Somebody, maybe you, sent us a request ${RIGHTS_WORDS[mail.right].about}, and gave this address.`,
			},
			{ kind: 'action', label: 'Yes, this was me', url: mail.url },
			{
				kind: 'words',
				words: `We look at it once you have said so. Without that it is deleted after ${counted(mail.days, 'day')}.`,
			},
			{
				kind: 'aside',
				words: 'It was not you? Then there is nothing to do: nothing is looked up, and the request ends by itself.',
			},
		],
	};
}

/** What became of a request: taken on, taking longer, answered or refused. */
export function rightsNewsLetter(mail: Extract<Mail, { kind: 'rights_news' }>, { studioName }: Named): Letter {
	const { news } = mail;
	const about = RIGHTS_WORDS[mail.right].about;
	const see = { kind: 'action', label: 'See your request', url: mail.url } as const;
	switch (news.what) {
		case 'opened':
			return {
				subject: `We have your request: ${studioName}`,
				heading: 'We have your request',
				parts: [
					{
						kind: 'words',
						words: `A person at ${studioName} looks at your request ${about}. You have an answer by ${utcDay(news.dueAtMs)}.`,
					},
					see,
					KEEP_LINK,
				],
			};
		case 'extended':
			return {
				subject: `Your request takes longer: ${studioName}`,
				heading: 'Your request takes longer',
				parts: [
					{
						kind: 'words',
						words: `Your request ${about} is answered by ${utcDay(news.dueAtMs)}, later than we said. The reason:`,
					},
					...paragraphs(news.reason),
					see,
					{ kind: 'aside', words: 'You may complain to the data protection authority where you live.' },
				],
			};
		case 'answered':
		case 'refused':
			return {
				subject: `${news.what === 'answered' ? 'An answer to your request' : 'Your request was refused'}: ${studioName}`,
				heading: news.what === 'answered' ? 'An answer to your request' : 'Your request was refused',
				parts: [
					...paragraphs(news.words),
					see,
					...(news.what === 'answered'
						? [KEEP_LINK]
						: [
								{
									kind: 'words' as const,
									words: 'You may complain to the data protection authority where you live, and go to court.',
								},
							]),
				],
			};
	}
}

/** To us: a week is left. */
export function rightsDueLetter(mail: Extract<Mail, { kind: 'rights_due' }>, { studioName }: Named): Letter {
	return {
		subject: `Due ${utcDay(mail.dueAtMs)}: a request about rights (${studioName})`,
		heading: 'A request is due within a week',
		parts: [
			{
				kind: 'words',
				words: `${mail.requestId}, ${RIGHTS_WORDS[mail.right].about}, has to be answered by ${utc(mail.dueAtMs)}.`,
			},
			{ kind: 'words', words: `npm run ops -- rights show ${mail.requestId}` },
		],
	};
}

/** "28 November 2026": mails are read in any zone, and a deadline is the law's day. */
function utcDay(ms: number): string {
	return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
		ms,
	);
}

function utc(ms: number): string {
	return `${utcDay(ms)}, ${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
