const SENTENCES: Readonly<Record<string, string>> = {
	cancelled: 'You turned back there. Nothing was shared.',
	linked_elsewhere: 'It is linked to somebody else’s account here. Unlink it there first.',
	linked_another: 'Another account of the same service is linked already. Unlink that one first.',
	another_person: 'Somebody else is signed in here by now. Sign in again, then link it.',
	address_unverified: 'The address there is not confirmed. Confirm it with them first.',
	too_many_requests: 'Too many tries came from this network. Wait a quarter of an hour, then try again.',
	expired: 'It took longer than ten minutes. Begin it again.',
	provider_unavailable: 'The other service cannot be reached just now. Try it again in a minute.',
};

/** Why a service was not linked, by the word that the api leads back with. */
export function linkRefusal(word: string): string {
	const known = Object.hasOwn(SENTENCES, word) ? SENTENCES[word] : undefined;
	return known ?? 'The other service did not say who you are. Nothing was changed. Try it again.';
}
