import { env } from 'cloudflare:workers';

/**
 * Parameters of a property test: a fresh seed, printed, so that a failure can be replayed with PROPERTY_SEED=…;
 * PROPERTY_RUNS=… runs longer. It stops at the first failure: shrinking what races would mislead.
 */
export function propertyParameters(name: string, runs: number) {
	const [fresh = 0] = crypto.getRandomValues(new Int32Array(1));
	const seed = env.PROPERTY_SEED === '' ? fresh : Number(env.PROPERTY_SEED);
	const numRuns = env.PROPERTY_RUNS === '' ? runs : Number(env.PROPERTY_RUNS);
	console.log(`${name}: seed ${seed}, ${numRuns} runs`);
	return { seed, numRuns, endOnFailure: true };
}
