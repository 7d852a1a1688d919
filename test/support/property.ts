import { env } from 'cloudflare:workers';

import { parametersOf } from './property-parameters';

/** As `parametersOf`, asked through the bindings of the pool. */
export function propertyParameters(name: string, runs: number, oneIn?: number) {
	return parametersOf(name, runs, { seed: env.PROPERTY_SEED, runs: env.PROPERTY_RUNS }, oneIn);
}
