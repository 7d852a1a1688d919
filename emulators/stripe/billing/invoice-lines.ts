import type { InvoiceLine, Price, SubscriptionItem } from '../wire/stored';
import type { World } from '../world';
import { type Period, remainingShare } from './periods';

/** A line before it is on an invoice. */
export type LineDraft = Omit<InvoiceLine, 'invoice'>;

/** What an item costs for one period. */
export function amountOf({ price, quantity = 1 }: Pick<SubscriptionItem, 'price' | 'quantity'>): number {
	return (price.unit_amount ?? 0) * quantity;
}

/** The line of a whole period. */
export function periodLine(world: World, item: SubscriptionItem, period: Period): LineDraft {
	const every = item.price.recurring?.interval ?? 'month';
	const description = `${item.quantity ?? 1} × ${productName(world, item.price)} (at ${formatMoney(item.price.unit_amount ?? 0, item.price.currency)} / ${every})`;
	return {
		...lineOf(world, item, amountOf(item), description, period),
		parent: itemParent(item, { invoiceItem: null, isProration: false }),
	};
}

/** The credit for what is left of a period that was paid. `paid` is the line that it was paid with. */
export function creditLine(world: World, item: SubscriptionItem, at: number, paid: InvoiceLine | undefined): LineDraft {
	const description = `Unused time on ${productName(world, item.price)} after ${formatDate(at)}`;
	const period = { start: item.current_period_start, end: item.current_period_end };
	const amount = -remainingShare(amountOf(item), period, at);
	const line = lineOf(world, item, amount, description, { start: at, end: period.end });
	const invoiceItem = world.ids.next('ii');
	const credited = paid?.invoice ? { invoice: paid.invoice, invoice_line_items: [paid.id] } : null;
	return { ...line, parent: itemParent(item, { invoiceItem, isProration: true, credited }) };
}

/** The price of what is left of the period. */
export function remainderLine(world: World, item: SubscriptionItem, at: number): LineDraft {
	const description = `Remaining time on ${productName(world, item.price)} after ${formatDate(at)}`;
	const period = { start: item.current_period_start, end: item.current_period_end };
	const amount = remainingShare(amountOf(item), period, at);
	const line = lineOf(world, item, amount, description, { start: at, end: period.end });
	return { ...line, parent: itemParent(item, { invoiceItem: world.ids.next('ii'), isProration: true }) };
}

/** The line of something bought once. */
export function onceLine(
	world: World,
	bought: { price: Price; quantity: number },
	subscription: string | null,
): LineDraft {
	const now = world.clock.now();
	const line = lineOf(world, bought, amountOf(bought), productName(world, bought.price), { start: now, end: now });
	const details = { invoice_item: world.ids.next('ii'), proration: false, proration_details: null, subscription };
	return {
		...line,
		parent: { invoice_item_details: details, subscription_item_details: null, type: 'invoice_item_details' },
		subscription,
	};
}

function lineOf(
	{ ids }: World,
	item: Pick<SubscriptionItem, 'price' | 'quantity'> & { subscription?: string },
	amount: number,
	description: string,
	period: Period,
): LineDraft {
	const { currency, id: price, product, unit_amount_decimal } = item.price;
	return {
		id: ids.next('il'),
		object: 'line_item',
		amount,
		currency,
		description,
		discount_amounts: [],
		discountable: true,
		discounts: [],
		livemode: false,
		metadata: {},
		parent: null,
		period: { ...period },
		pretax_credit_amounts: [],
		pricing: { price_details: { price, product }, type: 'price_details', unit_amount_decimal },
		quantity: item.quantity ?? 1,
		quantity_decimal: String(item.quantity ?? 1),
		subscription: item.subscription ?? null,
		subtotal: amount,
		taxes: [],
	};
}

function itemParent(
	{ id, subscription }: SubscriptionItem,
	{
		invoiceItem,
		isProration,
		credited = null,
	}: {
		invoiceItem: string | null;
		isProration: boolean;
		credited?: { invoice: string; invoice_line_items: string[] } | null;
	},
): InvoiceLine['parent'] {
	return {
		invoice_item_details: null,
		subscription_item_details: {
			invoice_item: invoiceItem,
			proration: isProration,
			proration_details: isProration ? { credited_items: credited } : null,
			subscription,
			subscription_item: id,
		},
		type: 'subscription_item_details',
	};
}

function productName({ store }: World, { product }: Price): string {
	return store.products.get(product)?.name ?? product;
}

/** `€29.00`, for people. */
export function formatMoney(amount: number, currency: string): string {
	const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
	const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
	return format.format(amount / 10 ** digits);
}

/** `21 Nov 2026`, for people. */
export function formatDate(seconds: number): string {
	return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1000);
}
