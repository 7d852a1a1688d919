import { counted, typed, type Letter } from './letter';
import type { Mail } from './mail';

/** That credits which were bought end soon: how many, which, when, and where they can be seen. */
export function creditsEndingLetter(
	mail: Extract<Mail, { kind: 'credits_ending' }>,
	{ studioName, appOrigin }: { studioName: string; appOrigin: string },
): Letter {
	const credits = counted(mail.credits, 'credit');
	const day = dayOf(mail.endsAtMs);
	const accountName = typed(mail.accountName);
	const verb = mail.credits === 1 ? 'ends' : 'end';
	return {
		subject: `${credits} ${verb} on ${day}: ${studioName}`,
		heading: `${credits} ${verb} on ${day}`,
		parts: [
			{
				kind: 'words',
				words: `${accountName} bought a pack of credits at ${studioName} on ${dayOf(mail.boughtAtMs)}, and ${credits} of it ${mail.credits === 1 ? 'is' : 'are'} left. What is still left on ${day}, ${timeOf(mail.endsAtMs)} UTC, ends then.`,
			},
			{ kind: 'action', label: 'See the credits', url: `${appOrigin}/credits` },
			{
				kind: 'aside',
				words: `This is said once for each pack, to who owns ${accountName} and to who looks after its billing.`,
			},
		],
	};
}

/** "5 December 2026": the reader's zone is not known here. */
function dayOf(atMs: number): string {
	return new Date(atMs).toLocaleDateString('en-GB', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	});
}

function timeOf(atMs: number): string {
	return new Date(atMs).toISOString().slice(11, 16);
}
