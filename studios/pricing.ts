import type { Studio } from './studio';

/** Credits bought once; they end `packMonths` after they were paid for. */
export interface Pack {
	/** `pack.100` */
	readonly id: string;
	readonly credits: number;
	/** Without tax. */
	readonly cents: number;
	/** Raised with every change of credits or cents: a price at Stripe never changes. */
	readonly version: number;
}

/** Credits that come each month and end with it. */
export interface Plan extends Pack {
	/** "Starter" */
	readonly name: string;
}

export interface Pricing {
	readonly currency: 'usd';
	readonly packMonths: number;
	readonly packs: readonly Pack[];
	/** From the smallest to the largest. */
	readonly plans: readonly Plan[];
	/** What earlier versions sold: nobody buys them, and subscriptions to them go on bringing what was promised. */
	readonly retired: readonly (Pack | Plan)[];
	/** Below it the pages say that credits run low. */
	readonly lowBalanceCredits: number;
}

/** Something to buy, or that was bought. */
export interface PricedItem extends Pack {
	readonly kind: 'pack' | 'plan';
	/** "100 credits", "Starter plan" */
	readonly title: string;
}

/** What can be bought now, packs first. */
export function itemsOf({ pricing }: Pick<Studio, 'pricing'>): readonly PricedItem[] {
	return [...pricing.packs, ...pricing.plans].map(toItem);
}

/** What can be bought now under this id. */
export function itemOf(studio: Pick<Studio, 'pricing'>, id: string): PricedItem | null {
	return itemsOf(studio).find((item) => item.id === id) ?? null;
}

/** What the keys of all our prices at Stripe begin with: other things may be sold through the same account. */
const KEY_PREFIX = 'afterglow.';

/** Stripe's lookup key of a price: `afterglow.dental.pack.100.v1`. */
export function priceKeyOf({ slug }: Pick<Studio, 'slug'>, { id, version }: Pick<Pack, 'id' | 'version'>): string {
	return `${KEY_PREFIX}${slug}.${id}.v${version}`;
}

/** Whether a price of Stripe's is one of Afterglow's, of whichever studio. */
export function isPriceKey(priceKey: string): boolean {
	return priceKey.startsWith(KEY_PREFIX);
}

/** Whether a price of Stripe's is one of this studio's, in whichever version, also one that the table has forgotten. */
export function isPriceKeyOf({ slug }: Pick<Studio, 'slug'>, priceKey: string): boolean {
	return priceKey.startsWith(`${KEY_PREFIX}${slug}.`);
}

/** What a price of Stripe's stands for, in whichever version it was sold; null for what is not this studio's. */
export function itemOfPriceKey(studio: Pick<Studio, 'slug' | 'pricing'>, priceKey: string): PricedItem | null {
	const all = [...itemsOf(studio), ...studio.pricing.retired.map(toItem)];
	return all.find((item) => priceKeyOf(studio, item) === priceKey) ?? null;
}

/** What an id is called, also of an item that is not sold any more; the id where even its name is forgotten. */
export function titleOfItem(studio: Pick<Studio, 'pricing'>, id: string): string {
	const known = [...itemsOf(studio), ...studio.pricing.retired.map(toItem)].find((item) => item.id === id);
	return known?.title ?? id;
}

/** What credits buy, in the studio's own words: "4 smiles"; null in a studio that makes nothing yet, and for too few. */
export function whatCreditsBuy({ tools, work }: Pick<Studio, 'tools' | 'work'>, credits: number): string | null {
	const [tool] = tools;
	const count = tool === undefined ? 0 : Math.floor(credits / tool.credits);
	if (count === 0) return null;
	return `${count} ${count === 1 ? work.one : work.many}`;
}

function toItem(item: Pack | Plan): PricedItem {
	const { id, credits, cents, version } = item;
	const isPlan = 'name' in item;
	return {
		id,
		credits,
		cents,
		version,
		kind: isPlan ? 'plan' : 'pack',
		title: isPlan ? `${item.name} plan` : `${credits} credits`,
	};
}
