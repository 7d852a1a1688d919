import { lintClaims } from './lint-claims';
import { lintPlaces } from './lint-places';
import { lintTexts } from './lint-texts';
import type { PolicyWorld } from './world';

/** Everything that makes the policy untrue before it is published, each as a sentence with what to do; empty when all is well. */
export function lintPolicy(world: PolicyWorld): string[] {
	return [...lintTexts(world), ...lintPlaces(world), ...lintClaims(world)];
}
