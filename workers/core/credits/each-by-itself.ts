/** Does all, one after another: one that fails keeps none of the others from being done. The first failure is thrown at the end. */
export async function eachByItself<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
	const failures: unknown[] = [];
	for (const one of all) await act(one).catch((error: unknown) => failures.push(error));
	if (failures.length > 0) throw failures[0];
}
