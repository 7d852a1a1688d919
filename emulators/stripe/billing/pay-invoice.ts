import type { Decline } from '../payments/declines';
import { chargeIntent, createPaymentIntent } from '../payments/payment-intents';
import { found } from '../store';
import type { Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from '../wire/stored';
import { change, type World } from '../world';

/** Days after the attempts that failed; after the last one Stripe gives up (`Settings.afterLastRetry`). */
const RETRY_DAYS = [3, 5, 7];
const DAY_SECONDS = 86_400;

/**
 * Takes what an open invoice still asks for, and tells of it. Nothing due is paid at once. A decline is answered and leaves the
 * invoice open, to be tried again.
 */
export function payInvoice(
	world: World,
	invoice: Invoice,
	method: PaymentMethod | undefined,
	isToldToFail = false,
): Decline | 'no_payment_method' | undefined {
	if (invoice.amount_remaining === 0) return markPaid(world, invoice, 'balance');
	if (!method) {
		tellFailure(world, invoice);
		return 'no_payment_method';
	}
	const payment = defaultPayment(world, invoice, intentFor(world, invoice));
	const intent = found(world.store.paymentIntents, 'payment_intent', payment.payment.payment_intent ?? '');
	const decline = chargeIntent(world, intent, method, isToldToFail);
	if (decline) tellFailure(world, invoice);
	else if (intent.status === 'succeeded') markPaid(world, invoice, intent);
	return decline;
}

/** The invoice was paid by this payment, by the customer's balance, or elsewhere: Stripe tells of `payment_succeeded` only when it took part. */
export function markPaid(world: World, invoice: Invoice, by: PaymentIntent | 'balance' | 'elsewhere'): undefined {
	const { clock, store } = world;
	const now = clock.now();
	if (typeof by === 'object') {
		const payment = defaultPayment(world, invoice, () => by);
		Object.assign(payment, {
			amount_paid: invoice.amount_remaining,
			status: 'paid',
			status_transitions: { canceled_at: null, paid_at: now },
		});
		world.emit('invoice_payment.paid', payment);
	}
	Object.assign(invoice, {
		amount_paid: invoice.amount_paid + invoice.amount_remaining,
		amount_remaining: 0,
		attempt_count: invoice.attempt_count + (typeof by === 'object' ? 1 : 0),
		attempted: true,
		auto_advance: false,
		next_payment_attempt: null,
		status: 'paid',
		status_transitions: { ...invoice.status_transitions, paid_at: now },
	});
	const customer = store.customers.get(invoice.customer ?? '');
	if (customer?.delinquent) change(world, 'customer.updated', customer, { delinquent: false });
	world.emit('invoice.paid', invoice);
	if (by !== 'elsewhere') world.emit('invoice.payment_succeeded', invoice);
}

function tellFailure(world: World, invoice: Invoice): void {
	const wait = RETRY_DAYS[invoice.attempt_count];
	Object.assign(invoice, {
		attempt_count: invoice.attempt_count + 1,
		attempted: true,
		next_payment_attempt: wait === undefined ? null : world.clock.now() + wait * DAY_SECONDS,
	});
	world.emit('invoice.payment_failed', invoice);
	const customer = world.store.customers.get(invoice.customer ?? '');
	if (customer) change(world, 'customer.updated', customer, { delinquent: true });
}

function intentFor(world: World, invoice: Invoice): () => PaymentIntent {
	return () =>
		createPaymentIntent(world, {
			amount: invoice.amount_remaining,
			currency: invoice.currency,
			customer: invoice.customer,
			description: invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
			metadata: {},
			receiptEmail: null,
			methodTypes: ['card'],
			savesCard: true,
		});
}

/** The invoice's one payment: retries go to the same intent. */
function defaultPayment({ clock, ids, store }: World, invoice: Invoice, intent: () => PaymentIntent): InvoicePayment {
	const known = [...store.invoicePayments.values()].find((payment) => payment.invoice === invoice.id);
	if (known) return known;
	const payment: InvoicePayment = {
		id: ids.next('inpay'),
		object: 'invoice_payment',
		amount_paid: null,
		amount_requested: invoice.amount_remaining,
		created: clock.now(),
		currency: invoice.currency,
		invoice: invoice.id,
		is_default: true,
		livemode: false,
		payment: { payment_intent: intent().id, type: 'payment_intent' },
		status: 'open',
		status_transitions: { canceled_at: null, paid_at: null },
	};
	store.invoicePayments.set(payment.id, payment);
	return payment;
}
