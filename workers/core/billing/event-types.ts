/**
 * What of Stripe's events is acted on: the list for its webhook endpoint, and what is kept of what comes. Each says only which
 * object to read again. `charge.refunded` is left out, for the refund's own events name the refund, and `invoice.upcoming`,
 * which is about nothing that has an id.
 */
export const STRIPE_EVENT_TYPES = [
	'checkout.session.completed',
	'checkout.session.async_payment_succeeded',
	'checkout.session.async_payment_failed',
	'checkout.session.expired',
	'customer.subscription.created',
	'customer.subscription.updated',
	'customer.subscription.deleted',
	'customer.subscription.paused',
	'customer.subscription.resumed',
	'invoice.paid',
	'invoice.payment_failed',
	'invoice.voided',
	'invoice.marked_uncollectible',
	'refund.created',
	'refund.updated',
	'refund.failed',
	'charge.dispute.created',
	'charge.dispute.updated',
	'charge.dispute.funds_withdrawn',
	'charge.dispute.funds_reinstated',
	'charge.dispute.closed',
	'customer.updated',
	'customer.deleted',
] as const;

export function isHandled(type: string): boolean {
	return STRIPE_EVENT_TYPES.some((known) => known === type);
}
