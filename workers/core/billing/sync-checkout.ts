import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';

import { checkouts } from '../../../schema/billing';
import { itemOfPriceKey } from '../../../studios/pricing';
import { withD1Retry } from '../d1-retry';
import { findCustomer } from './find-customer';
import { grantPurchase } from './grant-purchase';
import type { StripeCheckout, StripePayment } from './stripe-gateway';
import { syncInvoice } from './sync-invoice';
import { reportMismatch, UNCHANGED, type MismatchKind, type SyncDeps, type SyncResult } from './sync-result';
import { syncSubscription } from './sync-subscription';

type CheckoutRow = typeof checkouts.$inferSelect;

/** What a payment that is not through yet may still become; all else of an unpaid till is a payment that failed. */
const PENDING_PAYMENTS: readonly string[] = [
	'processing',
	'requires_action',
	'requires_confirmation',
	'requires_capture',
];

/**
 * Reads a session of the till and does what is missing: credits for a pack that is paid, once a payment (P1); the state of our
 * own order. What a pack brings comes from our order and our price table, which have to agree with the session line by line (P4).
 */
export async function syncCheckout(deps: SyncDeps, { sessionId }: { sessionId: string }): Promise<SyncResult> {
	const checkout = await deps.stripe.readCheckout(sessionId);
	if (checkout === null || checkout.mode === 'setup') return UNCHANGED;
	switch (checkout.status) {
		case 'open':
			return UNCHANGED;
		case 'expired':
			return moveCheckout(deps, checkout, 'expired');
		case 'complete':
			return checkout.mode === 'subscription' ? syncPlan(deps, checkout) : syncPack(deps, checkout);
	}
}

/** A plan's credits come with its invoice; here it is only known that there is one. */
async function syncPlan(deps: SyncDeps, checkout: StripeCheckout): Promise<SyncResult> {
	const { invoiceId, subscriptionId } = checkout;
	const granted = invoiceId === null ? UNCHANGED : await syncInvoice(deps, { invoiceId });
	const read = subscriptionId === null ? UNCHANGED : await syncSubscription(deps, { subscriptionId });
	const moved = await moveCheckout(deps, checkout, checkout.paymentStatus === 'unpaid' ? 'paying' : 'paid');
	return { ...granted, hasChanged: granted.hasChanged || read.hasChanged || moved.hasChanged };
}

async function syncPack(deps: SyncDeps, checkout: StripeCheckout): Promise<SyncResult> {
	const payment = checkout.paymentId === null ? null : await deps.stripe.readPayment(checkout.paymentId);
	if (checkout.paymentStatus === 'unpaid') {
		const isPending = payment === null || PENDING_PAYMENTS.includes(payment.status);
		return moveCheckout(deps, checkout, isPending ? 'paying' : 'failed');
	}
	const row = await findCheckout(deps, checkout);
	const mismatch = row === null ? 'unknown_checkout' : await mismatchOf(deps, checkout, { row, payment });
	if (row === null || mismatch !== null) {
		if (row !== null) await leaveForReview(deps, checkout);
		const kind = mismatch ?? 'unknown_checkout';
		return reportMismatch(deps, { kind, objectId: checkout.id, createdAtMs: checkout.createdAtMs });
	}
	const paidAtMs = payment?.createdAtMs ?? checkout.createdAtMs;
	const outcome = await grantPurchase(
		deps,
		{
			id: payment?.id ?? checkout.id,
			checkoutId: row.id,
			accountId: row.accountId,
			item: row.item,
			credits: row.credits,
			source: 'pack',
			expiresAtMs: monthsAfter(paidAtMs, deps.studio.pricing.packMonths),
			paidCents: payment?.receivedCents ?? 0,
			currency: row.currency,
			paymentId: payment?.id ?? null,
			invoiceId: checkout.invoiceId,
			paidAtMs,
		},
		[moving(deps, checkout, 'paid')],
	);
	if (outcome === 'granted') return { hasChanged: true, mismatch: null };
	return moveCheckout(deps, checkout, 'paid');
}

