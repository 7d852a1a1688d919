import { counted, typed, type Letter } from './letter';
import type { Mail } from './mail';

type CodeMail = Extract<Mail, { code: string }>;

const SECRET = 'Tell the code to nobody. We never ask for it.';
const TYPED_BY_SOMEBODY = `You did not ask for it? Then somebody typed your address, and without the code it leads nowhere. ${SECRET}`;
const SIGNED_IN_BY_SOMEBODY = `It was not you? Then somebody else is signed in to your account: sign in, choose a new password, and end the sessions that you do not know. ${SECRET}`;

/** The mails that carry a code. None has a link, so that nobody learns to follow one to a page that asks for codes. */
export function codeLetter(mail: CodeMail, studioName: string): Letter {
	const { heading, lead, aside } = wordsOf(mail, studioName);
	return {
		subject: `${heading}: ${studioName}`,
		heading,
		parts: [
			{ kind: 'words', words: lead },
			{ kind: 'code', code: mail.code },
			{ kind: 'words', words: `It works once, for ${counted(mail.minutes, 'minute')}.` },
			{ kind: 'aside', words: aside },
		],
	};
}

function wordsOf(mail: CodeMail, studioName: string): { heading: string; lead: string; aside: string } {
	switch (mail.kind) {
		case 'sign_up_code':
			return {
				heading: 'Your code to sign up',
				lead: `Type this code on the page where you signed up to ${studioName}.`,
				aside: TYPED_BY_SOMEBODY,
			};
		case 'sign_in_code':
			return {
				heading: 'Your code to sign in',
				lead: 'Type this code on the page where you are signing in.',
				aside: TYPED_BY_SOMEBODY,
			};
		case 'reset_code':
			return {
				heading: 'Your code for a new password',
				lead: 'Type this code on the page where you choose a new password. Until then the old one works.',
				aside: TYPED_BY_SOMEBODY,
			};
		case 'proof_code':
			return {
				heading: 'Your code to go on',
				lead: 'You are about to change something important, so we ask once more that it is you. Type this code on that page.',
				aside: SIGNED_IN_BY_SOMEBODY,
			};
		case 'change_from_code':
			return {
				heading: 'Your code to change your address',
				lead: `Your account is to use ${typed(mail.newAddress)} in place of this address. Type this code, and the one sent there, on the page where you change it.`,
				aside: SIGNED_IN_BY_SOMEBODY,
			};
		case 'change_to_code':
			return {
				heading: 'Your code to use this address',
				lead: `An account at ${studioName} is to use this address. Type this code on the page where you change it.`,
				aside: TYPED_BY_SOMEBODY,
			};
		case 'address_code':
			return {
				heading: 'Your code to have mail again',
				lead: 'Mail to this address came back to us. Type this code in your settings, and mail goes to it again.',
				aside: TYPED_BY_SOMEBODY,
			};
	}
}
