/**
 * Parameters of a property test: a fresh seed, printed, so that a failure can be replayed with PROPERTY_SEED=…;
 * PROPERTY_RUNS=… runs longer, of which a property whose runs take long takes one in so many. It stops at the first failure:
 * shrinking what races would mislead.
 */
export function parametersOf(name: string, runs: number, asked: { seed: string; runs: string }, oneIn = 1) {
	const [fresh = 0] = crypto.getRandomValues(new Int32Array(1));
	const seed = asked.seed === '' ? fresh : Number(asked.seed);
	const numRuns = asked.runs === '' ? runs : Math.ceil(Number(asked.runs) / oneIn);
	console.log(`${name}: seed ${seed}, ${numRuns} runs`);
	return { seed, numRuns, endOnFailure: true };
}
