import type { Studio } from '../../studios/studio';

export interface Stays {
	readonly what: string;
	readonly how: string;
}

const ACCOUNT: readonly Stays[] = [
	{
		what: 'Your account',
		how: 'Your name and e-mail address, a password that is stored so that nobody can read it, and what was granted and charged. Kept: an account cannot be erased yet.',
	},
	{
		what: 'Your sign-ins',
		how: 'Which browser it was, until you sign out, and for 14 days at most. Where from is not kept.',
	},
];

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
export function whatStays({ slug }: Pick<Studio, 'slug'>): readonly Stays[] {
	if (slug === 'dental') return [...SMILES, RECEIPTS, ...ACCOUNT];
	if (slug === 'image') return [...PICTURES, RECEIPTS, ...ACCOUNT];
	return ACCOUNT;
}

/** D1's Time Travel: what a removed row can be brought back from. */
export const HISTORY_DAYS = 30;
