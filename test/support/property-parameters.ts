/**
 * Parameters of a property test: a fresh seed, printed, so that a failure can be replayed with PROPERTY_SEED=…;
 * PROPERTY_RUNS=… runs longer. It stops at the first failure: shrinking what races would mislead.
 */
export function parametersOf(name: string, runs: number, asked: { seed: string; runs: string }) {
	const [fresh = 0] = crypto.getRandomValues(new Int32Array(1));
	const seed = asked.seed === '' ? fresh : Number(asked.seed);
	const numRuns = asked.runs === '' ? runs : Number(asked.runs);
	console.log(`${name}: seed ${seed}, ${numRuns} runs`);
	return { seed, numRuns, endOnFailure: true };
}
