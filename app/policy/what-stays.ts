import type { Studio } from '../../studios/studio';

export interface Stays {
	readonly what: string;
	readonly how: string;
}

function accountOf({ tenancy: { kind, word, hasApiKeys } }: Pick<Studio, 'tenancy'>): readonly Stays[] {
	const keys = hasApiKeys ? ', and its API keys by name, without the keys themselves' : '';
	return [
		{
			what: 'Your account',
			how: 'Your name and e-mail address, how you sign in, what you stated about yourself, and what was granted and charged. A password is stored so that nobody can read it; of Google, Apple or GitHub only their number for you. Kept: an account cannot be erased yet.',
		},
		...(kind === 'personal'
			? []
			: [
					{
						what: `Your ${word}`,
						how: `Its name, and phone, website, address and logo until you remove them. Who belongs to it${keys}. An invited address leaves a month after the invitation has ended.`,
					},
				]),
		{
			what: 'What you bought',
			how: 'What, when, for how much, and what was given back; of a card its brand and last four digits. The number, the billing address and the tax number are at Stripe. It stays with the account.',
		},
		{
			what: 'Your sign-ins',
			how: 'Which browser it was, until you sign out, and for 14 days at most. Where from is not kept.',
		},
		{
			what: 'Who changed what',
			how: `Changes to how you sign in and to the ${word}: who, when, from which browser, country and part of the network, for 24 months. The whole network address is not kept.`,
		},
		{ what: 'Mail to you', how: 'Sealed until it is sent, then emptied. That it was sent is gone 30 days later.' },
	];
}

const SMILES: readonly Stays[] = [
	{ what: 'Videos and after pictures', how: 'Until you delete them.' },
	{
		what: 'Patient references',
		how: 'As you typed them. They stay with the account, so use a number and not a name.',
	},
	{
		what: 'Signed consents',
		how: 'With the name of whoever signed. They stay when the photo is gone, because they prove that it was allowed.',
	},
	{
		what: 'What was ordered',
		how: 'When, which shades, what it cost, how it ended. It stays with the account, without the pictures.',
	},
];

const PICTURES: readonly Stays[] = [
	{ what: 'Pictures', how: 'Until you delete them.' },
	{
		what: 'Your words',
		how: 'They stay with the account, also after the picture is deleted. OpenAI gets them too and keeps them by its own rules; we cannot delete them there.',
	},
	{ what: 'What was ordered', how: 'When, what it cost, how it ended. It stays with the account.' },
];

const RECEIPTS: Stays = {
	what: 'Deletion receipts',
	how: 'For good. They name random numbers and no person, and each holds the one before.',
};

/** What is kept besides photos, and until when: docs/storage.md in the words of the policy page. */
export function whatStays(studio: Pick<Studio, 'slug' | 'tenancy'>): readonly Stays[] {
	const account = accountOf(studio);
	if (studio.slug === 'dental') return [...SMILES, RECEIPTS, ...account];
	if (studio.slug === 'image') return [...PICTURES, RECEIPTS, ...account];
	return account;
}

/** D1's Time Travel: what a removed row can be brought back from. */
export const HISTORY_DAYS = 30;
