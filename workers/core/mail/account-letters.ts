import { counted, typed, type Letter } from './letter';
import type { Mail } from './mail';

/** To somebody in whose name an account was asked for that they have: the page says the same to everybody, only they learn this. */
export function alreadySignedUpLetter(deps: { studioName: string; appOrigin: string }): Letter {
	return {
		subject: `You already have an account: ${deps.studioName}`,
		heading: 'You already have an account',
		parts: [
			{
				kind: 'words',
				words: `Somebody, maybe you, tried to sign up to ${deps.studioName} with this address. It has an account, so no other was made.`,
			},
			{ kind: 'action', label: 'Sign in', url: `${deps.appOrigin}/sign-in` },
			{
				kind: 'aside',
				words:
					'It was not you? Then there is nothing to do: nobody got in, and nobody was told that you have an account.',
			},
		],
	};
}

export function invitationLetter(mail: Extract<Mail, { kind: 'invitation' }>, studioName: string): Letter {
	const accountName = typed(mail.accountName);
	const inviterName = typed(mail.inviterName);
	return {
		subject: `${inviterName} invites you to ${accountName}`,
		heading: `Join ${accountName}`,
		parts: [
			{
				kind: 'words',
				words: `${inviterName} invites you to work in ${accountName} at ${studioName}. Your role there will be: ${mail.role}.`,
			},
			{ kind: 'action', label: 'See the invitation', url: mail.url },
			{ kind: 'words', words: `The invitation is open for ${counted(mail.days, 'day')}, for this address only.` },
			{
				kind: 'aside',
				words: 'You do not know who this is? Then leave it: without you nothing happens, and it ends by itself.',
			},
		],
	};
}
