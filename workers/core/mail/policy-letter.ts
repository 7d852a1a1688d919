import type { Letter } from './letter';
import type { Mail } from './mail';

/** What changes in the policy and from when, before it does (DD-43, DS-43). */
export function policyLetter(
	mail: Extract<Mail, { kind: 'policy_change' }>,
	{ studioName, appOrigin }: { studioName: string; appOrigin: string },
): Letter {
	const day = new Date(mail.holdsFromMs).toLocaleDateString('en-GB', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	});
	return {
		subject: `The privacy policy changes on ${day}: ${studioName}`,
		heading: `The privacy policy changes on ${day}`,
		parts: [
			...mail.changes.map((words) => ({ kind: 'words' as const, words })),
			{
				kind: 'words',
				words: `Until ${day} the policy stays as it is. From then on you are asked once whether you accept it; without that nothing new is made, and what you have stays yours to see, download and delete.`,
			},
			{ kind: 'action', label: 'Read the policy', url: `${appOrigin}/policy` },
			{ kind: 'aside', words: 'You do not agree? You can download everything and delete your account, under Privacy.' },
		],
	};
}
