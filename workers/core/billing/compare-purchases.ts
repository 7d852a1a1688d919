import { and, gte, lt } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import { attempt, type Comparison, type Day } from './comparison';
import type { PurchaseRow } from './sync-payment';
import type { SyncDeps } from './sync-result';

/** How many purchases are asked for one by one: those that were made on another day than they were paid, so near midnight. */
const READS_MAX = 200;

/** The other way round: whether Stripe knows all that was granted that day, and says the same of it. */
export async function comparePurchases(comparison: Comparison, day: Day, seen: ReadonlySet<string>): Promise<void> {
	const { deps, report } = comparison;
	const { db } = deps;
	const bought = await withD1Retry(() =>
		db
			.select()
			.from(purchases)
			.where(and(gte(purchases.paidAtMs, day.fromMs), lt(purchases.paidAtMs, day.toMs))),
	);
	const unseen = bought.filter(({ id }) => !seen.has(id));
	await report(unseen.slice(READS_MAX).map(({ id }) => ({ kind: 'unchecked', objectId: id, isRepaired: false })));
	for (const purchase of unseen.slice(0, READS_MAX)) {
		const kind = await attempt(comparison, [purchase.id], () => differenceOf(deps, purchase));
		if (kind !== null && kind !== 'none') await report([{ kind, objectId: purchase.id, isRepaired: false }]);
	}
}

async function differenceOf(
	deps: SyncDeps,
	purchase: PurchaseRow,
): Promise<'none' | 'not_at_stripe' | 'amount_differs'> {
	const paid = await readPaid(deps, purchase);
	if (paid === null) return 'not_at_stripe';
	return paid.cents === purchase.paidCents && paid.currency === purchase.currency ? 'none' : 'amount_differs';
}

/** What Stripe says was paid, by the object that a purchase is named after; null when it knows of none that was paid. */
async function readPaid(
	{ stripe }: SyncDeps,
	{ id }: PurchaseRow,
): Promise<{ cents: number; currency: string } | null> {
	if (id.startsWith('in_')) {
		const invoice = await stripe.readInvoice(id);
		return invoice?.status === 'paid' ? { cents: invoice.paidCents, currency: invoice.currency } : null;
	}
	if (id.startsWith('cs_')) {
		const checkout = await stripe.readCheckout(id);
		return checkout?.status === 'complete' ? { cents: checkout.totalCents, currency: checkout.currency } : null;
	}
	const payment = await stripe.readPayment(id);
	return payment?.status === 'succeeded' ? { cents: payment.receivedCents, currency: payment.currency } : null;
}
