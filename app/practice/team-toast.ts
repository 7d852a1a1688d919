/** What a page before the team's has done, by the word in the team's address. */
export function teamToast(done: string | null, word: string): string | undefined {
	switch (done ?? '') {
		case 'joined':
			return `Welcome. You belong to this ${word} now.`;
		case 'role':
			return 'Role changed. It counts from their next click.';
		case 'removed':
			return `Removed from the ${word}. We mailed them.`;
		case 'owner':
			return `Handed over. You are a clinician in this ${word} now.`;
		default:
			return undefined;
	}
}
