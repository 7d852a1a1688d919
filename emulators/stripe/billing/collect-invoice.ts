import type { Decline } from '../payments/declines';
import { found } from '../store';
import type { Invoice, InvoiceLine, PaymentMethod, Subscription } from '../wire/stored';
import type { World } from '../world';
import type { LineDraft } from './invoice-lines';
import { addInvoice, finalizeInvoice, type InvoiceOrder } from './new-invoice';
import { payInvoice } from './pay-invoice';

/** The card that pays for a subscription: its own, or else its customer's. */
export function paymentMethodOf({ store }: World, subscription: Subscription): PaymentMethod | undefined {
	const customer = store.customers.get(subscription.customer);
	const id = subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method;
	return store.paymentMethods.get(id ?? '');
}

/**
 * Invoices these lines, and the prorations that wait, and takes the money: the subscription is active when it came and past due
 * when it did not. For one that was given up as unpaid the invoice stays a draft. The caller tells of the subscription's change.
 */
export function collectInvoice(
	world: World,
	subscription: Subscription,
	order: Pick<InvoiceOrder, 'reason' | 'periodStart' | 'periodEnd'> & { lines: readonly LineDraft[] },
): Invoice {
	const { store } = world;
	const invoice = addInvoice(world, {
		...order,
		lines: [...takePendingLines(world, subscription.id), ...order.lines],
		customer: found(store.customers, 'customer', subscription.customer),
		subscription,
		metadata: {},
		description: null,
	});
	subscription.latest_invoice = invoice.id;
	if (subscription.status === 'unpaid') return Object.assign(invoice, { auto_advance: false });
	finalizeInvoice(world, invoice);
	settle(subscription, payInvoice(world, invoice, paymentMethodOf(world, subscription), takeTold(world, subscription)));
	return invoice;
}

/** Tries an open invoice again, with this card or the one that is now on file. */
export function retryInvoice(
	world: World,
	invoice: Invoice,
	subscription: Subscription,
	method = paymentMethodOf(world, subscription),
): Decline | 'no_payment_method' | undefined {
	const decline = payInvoice(world, invoice, method, takeTold(world, subscription));
	settle(subscription, decline);
	return decline;
}

/** Whether a control told this charge to fail; only one charge is. */
export function takeTold({ store }: World, { customer, id }: Subscription): boolean {
	return [id, customer].some((told) => store.hidden.failingRenewals.delete(told));
}

function settle(subscription: Subscription, decline: Decline | 'no_payment_method' | undefined): void {
	if (subscription.status === 'canceled') return;
	if (decline === undefined) subscription.status = 'active';
	else if (subscription.status === 'active') subscription.status = 'past_due';
}

function takePendingLines({ store }: World, subscription: string): InvoiceLine[] {
	const lines = store.hidden.pendingLines.get(subscription) ?? [];
	store.hidden.pendingLines.delete(subscription);
	return lines;
}

/** The line that paid for an item's running period, so that a credit can name it. */
export function lastPaidLine({ store }: World, itemId: string): InvoiceLine | undefined {
	return [...store.invoices.values()]
		.flatMap((invoice) => invoice.lines.data)
		.findLast(({ amount, parent }) => amount > 0 && parent?.subscription_item_details?.subscription_item === itemId);
}
