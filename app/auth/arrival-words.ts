export interface ArrivalWords {
	readonly title: string;
	readonly sentence: string;
}

/** Why a way in through somebody else ended without a session, by the word that the api leads back with. */
const REFUSALS: Readonly<Record<string, ArrivalWords>> = {
	cancelled: {
		title: 'You turned back',
		sentence: 'Nothing was shared and nobody was signed in. Choose another way, or try it again.',
	},
	address_taken: {
		title: 'This address has an account already',
		sentence: 'Sign in the way you did before. You can link the other one in the settings, under Security.',
	},
	address_unverified: {
		title: 'The address is not confirmed there',
		sentence: 'Confirm it with them first, or sign in with a code that we mail to it.',
	},
	expired: {
		title: 'That took too long',
		sentence: 'A sign-in through another service has ten minutes. Begin it again.',
	},
	provider_refused: {
		title: 'They did not say who you are',
		sentence: 'The other service refused, and nobody was signed in. Try it again, or choose another way.',
	},
	too_many_requests: {
		title: 'Too many tries',
		sentence: 'Too many sign-ins came from this network. Wait a quarter of an hour, then try again.',
	},
	disposable_address: {
		title: 'This address is a throwaway one',
		sentence: 'An account needs an address that stays. Sign up with another one.',
	},
	provider_unavailable: {
		title: 'They do not answer',
		sentence: 'The other service cannot be reached just now. Try it again in a minute, or choose another way.',
	},
};

const UNKNOWN: ArrivalWords = {
	title: 'The sign-in did not work',
	sentence: 'Nobody was signed in. Try it again, or choose another way.',
};

const DONE: Readonly<Record<string, ArrivalWords>> = {
	reset: {
		title: 'The password is changed',
		sentence: 'Every session was ended, on all devices. Sign in with the new one.',
	},
	ended: { title: 'Signed out everywhere', sentence: 'Every session was ended, on all devices, this one too.' },
	taken: {
		title: 'This address has an account already',
		sentence: 'Sign in with it. A forgotten password can be set anew.',
	},
};

/** What `?error=` of a provider or `?done=` of a form has to say on arrival; null: nothing. */
export function arrivalWords(search: URLSearchParams): (ArrivalWords & { readonly isRefusal: boolean }) | null {
	const error = search.get('error');
	if (error !== null) return { ...(wordsOf(REFUSALS, error) ?? UNKNOWN), isRefusal: true };
	const done = wordsOf(DONE, search.get('done') ?? '');
	return done === undefined ? null : { ...done, isRefusal: false };
}

/** Only a table's own words: an address may name what every object has. */
function wordsOf(table: Readonly<Record<string, ArrivalWords>>, word: string): ArrivalWords | undefined {
	return Object.hasOwn(table, word) ? table[word] : undefined;
}
