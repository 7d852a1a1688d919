import { itemsOf, type PricedItem } from '../../studios/pricing';
import type { Studio } from '../../studios/studio';

/** What can be bought. Nothing where nothing can be made yet: credits would buy nothing there. */
export function offersOf(studio: Studio): {
	readonly packs: readonly PricedItem[];
	readonly plans: readonly PricedItem[];
} {
	const items = studio.tools.length === 0 ? [] : itemsOf(studio);
	return { packs: items.filter(({ kind }) => kind === 'pack'), plans: items.filter(({ kind }) => kind === 'plan') };
}

/** What one order costs, in credits; null while nothing can be made. A studio's pages are about its first tool. */
export function priceOfOne({ tools }: Pick<Studio, 'tools'>): number | null {
	return tools.at(0)?.credits ?? null;
}

/** What one piece of work comes to when credits are bought this way, in cents, rounded; null while nothing can be made. */
export function centsForOne(studio: Pick<Studio, 'tools'>, { cents, credits }: PricedItem): number | null {
	const price = priceOfOne(studio);
	return price === null ? null : Math.round((cents * price) / credits);
}

/** "a smile video": the first tool within a sentence; the studio's word for its work where there is none yet. */
export function toolWords({ tools, work }: Pick<Studio, 'tools' | 'work'>): string {
	const title = tools.at(0)?.title ?? work.one;
	return `a ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
