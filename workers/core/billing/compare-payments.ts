import { inArray } from 'drizzle-orm';

import { billingCustomers, purchases } from '../../../schema/billing';
import { isPriceKey, isPriceKeyOf, itemOfPriceKey } from '../../../studios/pricing';
import { withD1Retry } from '../d1-retry';
import { amongIds, attempt, type Comparison } from './comparison';
import type { StripeCheckout, StripeInvoice } from './stripe-gateway';
import { syncCheckout } from './sync-checkout';
import { creditsOf, knownLines, syncInvoice } from './sync-invoice';
import type { PurchaseRow } from './sync-payment';
import type { MismatchKind, SyncDeps, SyncResult } from './sync-result';

/** Something that was paid at Stripe, and what should be here for it. */
interface Expected {
	purchaseId: string;
	/** The object at Stripe that tells of it: `cs_…` or `in_…`. */
	objectId: string;
	paidCents: number;
	currency: string;
	/** Null where our price table does not say. */
	credits: number | null;
	mismatch: MismatchKind | null;
	sync: () => Promise<SyncResult>;
}

/** What may be ours of an account at Stripe that others sell through too: whose customer it is, and whose prices. */
interface Sold {
	customerId: string | null;
}

/** Whether all that was paid is granted, and as it was paid; what is missing is granted now. Answers the purchases it saw. */
export async function comparePayments(
	comparison: Comparison,
	listed: { checkouts: readonly StripeCheckout[]; invoices: readonly StripeInvoice[] },
): Promise<ReadonlySet<string>> {
	const { deps } = comparison;
	const customers = await readCustomers(deps, [...listed.checkouts, ...listed.invoices]);
	const isOurs = ownership(deps, customers);
	const checkouts = listed.checkouts.filter((one) => isOurs(one, [one.line?.priceKey ?? null]));
	const invoices = listed.invoices.filter((one) =>
		isOurs(
			one,
			one.lines.map(({ priceKey }) => priceKey),
		),
	);
	const expected = [
		...checkouts.flatMap((checkout) => expectedOfCheckout(deps, checkout)),
		...invoices.flatMap((invoice) => expectedOfInvoice(deps, invoice)),
	];
	const ids = expected.map(({ purchaseId }) => purchaseId);
	const stored = await readPurchases(deps, ids);
	for (const one of expected) {
		const purchase = stored.get(one.purchaseId);
		if (purchase === undefined) await grantMissing(comparison, one);
		else await compareAmounts(comparison, one, purchase);
	}
	return new Set(ids);
}

function expectedOfCheckout(deps: SyncDeps, checkout: StripeCheckout): Expected[] {
	const { id, mode, status, paymentStatus, paymentId, line } = checkout;
	if (mode !== 'payment' || status !== 'complete' || paymentStatus === 'unpaid') return [];
	const item = line?.priceKey == null ? null : itemOfPriceKey(deps.studio, line.priceKey);
	return [
		{
			purchaseId: paymentId ?? id,
			objectId: id,
			paidCents: checkout.totalCents,
			currency: checkout.currency,
			credits: item?.credits ?? null,
			mismatch: null,
			sync: () => syncCheckout(deps, { sessionId: id }),
		},
	];
}

function expectedOfInvoice(deps: SyncDeps, invoice: StripeInvoice): Expected[] {
	if (invoice.subscriptionId === null || invoice.status !== 'paid') return [];
	const known = knownLines(deps, invoice);
	const credits = creditsOf(known);
	const isWhole = known.length === invoice.lines.length;
	// Such as a change to a smaller plan: it grants nothing, and nothing is wrong with that.
	if (isWhole && credits === 0) return [];
	return [
		{
			purchaseId: invoice.id,
			objectId: invoice.id,
			paidCents: invoice.paidCents,
			currency: invoice.currency,
			credits,
			mismatch: isWhole ? null : 'unknown_price',
			sync: () => syncInvoice(deps, { invoiceId: invoice.id }),
		},
	];
}

async function grantMissing(comparison: Comparison, { objectId, purchaseId, sync }: Expected): Promise<void> {
	const { deps, report, isKnown, mayRepair } = comparison;
	if (isKnown(objectId) || !mayRepair()) return;
	const synced = await attempt(comparison, [objectId], sync);
	if (synced === null) return;
	const { mismatch } = synced;
	const granted = await readPurchases(deps, [purchaseId]);
	if (granted.size > 0) await report([{ kind: 'ungranted', objectId, isRepaired: true }]);
	if (mismatch !== null) await report([{ kind: mismatch, objectId, isRepaired: false }]);
	else if (granted.size === 0) await report([{ kind: 'ungranted', objectId, isRepaired: false }]);
}

async function compareAmounts(comparison: Comparison, expected: Expected, purchase: PurchaseRow): Promise<void> {
	const { isKnown, report } = comparison;
	const { objectId, paidCents, currency, credits, mismatch } = expected;
	const isSame =
		purchase.paidCents === paidCents &&
		purchase.currency === currency &&
		(credits === null || purchase.credits === credits);
	if (isKnown(objectId)) return;
	if (!isSame) await report([{ kind: 'amount_differs', objectId, isRepaired: false }]);
	if (mismatch !== null) await report([{ kind: mismatch, objectId, isRepaired: false }]);
}

async function readPurchases({ db }: SyncDeps, ids: readonly string[]): Promise<Map<string, PurchaseRow>> {
	const rows = await withD1Retry(() =>
		db
			.select()
			.from(purchases)
			.where(inArray(purchases.id, amongIds(ids))),
	);
	return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Another studio's is left out even where its customer is ours as well; so is what neither a customer nor a price of ours has to do
 * with. A price without a key, of a customer of ours, is looked at: it may have been meant for us.
 */
function ownership({ studio }: SyncDeps, customers: ReadonlySet<string>) {
	return ({ customerId }: Sold, priceKeys: readonly (string | null)[]): boolean => {
		if (priceKeys.some((key) => key !== null && isPriceKeyOf(studio, key))) return true;
		const isOfAnother = priceKeys.length > 0 && priceKeys.every((key) => key !== null && isPriceKey(key));
		return !isOfAnother && customerId !== null && customers.has(customerId);
	};
}

async function readCustomers({ db }: SyncDeps, sold: readonly Sold[]): Promise<ReadonlySet<string>> {
	const ids = new Set(sold.flatMap(({ customerId }) => customerId ?? []));
	const rows = await withD1Retry(() =>
		db
			.select({ customerId: billingCustomers.customerId })
			.from(billingCustomers)
			.where(inArray(billingCustomers.customerId, amongIds(ids))),
	);
	return new Set(rows.map(({ customerId }) => customerId));
}
