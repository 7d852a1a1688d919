import { itemOfPriceKey } from '../../../studios/pricing';
import { findCustomer } from './find-customer';
import { grantPurchase } from './grant-purchase';
import type { StripeInvoice, StripeInvoiceLine } from './stripe-gateway';
import { reportMismatch, UNCHANGED, type SyncDeps, type SyncResult } from './sync-result';
import { syncSubscription } from './sync-subscription';

/**
 * Reads an invoice of a plan and grants what it paid for, once an invoice, however many events tell of it (P1); then the plan
 * itself. A change of plan is an invoice that gives back the rest of one and takes that of another: the difference is granted.
 */
export async function syncInvoice(deps: SyncDeps, { invoiceId }: { invoiceId: string }): Promise<SyncResult> {
	const invoice = await deps.stripe.readInvoice(invoiceId);
	if (invoice === null || invoice.subscriptionId === null) return UNCHANGED;
	const granted = invoice.status === 'paid' ? await grantInvoice(deps, invoice) : UNCHANGED;
	const read = await syncSubscription(deps, { subscriptionId: invoice.subscriptionId });
	return { ...granted, hasChanged: granted.hasChanged || read.hasChanged };
}

async function grantInvoice(deps: SyncDeps, invoice: StripeInvoice): Promise<SyncResult> {
	const about = { objectId: invoice.id, createdAtMs: invoice.createdAtMs };
	const customer = await findCustomer(deps, invoice.customerId);
	if (customer === null) return reportMismatch(deps, { kind: 'unknown_customer', ...about });
	if (invoice.currency !== deps.studio.pricing.currency) {
		return reportMismatch(deps, { kind: 'wrong_currency', ...about });
	}
	const known = knownLines(deps, invoice);
	const isWhole = known.length === invoice.lines.length;
	const { mismatch } = isWhole ? UNCHANGED : await reportMismatch(deps, { kind: 'unknown_price', ...about });
	const credits = creditsOf(known);
	const [dearest] = known.toSorted((a, b) => b.cents - a.cents);
	if (credits <= 0 || dearest === undefined) return { hasChanged: false, mismatch };
	const paidAtMs = invoice.paidAtMs ?? invoice.createdAtMs;
	const outcome = await grantPurchase(deps, {
		id: invoice.id,
		accountId: customer.accountId,
		item: dearest.item.id,
		credits,
		source: 'plan',
		expiresAtMs: Math.max(...known.map((line) => endOf(line, paidAtMs))),
		paidCents: invoice.paidCents,
		currency: invoice.currency,
		paymentId: invoice.paymentId,
		invoiceId: invoice.id,
		paidAtMs,
	});
	return { hasChanged: outcome === 'granted', mismatch };
}

/** With its period; of one that was paid late as long after that, since weeks may go by until a card works, and what was paid for is a whole period. */
function endOf({ periodStartMs, periodEndMs }: StripeInvoiceLine, paidAtMs: number): number {
	return Math.max(periodEndMs, paidAtMs + periodEndMs - periodStartMs);
}

export interface KnownLine extends StripeInvoiceLine {
	item: { id: string; credits: number; cents: number };
}

export function knownLines({ studio }: Pick<SyncDeps, 'studio'>, invoice: StripeInvoice): KnownLine[] {
	return invoice.lines.flatMap((line) => {
		const item = line.priceKey === null ? null : itemOfPriceKey(studio, line.priceKey);
		return item?.kind === 'plan' ? [{ ...line, item }] : [];
	});
}

/**
 * Each line is worth its part of the price in credits. Added up as fractions and rounded down once: as decimals the parts of a
 * month would lose a credit now and then.
 */
export function creditsOf(lines: readonly Pick<KnownLine, 'cents' | 'item'>[]): number {
	let above = 0n;
	let below = 1n;
	for (const { cents, item } of lines) {
		above = above * BigInt(item.cents) + BigInt(item.credits) * BigInt(cents) * below;
		below *= BigInt(item.cents);
	}
	return above <= 0n ? 0 : Number(above / below);
}
