import { onceLine, periodLine } from '../billing/invoice-lines';
import { addInvoice, finalizeInvoice } from '../billing/new-invoice';
import { addSubscription } from '../billing/new-subscription';
import { markPaid } from '../billing/pay-invoice';
import { createCustomer } from '../customers/customers';
import { addBankAccount, addCard, attach, type BillingDetails } from '../customers/payment-methods';
import type { Card } from '../customers/test-cards';
import type { Decline } from '../payments/declines';
import { chargeIntent, createPaymentIntent } from '../payments/payment-intents';
import { type CheckoutOrder, found } from '../store';
import type { CheckoutSession, Customer, Invoice, LineItem, PaymentIntent, PaymentMethod, Price } from '../wire/stored';
import { change, changing, type World } from '../world';

/** What somebody filled in on the page. */
export interface Payer extends BillingDetails {
	readonly email: string;
	readonly taxId: string | null;
	readonly by: Card | 'bank_debit';
}

/** Pays an open session. A decline is answered and leaves it open; the next try goes to the same payment intent. */
export function completeSession(world: World, session: CheckoutSession, payer: Payer): Decline | undefined {
	const { store } = world;
	const order = found(store.hidden.orders, 'order', session.id);
	const lines = store.hidden.lineItems.get(session.id) ?? [];
	const customer = session.customer === null ? undefined : found(store.customers, 'customer', session.customer);
	const method = payer.by === 'bank_debit' ? addBankAccount(world, payer) : addCard(world, payer.by, payer);
	const intent = session.amount_total === 0 ? undefined : intentOf(world, session, order, customer);
	const decline = intent && chargeIntent(world, intent, method);
	if (decline) return decline;
	const isSubscription = session.mode === 'subscription';
	const named = customer ?? (needsCustomer(session) ? createCustomer(world, payer) : undefined);
	if (named) updateCustomer(world, order, named, payer, session.customer !== null);
	if (named && intent && intent.customer === null) nameCustomer(world, intent, named.id);
	if (named && (isSubscription || order.savesCard)) attach(world, method, named.id);
	const isPaid = intent === undefined || intent.status === 'succeeded';
	if (named && isSubscription) subscribe(world, session, { order, lines, customer: named, method, intent });
	else if (named && session.invoice_creation?.enabled && isPaid)
		invoiceOnce(world, session, { lines, customer: named, intent });
	Object.assign(session, {
		customer: named?.id ?? null,
		customer_details: detailsOf(payer),
		payment_intent: isSubscription ? null : (intent?.id ?? null),
		payment_status: intent === undefined ? 'no_payment_required' : isPaid ? 'paid' : 'unpaid',
		status: 'complete',
		url: null,
		...(session.automatic_tax.enabled && { automatic_tax: { ...session.automatic_tax, status: 'complete' } }),
	});
	world.emit('checkout.session.completed', session);
	return undefined;
}

/** A bank debit has come, or came back. */
export function settleSession(world: World, session: CheckoutSession, outcome: 'succeeded' | 'failed'): void {
	if (outcome === 'succeeded') {
		session.payment_status = 'paid';
		const customer = world.store.customers.get(session.customer ?? '');
		const intent = world.store.paymentIntents.get(session.payment_intent ?? '');
		const lines = world.store.hidden.lineItems.get(session.id) ?? [];
		if (customer && session.invoice_creation?.enabled) invoiceOnce(world, session, { lines, customer, intent });
	}
	world.emit(`checkout.session.async_payment_${outcome}`, session);
}

function needsCustomer({ customer_creation, invoice_creation, mode }: CheckoutSession): boolean {
	return mode === 'subscription' || customer_creation === 'always' || invoice_creation?.enabled === true;
}

/** An existing customer is written over only as far as the session allows. */
function updateCustomer(
	world: World,
	{ customerUpdate }: CheckoutOrder,
	customer: Customer,
	payer: Payer,
	isOld: boolean,
): void {
	const takes = { address: !isOld || customerUpdate.address, name: !isOld || customerUpdate.name };
	change(world, 'customer.updated', customer, {
		address: takes.address && payer.address ? payer.address : undefined,
		name: takes.name && payer.name !== null ? payer.name : undefined,
		email: customer.email ?? payer.email,
	});
}

