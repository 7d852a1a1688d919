/** A Worker holds six connections open at a time; more of them only wait. */
const AT_ONCE = 6;

/** What `act` answers for each, in their order, a few at once. */
export async function eachAtOnce<One, Answer>(
	all: readonly One[],
	act: (one: One) => Promise<Answer>,
): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (let first = 0; first < all.length; first += AT_ONCE) {
		answers.push(...(await Promise.all(all.slice(first, first + AT_ONCE).map(act))));
	}
	return answers;
}
