import type { AssetClass, AssetKind } from '../../../studios/studio';

export const COMPOSITION_KINDS = ['reel', 'still_pair', 'poster'] as const;
export type CompositionKind = (typeof COMPOSITION_KINDS)[number];

/** What each becomes in the list of what was made, and the one type that it has. */
export const KINDS: Readonly<Record<CompositionKind, { asset: AssetKind; contentType: string }>> = {
	reel: { asset: 'reel', contentType: 'video/mp4' },
	still_pair: { asset: 'pair', contentType: 'image/jpeg' },
	poster: { asset: 'still', contentType: 'image/jpeg' },
};

/** How an order is called that nobody made: two photographs of one patient, put side by side. */
export const PAIR_TOOL = 'pair';

/** Announced by an account and not come yet: each may bring 25 MB that nobody ever looks at. */
export const OPEN_COMPOSITIONS_MAX = 10;

/** Of one order at once: four formats, the poster and the pair of each a few times over. What is deleted does not count. */
export const KEPT_COMPOSITIONS_MAX = 24;

/** What a composition may name as its inputs. */
export const INPUTS_MAX = 10;

interface Input {
	readonly assetClass: AssetClass;
	readonly madeOf: readonly AssetClass[] | null;
}

/**
 * The classes of what a composition shows: of what was named, and of whatever the order's own tool makes, named or not. Its
 * reader says which pictures are in it and cannot be believed about that, and an AI picture that is left unnamed would
 * lose its label. Null, the strictest, where one of the inputs is of inputs that nobody noted.
 */
export function classesOf(named: readonly Input[], ofTool: readonly AssetClass[]): AssetClass[] | null {
	const classes = new Set<AssetClass>(ofTool);
	for (const { assetClass, madeOf } of named) {
		if (assetClass !== 'composition') classes.add(assetClass);
		else if (madeOf === null) return null;
		else for (const each of madeOf) classes.add(each);
	}
	return [...classes].toSorted();
}
