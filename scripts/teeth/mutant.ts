/** One place of the sources, named by its exact text, and what stands there instead. */
export interface Edit {
	/** From the repository's root. */
	readonly file: string;
	readonly find: string;
	readonly replace: string;
}

/** A guard that is taken away, and the tests that have to notice. */
export interface Mutant {
	readonly name: string;
	readonly edits: readonly Edit[];
	/** Test files, from the repository's root: the fewest that are enough. */
	readonly tests: readonly string[];
}

/**
 * The text with the edit made. Throws a sentence unless the place is there exactly once: a mutant that no longer fits its source
 * would break nothing, and then prove nothing.
 */
export function applyEdit(text: string, { file, find, replace }: Edit): string {
	const places = text.split(find).length - 1;
	if (places !== 1) throw new Error(`${file} has this ${places} times instead of once: ${find}`);
	// As a function: a dollar sign in the text is a dollar sign.
	return text.replace(find, () => replace);
}
