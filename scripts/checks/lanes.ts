/** Does all of `work`, begun in its order, at most `lanes` at a time; answers in the same order. */
export async function inLanes<Done>(lanes: number, work: readonly (() => Promise<Done>)[]): Promise<Done[]> {
	const done: Done[] = [];
	const waiting = [...work.entries()];
	const lane = async () => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			const [at, begin] = next;
			done[at] = await begin();
		}
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	return done;
}
