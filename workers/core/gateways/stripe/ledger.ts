import type Stripe from 'stripe';
import { ZodError } from 'zod';

import type { StripeGateway, StripeInvoice, StripeListed, StripeListing } from '../../billing/stripe-gateway';
import { AppError, notFound } from '../../errors';
import { asking, askingFor, StripeRefusal } from './asking';
import { collect } from './collect';
import {
	defaultCardOf,
	idOf,
	toCard,
	toCheckout,
	toDispute,
	toInvoice,
	toPayment,
	toRefund,
	toSubscription,
} from './narrow';

const PAGE = 100;

type Ledger = Omit<
	StripeGateway,
	| 'isLive'
	| 'createCustomer'
	| 'deleteCustomer'
	| 'isCustomerGone'
	| 'openCheckout'
	| 'expireCheckout'
	| 'openPortal'
	| 'prepare'
>;

/** What was paid and given back, as Stripe has it now. */
export function createLedger(stripe: Stripe): Ledger {
	const toWholeInvoice = invoiceReader(stripe);
	const readInvoice = async (id: string) => {
		const invoice = await askingFor(() => stripe.invoices.retrieve(id, { expand: ['payments'] }));
		return invoice === null ? null : toWholeInvoice(invoice);
	};
	return {
		readCheckout: async (id) => {
			const session = await askingFor(() => stripe.checkout.sessions.retrieve(id, { expand: ['line_items'] }));
			return session === null ? null : toCheckout(session);
		},
		findCheckoutOf: async (paymentId) => {
			const found = await askingFor(() =>
				stripe.checkout.sessions.list({ payment_intent: paymentId, limit: 1, expand: ['data.line_items'] }),
			);
			const [session] = found?.data ?? [];
			return session === undefined ? null : toCheckout(session);
		},
		readInvoice,
		findInvoiceOf: async (paymentId) => {
			const payment = { type: 'payment_intent', payment_intent: paymentId } as const;
			const found = await askingFor(() => stripe.invoicePayments.list({ payment, limit: 1 }));
			const id = idOf(found?.data[0]?.invoice);
			return id === null ? null : readInvoice(id);
		},
		readInvoicePage: async (id) => {
			const invoice = await askingFor(() => stripe.invoices.retrieve(id));
			const url = invoice?.hosted_invoice_url ?? null;
			return url === null ? null : { url, pdfUrl: invoice?.invoice_pdf ?? null };
		},
		readSubscription: async (id) => {
			const expand = ['default_payment_method', 'customer.invoice_settings.default_payment_method'];
			const subscription = await askingFor(() => stripe.subscriptions.retrieve(id, { expand }));
			return subscription === null ? null : toSubscription(subscription);
		},
		listSubscriptions: async (customerId) => {
			const expand = ['data.default_payment_method', 'data.customer.invoice_settings.default_payment_method'];
			const ofCustomer = { customer: customerId, status: 'all', limit: PAGE, expand } as const;
			const found = await askingFor(() => collect(stripe.subscriptions.list(ofCustomer)));
			return (found ?? []).map(toSubscription);
		},
		readCard: (customerId) => readCard(stripe, customerId),
		readPayment: async (id) => {
			const payment = await askingFor(() => stripe.paymentIntents.retrieve(id));
			return payment === null ? null : toPayment(payment);
		},
		readRefund: async (id) => {
			const refund = await askingFor(() => stripe.refunds.retrieve(id));
			return refund === null ? null : toRefund(refund);
		},
		listRefunds: async (paymentId) => {
			const found = await askingFor(() => collect(stripe.refunds.list({ payment_intent: paymentId, limit: PAGE })));
			return (found ?? []).map(toRefund).toReversed();
		},
		readDispute: async (id) => {
			const dispute = await askingFor(() => stripe.disputes.retrieve(id));
			return dispute === null ? null : toDispute(dispute);
		},
		listDisputes: async (paymentId) => {
			const found = await askingFor(() => collect(stripe.disputes.list({ payment_intent: paymentId, limit: PAGE })));
			return (found ?? []).map(toDispute).toReversed();
		},
		refund: (input) => giveBack(stripe, input),
		list: (kind, within) => list(stripe, toWholeInvoice, kind, within),
	};
}

