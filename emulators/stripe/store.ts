import type { CardBehaviour } from './customers/test-cards';
import { noSuch } from './wire/errors';
import type {
	Charge,
	CheckoutSession,
	Customer,
	Dispute,
	Invoice,
	InvoiceLine,
	InvoicePayment,
	LineItem,
	PaymentIntent,
	PaymentMethod,
	PortalConfiguration,
	PortalSession,
	Price,
	Product,
	Refund,
	StripeEvent,
	Subscription,
	WebhookEndpoint,
} from './wire/stored';

function createTables() {
	return {
		products: new Map<string, Product>(),
		prices: new Map<string, Price>(),
		customers: new Map<string, Customer>(),
		deletedCustomers: new Map<string, { id: string; object: 'customer'; deleted: true }>(),
		paymentMethods: new Map<string, PaymentMethod>(),
		paymentIntents: new Map<string, PaymentIntent>(),
		charges: new Map<string, Charge>(),
		checkoutSessions: new Map<string, CheckoutSession>(),
		subscriptions: new Map<string, Subscription>(),
		invoices: new Map<string, Invoice>(),
		invoicePayments: new Map<string, InvoicePayment>(),
		refunds: new Map<string, Refund>(),
		disputes: new Map<string, Dispute>(),
		portalConfigurations: new Map<string, PortalConfiguration>(),
		portalSessions: new Map<string, PortalSession>(),
		webhookEndpoints: new Map<string, WebhookEndpoint>(),
		events: new Map<string, StripeEvent>(),
	};
}

/** What Stripe knows and shows to nobody, or shows only when it is asked to expand it. */
function createHidden() {
	return {
		/** By payment method. */
		cards: new Map<string, CardBehaviour>(),
		/** By checkout session. */
		lineItems: new Map<string, LineItem[]>(),
		orders: new Map<string, CheckoutOrder>(),
		/** The payment intent that a session's tries go to. */
		attempts: new Map<string, string>(),
		/** By subscription: proration lines that wait for the next invoice. */
		pendingLines: new Map<string, InvoiceLine[]>(),
		/** By subscription: the price that takes the place of its own when its period ends. */
		scheduledPrices: new Map<string, string>(),
		/** Customers and subscriptions whose next renewal is told to fail. */
		failingRenewals: new Set<string>(),
		/** Period ends of which `invoice.upcoming` was sent: `{subscription}:{end}`. */
		announcedRenewals: new Set<string>(),
	};
}

/** What a checkout session will make when it is paid. */
export interface CheckoutOrder {
	readonly paymentMetadata: Record<string, string>;
	readonly paymentDescription: string | null;
	readonly subscriptionMetadata: Record<string, string>;
	readonly subscriptionDescription: string | null;
	readonly receiptEmail: string | null;
	readonly savesCard: boolean;
	readonly customerUpdate: { readonly address: boolean; readonly name: boolean };
}

export type Store = ReturnType<typeof createTables> & {
	readonly hidden: ReturnType<typeof createHidden>;
	/** An object of any kind. */
	find(id: string): object | undefined;
	reset(): void;
};

export function createStore(): Store {
	const tables = createTables();
	const hidden = createHidden();
	return {
		...tables,
		hidden,
		find: (id) =>
			Object.values(tables)
				.find((table) => table.has(id))
				?.get(id),
		reset() {
			for (const table of [...Object.values(tables), ...Object.values(hidden)]) table.clear();
		},
	};
}

/** The rows of a table, the newest first. */
export function newestFirst<T>(table: ReadonlyMap<string, T>): T[] {
	return [...table.values()].toReversed();
}

/** The object that the path names, or 404; with `param`, the one that a parameter names, or 400. */
export function found<T>(table: ReadonlyMap<string, T>, kind: string, id: string, param?: string): T {
	const object = table.get(id);
	if (!object) throw param === undefined ? noSuch(kind, id, 'id') : noSuch(kind, id, param, 400);
	return object;
}
