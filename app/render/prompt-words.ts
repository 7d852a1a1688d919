/** The words of a picture's order; "Erased" of one that was erased. */
export function promptWords(input: Readonly<Record<string, unknown>>): string {
	const { prompt, erased } = input;
	if (erased === true) return 'Erased';
	return typeof prompt === 'string' ? prompt : '';
}