function intentOf(
	world: World,
	session: CheckoutSession,
	order: CheckoutOrder,
	customer: Customer | undefined,
): PaymentIntent {
	const earlier = world.store.hidden.attempts.get(session.id);
	if (earlier) return found(world.store.paymentIntents, 'payment_intent', earlier);
	const intent = createPaymentIntent(world, {
		amount: session.amount_total ?? 0,
		currency: session.currency ?? 'eur',
		customer: customer?.id ?? null,
		description: order.paymentDescription ?? (session.mode === 'subscription' ? 'Subscription creation' : null),
		metadata: order.paymentMetadata,
		receiptEmail: order.receiptEmail,
		methodTypes: session.payment_method_types,
		savesCard: session.mode === 'subscription' || order.savesCard,
	});
	world.store.hidden.attempts.set(session.id, intent.id);
	if (session.mode === 'payment') session.payment_intent = intent.id;
	return intent;
}

function nameCustomer(world: World, intent: PaymentIntent, customer: string): void {
	intent.customer = customer;
	const charge = world.store.charges.get(intent.latest_charge ?? '');
	if (charge) change(world, 'charge.updated', charge, { customer });
}

interface Bought {
	readonly lines: readonly LineItem[];
	readonly customer: Customer;
	readonly intent: PaymentIntent | undefined;
}

function subscribe(
	world: World,
	session: CheckoutSession,
	{ order, lines, customer, method, intent }: Bought & { order: CheckoutOrder; method: PaymentMethod },
): void {
	const bought = lines.flatMap(({ price, quantity }) => (price ? [{ price, quantity: quantity ?? 1 }] : []));
	const subscription = addSubscription(world, {
		customer: customer.id,
		items: bought.filter(({ price }) => price.recurring !== null),
		paymentMethod: method.id,
		metadata: order.subscriptionMetadata,
		description: order.subscriptionDescription,
		hasAutomaticTax: session.automatic_tax.enabled,
	});
	changing(world, 'customer.subscription.updated', subscription, () => {
		const invoice = addInvoice(world, {
			customer,
			subscription,
			lines: [
				...subscription.items.data.map((item) =>
					periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }),
				),
				...onceBought(bought).map((one) => onceLine(world, one, subscription.id)),
			],
			reason: 'subscription_create',
			periodStart: subscription.start_date,
			periodEnd: subscription.start_date,
			metadata: {},
			description: null,
		});
		payNow(world, session, invoice, intent);
		Object.assign(subscription, { latest_invoice: invoice.id, status: 'active' });
	});
	session.subscription = subscription.id;
}

function invoiceOnce(world: World, session: CheckoutSession, { lines, customer, intent }: Bought): void {
	const now = world.clock.now();
	const data = session.invoice_creation?.invoice_data;
	const bought = lines.flatMap(({ price, quantity }) => (price ? [{ price, quantity: quantity ?? 1 }] : []));
	const invoice = addInvoice(world, {
		customer,
		subscription: null,
		lines: bought.map((one) => onceLine(world, one, null)),
		reason: 'manual',
		periodStart: now,
		periodEnd: now,
		metadata: data?.metadata ?? {},
		description: data?.description ?? null,
	});
	payNow(world, session, invoice, intent);
}

function payNow(world: World, session: CheckoutSession, invoice: Invoice, intent: PaymentIntent | undefined): void {
	// What was charged is the whole price: Checkout leaves the customer's balance alone.
	finalizeInvoice(world, invoice, false);
	session.invoice = invoice.id;
	markPaid(world, invoice, intent ?? 'balance');
}

function onceBought(bought: readonly { price: Price; quantity: number }[]) {
	return bought.filter(({ price }) => price.recurring === null);
}

function detailsOf({ address, email, name, taxId }: Payer): CheckoutSession['customer_details'] {
	return {
		address,
		business_name: null,
		email,
		individual_name: null,
		name,
		phone: null,
		tax_exempt: 'none',
		tax_ids: taxId === null ? [] : [{ type: 'eu_vat', value: taxId }],
	};
}
