import { eq, or } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import { reinstateCredits } from '../credits/reinstate-credits';
import { reverseCredits } from '../credits/reverse-credits';
import { withD1Retry } from '../d1-retry';
import { AppError } from '../errors';
import { creditsOfDispute, creditsOfRefunds, sumOf } from './credits-of-cents';
import { postDispute, stateOfDisputes } from './post-dispute';
import type { StripeDispute, StripeRefund } from './stripe-gateway';
import { syncCheckout } from './sync-checkout';
import { syncInvoice } from './sync-invoice';
import { UNCHANGED, type SyncDeps, type SyncResult } from './sync-result';

export type PurchaseRow = typeof purchases.$inferSelect;

/** What came back, or is in question, of one payment. */
interface MoneyBack {
	refunds: readonly StripeRefund[];
	disputes: readonly StripeDispute[];
}

export interface PaymentSynced extends SyncResult {
	/** How many of the purchase's credits have to be gone after what came back of its money; null: a payment that bought nothing here. */
	settled: { purchaseId: string; targetCredits: number } | null;
}

/** How often Stripe is asked again because its answer changed while it was being acted on. */
const READS_MAX = 5;

/**
 * Brings a payment's purchase up to date: makes it if it is missing, and takes back or sets aside what its refunds and disputes
 * are worth (P2). After writing, Stripe is asked again until its answer is the one that was acted on: so of two who do this at
 * once, the one that ends last has seen the newest.
 */
export async function syncPayment(deps: SyncDeps, { paymentId }: { paymentId: string }): Promise<PaymentSynced> {
	const known = await findPurchase(deps, paymentId);
	const purchase = known ?? (await makePurchase(deps, paymentId));
	if (purchase === null) return { ...UNCHANGED, settled: null };
	let hasChanged = known === null;
	let acted = await readMoneyBack(deps, paymentId);
	for (let read = 0; read < READS_MAX; read += 1) {
		hasChanged = (await settlePurchase(deps, purchase, acted)) || hasChanged;
		const again = await readMoneyBack(deps, paymentId);
		if (isSame(again, acted)) {
			const settled = { purchaseId: purchase.id, targetCredits: targetOf(purchase, acted) };
			return { hasChanged, mismatch: null, settled };
		}
		acted = again;
	}
	throw new AppError('upstream_unavailable', 'The payment changes faster than it can be read. It is read again.');
}

/** Reads a refund and brings its payment up to date. */
export async function syncRefund(deps: SyncDeps, { refundId }: { refundId: string }): Promise<SyncResult> {
	const refund = await deps.stripe.readRefund(refundId);
	if (refund === null || refund.paymentId === null) return UNCHANGED;
	return syncPayment(deps, { paymentId: refund.paymentId });
}

/** Where what was refunded or disputed had not been granted yet, that is done first: no order of events is relied on. */
async function makePurchase(deps: SyncDeps, paymentId: string): Promise<PurchaseRow | null> {
	const checkout = await deps.stripe.findCheckoutOf(paymentId);
	if (checkout !== null) await syncCheckout(deps, { sessionId: checkout.id });
	const invoice = checkout === null ? await deps.stripe.findInvoiceOf(paymentId) : null;
	if (invoice !== null) await syncInvoice(deps, { invoiceId: invoice.id });
	return checkout === null && invoice === null ? null : findPurchase(deps, paymentId);
}

async function findPurchase({ db }: SyncDeps, paymentId: string): Promise<PurchaseRow | null> {
	const [row] = await withD1Retry(() =>
		db
			.select()
			.from(purchases)
			.where(or(eq(purchases.paymentId, paymentId), eq(purchases.id, paymentId))),
	);
	return row ?? null;
}

async function readMoneyBack({ stripe }: SyncDeps, paymentId: string): Promise<MoneyBack> {
	const [refunds, disputes] = await Promise.all([stripe.listRefunds(paymentId), stripe.listDisputes(paymentId)]);
	return { refunds, disputes };
}

/** Only what is acted on is compared. */
function isSame(one: MoneyBack, other: MoneyBack): boolean {
	return digestOf(one) === digestOf(other);
}

function digestOf({ refunds, disputes }: MoneyBack): string {
	return JSON.stringify([
		refunds.map(({ id, cents, status }) => [id, cents, status]),
		disputes.map(({ id, cents, state }) => [id, cents, state]),
	]);
}

/**
 * Ledger first, the purchase's own columns last: while they are not what Stripe says, something may be missing. Disputes come
 * before refunds, because what a lost one took counts as gone in the refunds' target.
 */
async function settlePurchase(
	deps: SyncDeps,
	purchase: PurchaseRow,
	{ refunds, disputes }: MoneyBack,
): Promise<boolean> {
	for (const dispute of disputes) await postDispute(deps, { purchase, dispute });
	for (const { id, status } of refunds) {
		if (status === 'failed' || status === 'canceled') await reinstateCredits(deps, { causeId: id });
	}
	// The same for each, so that it does not matter which of them was seen first; none takes more than its own part of it.
	const targetCredits = targetOf(purchase, { refunds, disputes });
	for (const [refundId, creditsMax] of creditsOfRefunds(purchase, refunds)) {
		await reverseCredits(deps, { refundId, purchaseId: purchase.id, targetCredits, creditsMax });
	}
	// A dispute that found nothing left when it was lost, or was lost after it had been closed, takes what is missing now: whoever
	// got the money back from the bank does not keep the credits because a refund beside it failed.
	for (const { id, cents } of disputes.filter(({ state }) => state === 'lost')) {
		const creditsMax = creditsOfDispute(purchase, cents);
		await reverseCredits(deps, { refundId: id, purchaseId: purchase.id, targetCredits, creditsMax });
	}
	const succeeded = refunds.filter(({ status }) => status === 'succeeded');
	return notePurchase(deps, purchase.id, { refundedCents: sumOf(succeeded), disputeState: stateOfDisputes(disputes) });
}

/** How many of a purchase's credits have to be gone: what its refunds and its lost disputes are worth. */
function targetOf(purchase: PurchaseRow, { refunds, disputes }: MoneyBack): number {
	const lost = disputes.filter(({ state }) => state === 'lost');
	const lostCredits = lost.reduce((sum, { cents }) => sum + creditsOfDispute(purchase, cents), 0);
	const refunded = [...creditsOfRefunds(purchase, refunds).values()].reduce((sum, credits) => sum + credits, 0);
	return Math.min(purchase.credits, refunded + lostCredits);
}

async function notePurchase(
	{ db }: SyncDeps,
	id: string,
	noted: Pick<PurchaseRow, 'refundedCents' | 'disputeState'>,
): Promise<boolean> {
	const [stored] = await withD1Retry(() => db.select().from(purchases).where(eq(purchases.id, id)));
	const { refundedCents, disputeState } = noted;
	if (stored?.refundedCents === refundedCents && stored.disputeState === disputeState) return false;
	await withD1Retry(() => db.update(purchases).set(noted).where(eq(purchases.id, id)));
	return true;
}
