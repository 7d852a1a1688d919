import type { PolicyProcessor } from './policy';

/** What every studio's contract with a processor has to rest on, and that nobody has vouched for yet. */
const UNATTESTED = { transfer: 'scc', contractAttestedUntil: null } as const;

const SIGN_IN = {
	...UNATTESTED,
	gets: ['account'],
	location: 'United States',
	role: 'controller',
	what: 'Only if you sign in with it: that you came here. It tells us its number for you, and your name and address there.',
	deletion:
		'What it knows of you it knows as your provider, by its own policy. Taking the way away here ends what we ask it.',
} as const;

export const CLOUDFLARE: PolicyProcessor = {
	...UNATTESTED,
	id: 'cloudflare',
	name: 'Cloudflare',
	purpose: 'Runs the service and keeps its database and files',
	gets: [
		'source',
		'output',
		'render',
		'subject',
		'consent',
		'account',
		'session',
		'invitation',
		'billing',
		'audit',
		'mail',
		'suppression',
		'limits',
		'notice',
		'support',
		'request',
		'export',
		'choice',
		'conversion',
		'incident',
		'staff_access',
		'receipt',
		'policy_version',
		'operations',
	],
	what: 'Everything that we keep, and every request on its way.',
	location: 'United States; requests are answered at the nearest edge',
	hosts: [],
	role: 'processor',
	deletion:
		'Files are gone when we delete them. A removed row of the database can be brought back for 30 days; what is sealed in it stays unreadable, because its key is gone.',
};

export const FAL: PolicyProcessor = {
	...UNATTESTED,
	id: 'fal',
	name: 'fal.ai',
	purpose: 'Draws the after picture and the video',
	gets: ['source', 'output', 'render'],
	what: 'The photo, through a signed link that ends after minutes, and the settings of the order. No name and no reference.',
	location: 'United States',
	hosts: [
		'queue.fal.run',
		'rest.fal.ai',
		'rest.alpha.fal.ai',
		'api.fal.ai',
		// Whence an output is fetched.
		'v3.fal.media',
		'v3b.fal.media',
	],
	role: 'processor',
	deletion: 'It is told to store nothing, asked to delete what it made, and looked at again until that is gone.',
};

export const OPENAI: PolicyProcessor = {
	...UNATTESTED,
	id: 'openai',
	name: 'OpenAI',
	purpose: 'Makes the pictures',
	gets: ['render', 'output'],
	what: 'The words that you wrote for a picture. No name and no address.',
	location: 'United States',
	hosts: ['api.openai.com'],
	role: 'processor',
	deletion: 'It keeps what it was asked for 30 days at most, to find abuse, and we cannot delete it there earlier.',
};

export const STRIPE: PolicyProcessor = {
	...UNATTESTED,
	id: 'stripe',
	name: 'Stripe',
	purpose: 'Takes payments, and keeps cards, billing addresses and tax numbers',
	gets: ['billing'],
	what: 'What you type at its till, your address for mail, and what you bought.',
	location: 'United States',
	hosts: ['api.stripe.com'],
	role: 'processor',
	deletion: 'Its record of you is deleted with the account. What the law has it keep of payments, it keeps.',
};

export const RESEND: PolicyProcessor = {
	...UNATTESTED,
	id: 'resend',
	name: 'Resend',
	purpose: 'Delivers our mail',
	gets: ['mail'],
	what: 'Your address for mail, and what the mail says.',
	location: 'United States',
	hosts: ['api.resend.com'],
	role: 'processor',
	deletion: 'It removes what it delivered by its own schedule; we cannot delete it there earlier.',
};

export const TURNSTILE: PolicyProcessor = {
	...UNATTESTED,
	id: 'turnstile',
	name: 'Cloudflare Turnstile',
	purpose: 'Tells people from programs',
	gets: ['limits'],
	what: 'What it sees of the browser when a sign-up looks odd, and at no other time.',
	location: 'United States; answered at the nearest edge',
	hosts: ['challenges.cloudflare.com'],
	role: 'processor',
	deletion: 'We keep nothing of it, and it knows no account of ours.',
};

export const BREACHED_PASSWORDS: PolicyProcessor = {
	...UNATTESTED,
	id: 'breached_passwords',
	name: 'Have I Been Pwned',
	purpose: 'Knows passwords that were stolen',
	gets: ['account'],
	what: 'Five characters of a fingerprint of a new password. Never the password, never who it is.',
	location: 'United States; answered at the nearest edge',
	transfer: 'none',
	hosts: ['api.pwnedpasswords.com'],
	role: 'controller',
	deletion: 'There is nothing of a person to delete.',
};

export const GOOGLE: PolicyProcessor = {
	...SIGN_IN,
	id: 'google',
	name: 'Google',
	purpose: 'Signs you in',
	hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com'],
};

export const APPLE: PolicyProcessor = {
	...SIGN_IN,
	id: 'apple',
	name: 'Apple',
	purpose: 'Signs you in',
	hosts: ['appleid.apple.com'],
};

export const GITHUB: PolicyProcessor = {
	...SIGN_IN,
	id: 'github',
	name: 'GitHub',
	purpose: 'Signs you in',
	hosts: ['github.com', 'api.github.com'],
};

/** Whom every studio needs to run at all. */
export const EVERYWHERE: readonly PolicyProcessor[] = [
	CLOUDFLARE,
	STRIPE,
	RESEND,
	TURNSTILE,
	BREACHED_PASSWORDS,
	GOOGLE,
	APPLE,
	GITHUB,
];