/** Whether all three say the same: what Stripe was paid for, what was ordered here, and what it costs. */
async function mismatchOf(
	deps: SyncDeps,
	checkout: StripeCheckout,
	{ row, payment }: { row: CheckoutRow; payment: StripePayment | null },
): Promise<MismatchKind | null> {
	const customer = await findCustomer(deps, checkout.customerId);
	if (customer?.accountId !== row.accountId) return 'unknown_customer';
	const { line } = checkout;
	const item = line?.priceKey == null ? null : itemOfPriceKey(deps.studio, line.priceKey);
	if (line === null || item?.kind !== 'pack' || item.id !== row.item) return 'unknown_price';
	const currencies = [
		deps.studio.pricing.currency,
		line.currency,
		checkout.currency,
		payment?.currency ?? row.currency,
	];
	if (currencies.some((currency) => currency !== row.currency)) return 'wrong_currency';
	const isPriceOurs = line.quantity === 1 && line.unitCents === row.cents;
	const isTableOurs = item.cents === row.cents && item.credits === row.credits;
	// Without a payment nothing may have been due: whatever the till says was paid has to have arrived somewhere.
	const isPaid = payment === null ? checkout.totalCents === 0 : payment.receivedCents === checkout.totalCents;
	return isPriceOurs && isTableOurs && isPaid ? null : 'wrong_amount';
}

/** From which states one of them may follow: a read that comes late cannot take back what a later one wrote. */
const BEFORE = {
	paying: ['open'],
	failed: ['open', 'paying'],
	expired: ['open'],
	paid: ['open', 'paying', 'failed', 'expired'],
} as const satisfies Record<string, readonly CheckoutRow['state'][]>;

function moving({ db, now }: SyncDeps, checkout: StripeCheckout, state: keyof typeof BEFORE) {
	return db
		.update(checkouts)
		.set({ state, sessionId: checkout.id, endedAtMs: state === 'paying' ? null : now().getTime() })
		.where(and(isOf(checkout), inArray(checkouts.state, [...BEFORE[state]])))
		.returning({ id: checkouts.id });
}

async function moveCheckout(deps: SyncDeps, checkout: StripeCheckout, state: keyof typeof BEFORE): Promise<SyncResult> {
	const moved = await withD1Retry(() => moving(deps, checkout, state));
	return { hasChanged: moved.length > 0, mismatch: null };
}

/** Paid, and it does not fit: the order waits for an operator and not for Stripe, so it is `paying` and ended. */
async function leaveForReview({ db, now }: SyncDeps, checkout: StripeCheckout): Promise<void> {
	await withD1Retry(() =>
		db
			.update(checkouts)
			.set({ state: 'paying', sessionId: checkout.id, endedAtMs: sql`coalesce(ended_at_ms, ${now().getTime()})` })
			.where(and(isOf(checkout), inArray(checkouts.state, [...BEFORE.paid]))),
	);
}

async function findCheckout({ db }: SyncDeps, checkout: StripeCheckout): Promise<CheckoutRow | null> {
	const [row] = await withD1Retry(() => db.select().from(checkouts).where(isOf(checkout)));
	return row ?? null;
}

/** Ours by the session that we stored, or by our own id that the session carries where storing it failed. */
function isOf({ id, checkoutId }: StripeCheckout) {
	const byOurId = checkoutId === null ? undefined : and(eq(checkouts.id, checkoutId), isNull(checkouts.sessionId));
	return or(eq(checkouts.sessionId, id), byOurId);
}

/** The same day so many months later, or the last of its month. */
export function monthsAfter(atMs: number, months: number): number {
	const at = new Date(atMs);
	const day = at.getUTCDate();
	at.setUTCDate(1);
	at.setUTCMonth(at.getUTCMonth() + months);
	const lastDay = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
	at.setUTCDate(Math.min(day, lastDay));
	return at.getTime();
}
