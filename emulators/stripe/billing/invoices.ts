import { z } from 'zod';
import { cardError } from '../payments/declines';
import { found, newestFirst } from '../store';
import { invalid } from '../wire/errors';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { bool, mergeMetadata, metadata, text } from '../wire/params';
import type { Invoice } from '../wire/stored';
import { change, changing, type World } from '../world';
import { retryInvoice } from './collect-invoice';
import { markPaid, payInvoice } from './pay-invoice';

const payment = { paid_out_of_band: bool.default(false), payment_method: text.optional() };
type Payment = z.output<z.ZodObject<typeof payment>>;

const filters = {
	customer: text.optional(),
	status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
	subscription: text.optional(),
};

export function invoiceOperations(world: World): Operation[] {
	const { clock, store } = world;
	const find = (id: string) => found(store.invoices, 'invoice', id);
	const end = (id: string, status: 'void' | 'uncollectible') => {
		const invoice = requireOpen(find(id));
		const at = { [status === 'void' ? 'voided_at' : 'marked_uncollectible_at']: clock.now() };
		Object.assign(invoice, { status, auto_advance: false, next_payment_attempt: null });
		Object.assign(invoice.status_transitions, at);
		world.emit(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', invoice);
		return invoice;
	};
	return [
		operation('GET', '/v1/invoices/:id', {}, (_, id) => find(id)),
		operation('POST', '/v1/invoices/:id', { metadata: metadata.optional() }, (params, id) => {
			const invoice = find(id);
			change(world, 'invoice.updated', invoice, { metadata: mergeMetadata(invoice.metadata ?? {}, params.metadata) });
			return invoice;
		}),
		listOperation('/v1/invoices', filters, ({ subscription, ...same }) =>
			newestFirst(store.invoices).filter(
				(invoice) =>
					matches(same, invoice) &&
					(subscription === undefined || invoice.parent?.subscription_details?.subscription === subscription),
			),
		),
		listOperation('/v1/invoices/:id/lines', {}, (_, id) => find(id).lines.data),
		operation('POST', '/v1/invoices/:id/pay', payment, (params, id) => pay(world, requireOpen(find(id)), params)),
		operation('POST', '/v1/invoices/:id/void', {}, (_, id) => end(id, 'void')),
		operation('POST', '/v1/invoices/:id/mark_uncollectible', {}, (_, id) => end(id, 'uncollectible')),
		...invoicePaymentOperations(world),
	];
}

const paymentFilters = {
	invoice: text.optional(),
	payment: z.strictObject({ payment_intent: text.optional(), type: z.enum(['payment_intent']) }).optional(),
	status: z.enum(['canceled', 'open', 'paid']).optional(),
};

function invoicePaymentOperations({ store }: World): Operation[] {
	return [
		operation('GET', '/v1/invoice_payments/:id', {}, (_, id) => found(store.invoicePayments, 'invoice_payment', id)),
		listOperation('/v1/invoice_payments', paymentFilters, ({ payment: wanted, ...same }) =>
			newestFirst(store.invoicePayments).filter(
				(one) => matches(same, one) && matches({ payment_intent: wanted?.payment_intent }, one.payment),
			),
		),
	];
}

function requireOpen(invoice: Invoice): Invoice {
	if (invoice.status === 'paid') throw invalid('Invoice is already paid', { code: 'invoice_already_paid' });
	if (invoice.status === 'open') return invoice;
	throw invalid(`The invoice ${invoice.id} is ${invoice.status}; only an open invoice can be changed so.`, {
		code: 'invoice_not_editable',
	});
}

function pay(
	world: World,
	invoice: Invoice,
	{ paid_out_of_band: isPaidElsewhere, payment_method: method }: Payment,
): Invoice {
	const { store } = world;
	const subscription = store.subscriptions.get(invoice.parent?.subscription_details?.subscription ?? '');
	if (isPaidElsewhere) {
		Object.assign(invoice, { amount_paid_off_stripe: invoice.amount_remaining });
		markPaid(world, invoice, 'elsewhere');
		if (subscription?.status === 'past_due')
			change(world, 'customer.subscription.updated', subscription, { status: 'active' });
		return invoice;
	}
	const own = method === undefined ? undefined : found(store.paymentMethods, 'PaymentMethod', method, 'payment_method');
	if (!subscription) return paidOrRefused(world, invoice, payInvoice(world, invoice, own));
	const decline = changing(world, 'customer.subscription.updated', subscription, () =>
		retryInvoice(world, invoice, subscription, own),
	);
	return paidOrRefused(world, invoice, decline);
}

function paidOrRefused({ store }: World, invoice: Invoice, decline: ReturnType<typeof payInvoice>): Invoice {
	if (!decline) return invoice;
	if (decline === 'no_payment_method') {
		throw invalid('There is no `default_payment_method` set on this Customer or Invoice.', { code: 'missing' });
	}
	const taken = [...store.invoicePayments.values()].find((one) => one.invoice === invoice.id);
	throw cardError(decline, found(store.paymentIntents, 'payment_intent', taken?.payment.payment_intent ?? ''));
}
