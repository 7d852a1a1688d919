import type { SignInWay, Studio } from '../../studios/studio';

export interface Touches {
	readonly name: string;
	readonly purpose: string;
}

const PROVIDERS: Readonly<Partial<Record<SignInWay, string>>> = { google: 'Google', apple: 'Apple', github: 'GitHub' };

/** Everybody outside who gets something of a person: those who work on what is made, and those whom signing in takes. */
export function whoTouches({ processors, signIn }: Pick<Studio, 'processors' | 'signIn'>): readonly Touches[] {
	const providers = signIn.flatMap((way) => PROVIDERS[way] ?? []);
	return [
		...processors.map(({ name, purpose }) => ({ name, purpose })),
		{ name: 'Resend', purpose: 'Delivers our mail: it gets the address and what the mail says' },
		...(providers.length === 0
			? []
			: [
					{
						name: providers.join(', '),
						purpose: 'Only if you sign in with it: it learns that you came here, and tells us who you are there',
					},
				]),
		{
			name: 'Have I Been Pwned',
			purpose:
				'Knows passwords that were stolen. It gets five characters of a fingerprint of a new one, never the password',
		},
		{
			name: 'Cloudflare Turnstile',
			purpose: 'Looks at the browser when a sign-up looks odd, and at no other time',
		},
	];
}
