import type Stripe from 'stripe';
import { z } from 'zod';

import type {
	StripeCard,
	StripeCheckout,
	StripeDispute,
	StripeInvoice,
	StripeInvoiceLine,
	StripePayment,
	StripeRefund,
	StripeSubscription,
} from '../../billing/stripe-gateway';

/*
 * From Stripe's objects to ours, by naming what is kept. A word that we do not know in a state that decides about credits is
 * refused as a bug, and the message comes again, rather than taken for one that we know.
 */

const Mode = z.enum(['payment', 'subscription', 'setup']);
const CheckoutStatus = z.enum(['open', 'complete', 'expired']);
const PaymentStatus = z.enum(['paid', 'unpaid', 'no_payment_required']);
const InvoiceStatus = z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']);
const RefundStatus = z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']);

/** Of an object that stands as itself or as its id. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
	if (reference === null || reference === undefined) return null;
	return typeof reference === 'string' ? reference : reference.id;
}

/** Stripe's seconds. */
function toMs(seconds: number): number {
	return seconds * 1000;
}

/** Of a session with its `line_items` expanded. */
export function toCheckout(session: Stripe.Checkout.Session): StripeCheckout {
	return {
		id: session.id,
		checkoutId: session.client_reference_id,
		customerId: idOf(session.customer),
		mode: Mode.parse(session.mode),
		status: CheckoutStatus.parse(session.status),
		paymentStatus: PaymentStatus.parse(session.payment_status),
		line: toCheckoutLine(session.line_items),
		totalCents: session.amount_total ?? 0,
		currency: session.currency ?? '',
		paymentId: idOf(session.payment_intent),
		subscriptionId: idOf(session.subscription),
		invoiceId: idOf(session.invoice),
		createdAtMs: toMs(session.created),
	};
}

function toCheckoutLine(items: Stripe.ApiList<Stripe.LineItem> | undefined): StripeCheckout['line'] {
	const [item, ...others] = items?.data ?? [];
	const price = item?.price ?? null;
	const isOne = others.length === 0 && items?.has_more === false;
	if (!isOne || item === undefined || price === null || price.unit_amount === null) return null;
	const { lookup_key: priceKey, unit_amount: unitCents, currency } = price;
	return { priceKey, quantity: item.quantity ?? 0, unitCents, currency };
}

/** Of an invoice with its `payments` expanded; its lines are all of them, with the lookup key of each one's price. */
export function toInvoice(
	invoice: Stripe.Invoice,
	lines: readonly { line: Stripe.InvoiceLineItem; priceKey: string | null }[],
): StripeInvoice {
	return {
		id: invoice.id,
		customerId: idOf(invoice.customer),
		subscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
		status: InvoiceStatus.parse(invoice.status),
		paidCents: invoice.amount_paid,
		currency: invoice.currency,
		paymentId: paymentOf(invoice.payments?.data ?? []),
		lines: lines.map(toInvoiceLine),
		createdAtMs: toMs(invoice.created),
		paidAtMs: invoice.status_transitions.paid_at === null ? null : toMs(invoice.status_transitions.paid_at),
	};
}

function toInvoiceLine({
	line,
	priceKey,
}: {
	line: Stripe.InvoiceLineItem;
	priceKey: string | null;
}): StripeInvoiceLine {
	const { subscription_item_details: ofItem, invoice_item_details: ofInvoiceItem } = line.parent ?? {};
	return {
		priceKey,
		cents: line.amount,
		quantity: line.quantity ?? 0,
		isProration: ofItem?.proration === true || ofInvoiceItem?.proration === true,
		periodStartMs: toMs(line.period.start),
		periodEndMs: toMs(line.period.end),
	};
}

/** The payment that went through; what was declined before it stays in the list. */
function paymentOf(payments: readonly Stripe.InvoicePayment[]): string | null {
	const paid = payments.find(({ status, payment }) => status === 'paid' && payment.type === 'payment_intent');
	return idOf(paid?.payment.payment_intent);
}

/** Of a subscription with its payment method and its customer's expanded. */
export function toSubscription(subscription: Stripe.Subscription): StripeSubscription {
	const [item] = subscription.items.data;
	const { customer } = subscription;
	return {
		id: subscription.id,
		customerId: typeof customer === 'string' ? customer : customer.id,
		status: subscription.status,
		priceKey: item?.price.lookup_key ?? null,
		periodStartMs: item === undefined ? null : toMs(item.current_period_start),
		periodEndMs: item === undefined ? null : toMs(item.current_period_end),
		isEnding: subscription.cancel_at_period_end || subscription.cancel_at !== null,
		card: toCard(subscription.default_payment_method) ?? defaultCardOf(customer),
		createdAtMs: toMs(subscription.created),
	};
}

/** Of a customer with `invoice_settings.default_payment_method` expanded. */
export function defaultCardOf(customer: string | Stripe.Customer | Stripe.DeletedCustomer): StripeCard | null {
	if (typeof customer === 'string' || customer.deleted === true) return null;
	return toCard(customer.invoice_settings.default_payment_method);
}

export function toCard(method: string | Stripe.PaymentMethod | null | undefined): StripeCard | null {
	if (method === null || method === undefined || typeof method === 'string' || method.card === undefined) return null;
	const { brand, last4 } = method.card;
	return { brand, last4 };
}

export function toPayment(payment: Stripe.PaymentIntent): StripePayment {
	return {
		id: payment.id,
		customerId: idOf(payment.customer),
		status: payment.status,
		receivedCents: payment.amount_received,
		currency: payment.currency,
		createdAtMs: toMs(payment.created),
	};
}

export function toRefund(refund: Stripe.Refund): StripeRefund {
	return {
		id: refund.id,
		paymentId: idOf(refund.payment_intent),
		cents: refund.amount,
		currency: refund.currency,
		// Stripe's type allows for one without a state: nothing has come back yet.
		status: RefundStatus.parse(refund.status ?? 'pending'),
		createdAtMs: toMs(refund.created),
	};
}

export function toDispute(dispute: Stripe.Dispute): StripeDispute {
	return {
		id: dispute.id,
		paymentId: idOf(dispute.payment_intent),
		cents: dispute.amount,
		currency: dispute.currency,
		state: disputeStateOf(dispute.status),
		createdAtMs: toMs(dispute.created),
	};
}

/** An inquiry that was closed, and a dispute that was prevented, took no money by themselves; a refund beside it is told of as one. */
function disputeStateOf(status: string): StripeDispute['state'] {
	if (status === 'lost') return 'lost';
	return ['won', 'warning_closed', 'prevented'].includes(status) ? 'won' : 'open';
}
