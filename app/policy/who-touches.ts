import type { Studio } from '../../studios/studio';

export interface Touches {
	readonly name: string;
	readonly purpose: string;
}

/** Everybody outside who gets something of a person. */
export function whoTouches({ policy }: Pick<Studio, 'policy'>): readonly Touches[] {
	return policy.processors.map(({ name, purpose, what }) => ({ name, purpose: `${purpose}. ${what.slice(0, -1)}` }));
}
