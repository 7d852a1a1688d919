import { counted, type Letter } from './letter';
import type { Mail } from './mail';

/** What was asked for and how to see how far it is; or that it is done, with the link to its receipt. */
export function erasureLetter(
	mail: Extract<Mail, { kind: 'erasure' }>,
	{ studioName }: { studioName: string },
): Letter {
	const action = { kind: 'action' as const, url: mail.url };
	if (mail.stage === 'asked') {
		return {
			subject: `Your account is being deleted: ${studioName}`,
			heading: 'Your account is being deleted',
			parts: [
				{
					kind: 'words',
					words: `Your account at ${studioName} was deleted, and every session of it has ended. What it holds is erased within ${counted(mail.hours, 'hour')}.`,
				},
				{ ...action, label: 'See how far it is' },
				{
					kind: 'words',
					words: 'The link needs no sign-in. When all of it is gone you get one more mail, and then none.',
				},
				{
					kind: 'aside',
					words: 'It was not you? Answer this mail at once. What is erased already cannot be brought back.',
				},
			],
		};
	}
	return {
		subject: `Your account is erased: ${studioName}`,
		heading: 'Your account is erased',
		parts: [
			{
				kind: 'words',
				words: `Everything that your account at ${studioName} held was deleted, and each place was looked at again. The receipt says what is kept, why and until when.`,
			},
			{ ...action, label: 'See the receipt' },
			{ kind: 'aside', words: 'Keep the receipt if you want a proof. This is the last mail to this address.' },
		],
	};
}

/**
 * What happened to the work of somebody whose account was deleted by its owner. Without the account's name, which may be a person's, and
 * without who did it.
 */
export function accountErasedLetter(
	mail: Extract<Mail, { kind: 'account_erased' }>,
	{ studioName, tenant, appOrigin }: { studioName: string; tenant: string; appOrigin: string },
): Letter {
	return {
		subject: `A ${tenant} you belonged to was deleted: ${studioName}`,
		heading: `A ${tenant} you belonged to was deleted`,
		parts: [
			{
				kind: 'words',
				words: `A ${tenant} that you belonged to at ${studioName} was deleted at its owner’s word, with its data: photos, pictures, videos, orders and consents. Nobody can reach them any more, you included, and what was stored is erased within ${counted(mail.hours, 'hour')}. It cannot be brought back.`,
			},
			{ kind: 'words', words: 'Your own sign-in stays, and so does everything else that you belong to.' },
			{ kind: 'action', label: 'See what you belong to', url: `${appOrigin}/sign-in` },
			{ kind: 'aside', words: 'For questions, ask whoever owned it, or answer this mail.' },
		],
	};
}