/**
 * With all lines, where an invoice shows its first ones alone, and the lookup key of each one's price, which lies one level deeper
 * than Stripe expands. A price keeps its key, so each is read once while this reader lives.
 */
function invoiceReader(stripe: Stripe): (invoice: Stripe.Invoice) => Promise<StripeInvoice> {
	const priceKeys = new Map<string, string | null>();
	const priceKeyOf = async (line: Stripe.InvoiceLineItem) => {
		const id = idOf(line.pricing?.price_details?.price);
		if (id === null) return null;
		const known = priceKeys.get(id);
		if (known !== undefined) return known;
		const price = await askingFor(() => stripe.prices.retrieve(id));
		const key = price?.lookup_key ?? null;
		priceKeys.set(id, key);
		return key;
	};
	return async (invoice) => {
		const lines = invoice.lines.has_more
			? await collect(stripe.invoices.listLineItems(invoice.id, { limit: PAGE }))
			: invoice.lines.data;
		const keyed = [];
		// One after another: the second line of the same price finds its key.
		for (const line of lines) keyed.push({ line, priceKey: await priceKeyOf(line) });
		return toInvoice(invoice, keyed);
	};
}

async function readCard(stripe: Stripe, customerId: string) {
	const expand = ['invoice_settings.default_payment_method'];
	const customer = await askingFor(() => stripe.customers.retrieve(customerId, { expand }));
	if (customer === null || customer.deleted === true) return null;
	const chosen = defaultCardOf(customer);
	if (chosen !== null) return chosen;
	const kept = await askingFor(() => stripe.customers.listPaymentMethods(customerId, { type: 'card', limit: 1 }));
	return toCard(kept?.data[0]);
}

async function giveBack(stripe: Stripe, input: Parameters<StripeGateway['refund']>[0]) {
	const { paymentId, cents, idempotencyKey } = input;
	const params: Stripe.RefundCreateParams = {
		payment_intent: paymentId,
		reason: 'requested_by_customer',
		...(cents === null ? {} : { amount: cents }),
	};
	try {
		return toRefund(await asking(() => stripe.refunds.create(params, { idempotencyKey })));
	} catch (error) {
		if (!(error instanceof StripeRefusal)) throw error;
		if (error.isMissing) throw notFound('payment');
		throw new AppError(
			'conflict',
			'Stripe does not give this back: it is more than what is left of the payment, or the payment is disputed or not settled, or this key was used for another refund. Look at the payment at Stripe.',
			{ cause: error, details: error.code === null ? {} : { reason: error.code } },
		);
	}
}

async function list(
	stripe: Stripe,
	toWholeInvoice: (invoice: Stripe.Invoice) => Promise<StripeInvoice>,
	kind: StripeListing,
	{ fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<StripeListed[]> {
	// Stripe counts seconds: an object of the second that `toMs` lies in is made before it or not at all.
	const page = { created: { gte: Math.ceil(fromMs / 1000), lt: Math.ceil(toMs / 1000) }, limit: PAGE };
	switch (kind) {
		case 'checkout': {
			const all = await collect(stripe.checkout.sessions.list({ ...page, expand: ['data.line_items'] }));
			return Promise.all(all.map((each) => readable(each, (session) => ({ kind, checkout: toCheckout(session) }))));
		}
		case 'invoice': {
			const listed: StripeListed[] = [];
			for (const invoice of await collect(stripe.invoices.list({ ...page, expand: ['data.payments'] }))) {
				listed.push(await readable(invoice, async (each) => ({ kind, invoice: await toWholeInvoice(each) })));
			}
			return listed;
		}
		case 'refund':
			return Promise.all(
				(await collect(stripe.refunds.list(page))).map((each) =>
					readable(each, (refund) => ({ kind, refund: toRefund(refund) })),
				),
			);
		case 'dispute':
			return Promise.all(
				(await collect(stripe.disputes.list(page))).map((each) =>
					readable(each, (dispute) => ({ kind, dispute: toDispute(dispute) })),
				),
			);
	}
}

/** One in words that we do not know must not hide the others of its list. */
async function readable<T extends { id: string }>(
	object: T,
	narrow: (object: T) => StripeListed | Promise<StripeListed>,
): Promise<StripeListed> {
	try {
		return await narrow(object);
	} catch (error) {
		if (error instanceof ZodError) return { kind: 'unreadable', objectId: object.id };
		throw error;
	}
}
