import type Stripe from 'stripe';

import type { StripeGateway } from '../../billing/stripe-gateway';
import { AppError } from '../../errors';
import { asking, StripeRefusal } from './asking';
import { collect } from './collect';
import { preparePortal } from './portal-configuration';

type Item = Parameters<StripeGateway['prepare']>[0]['items'][number];

/** Stripe takes ten at once. */
const LOOKUP_KEYS_MAX = 10;

/**
 * A product and a price for every item, and the portal. What is there already is compared and left; a price whose amount differs is
 * refused, since prices at Stripe never change: its version is raised instead.
 */
export async function prepareAtStripe(
	stripe: Stripe,
	studio: string,
	{ items, studioName }: Parameters<StripeGateway['prepare']>[0],
): Promise<{ made: readonly string[] }> {
	const made: string[] = [];
	const found = await findPrices(stripe, items);
	const plans: { productId: string; priceId: string }[] = [];
	for (const item of items) {
		const existing = found.get(item.priceKey);
		if (existing !== undefined) requireSamePrice(item, existing);
		const price = existing ?? (await makePrice(stripe, item));
		const isStale = existing?.active === false;
		if (isStale) await activate(stripe, price.id);
		if (existing === undefined || isStale) made.push(item.priceKey);
		if (item.monthly) plans.push({ productId: productOf(price), priceId: price.id });
	}
	if (await preparePortal(stripe, { studio, studioName, plans })) made.push('portal');
	return { made };
}

async function findPrices(stripe: Stripe, items: readonly Item[]): Promise<Map<string, Stripe.Price>> {
	const found = new Map<string, Stripe.Price>();
	for (let from = 0; from < items.length; from += LOOKUP_KEYS_MAX) {
		const lookup_keys = items.slice(from, from + LOOKUP_KEYS_MAX).map(({ priceKey }) => priceKey);
		for (const price of await collect(stripe.prices.list({ lookup_keys, limit: 100 }))) {
			if (price.lookup_key !== null) found.set(price.lookup_key, price);
		}
	}
	return found;
}

function requireSamePrice({ priceKey, cents, currency, monthly }: Item, price: Stripe.Price): void {
	const isMonthly = price.recurring?.interval === 'month' && price.recurring.interval_count === 1;
	const isSame = price.unit_amount === cents && price.currency === currency && isMonthly === monthly;
	if (isSame && (monthly || price.type === 'one_time')) return;
	throw new AppError(
		'conflict',
		`The price ${priceKey} at Stripe is another one than the studio's, and prices do not change there. Raise its version in studios/.`,
	);
}

async function makePrice(stripe: Stripe, item: Item): Promise<Stripe.Price> {
	const { priceKey, name, cents, currency, monthly } = item;
	// An id of our own: two who prepare at once make one product, whenever the second comes.
	const product = priceKey.replaceAll('.', '_');
	try {
		await asking(() => stripe.products.create({ id: product, name }, { idempotencyKey: `product:${priceKey}` }));
	} catch (error) {
		if (!(error instanceof StripeRefusal) || error.code !== 'resource_already_exists') throw error;
	}
	const params: Stripe.PriceCreateParams = {
		product,
		currency,
		unit_amount: cents,
		lookup_key: priceKey,
		// The prices that people see are without tax.
		tax_behavior: 'exclusive',
		...(monthly ? { recurring: { interval: 'month' } } : {}),
	};
	return asking(() => stripe.prices.create(params, { idempotencyKey: `price:${priceKey}` }));
}

async function activate(stripe: Stripe, priceId: string): Promise<void> {
	await asking(() => stripe.prices.update(priceId, { active: true }, { idempotencyKey: crypto.randomUUID() }));
}

function productOf({ product }: Stripe.Price): string {
	return typeof product === 'string' ? product : product.id;
}
