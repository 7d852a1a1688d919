/*
 * What we ask of Stripe, in our own words. The gateway (`workers/core/gateways/stripe.ts`) narrows Stripe's objects to these
 * before anything else sees them: no address, no name, no card but its brand and last four digits gets further (DD-11).
 * Amounts are cents of `currency`; times are milliseconds.
 */

/** A session of Stripe's till. */
export interface StripeCheckout {
	/** `cs_…` */
	id: string;
	/** Our `checkouts.id`, sent with it. */
	checkoutId: string | null;
	customerId: string | null;
	mode: 'payment' | 'subscription' | 'setup';
	status: 'open' | 'complete' | 'expired';
	paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
	/** Lookup key of the one price that was bought, and how many; null when the session has another shape. */
	line: { priceKey: string | null; quantity: number; unitCents: number; currency: string } | null;
	/** Before tax and after discounts are told apart by Stripe; `totalCents` is what was paid. */
	totalCents: number;
	currency: string;
	/** `pi_…`; null for subscriptions, and when nothing was to be paid. */
	paymentId: string | null;
	subscriptionId: string | null;
	/** The invoice of a one-off payment. */
	invoiceId: string | null;
	createdAtMs: number;
}

export interface StripeInvoiceLine {
	/** Lookup key of the line's price. */
	priceKey: string | null;
	/** Negative for what a change of plan gives back. */
	cents: number;
	quantity: number;
	isProration: boolean;
	periodStartMs: number;
	periodEndMs: number;
}

export interface StripeInvoice {
	/** `in_…` */
	id: string;
	customerId: string | null;
	/** Null: not an invoice of a subscription. */
	subscriptionId: string | null;
	status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
	paidCents: number;
	currency: string;
	/** The payment behind it; null when it was paid outside of Stripe, or nothing was due. */
	paymentId: string | null;
	lines: readonly StripeInvoiceLine[];
	createdAtMs: number;
	paidAtMs: number | null;
}

export interface StripeSubscription {
	id: string;
	customerId: string;
	/** Stripe's word: active, trialing, past_due, canceled, unpaid, incomplete, incomplete_expired, paused. */
	status: string;
	priceKey: string | null;
	periodStartMs: number | null;
	periodEndMs: number | null;
	isEnding: boolean;
	card: StripeCard | null;
	createdAtMs: number;
}

export interface StripeCard {
	brand: string;
	last4: string;
}

export interface StripePayment {
	/** `pi_…` */
	id: string;
	customerId: string | null;
	status: string;
	receivedCents: number;
	currency: string;
	createdAtMs: number;
}

export interface StripeRefund {
	/** `re_…` */
	id: string;
	paymentId: string | null;
	cents: number;
	currency: string;
	status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
	createdAtMs: number;
}

export interface StripeDispute {
	/** `dp_…` */
	id: string;
	paymentId: string | null;
	cents: number;
	currency: string;
	/** What it means for us: Stripe's words that we do not know count as `open`. */
	state: 'open' | 'won' | 'lost';
	createdAtMs: number;
}

/** What a night's comparison pages through. */
export type StripeListed =
	| { kind: 'checkout'; checkout: StripeCheckout }
	| { kind: 'invoice'; invoice: StripeInvoice }
	| { kind: 'refund'; refund: StripeRefund }
	| { kind: 'dispute'; dispute: StripeDispute }
	/** One of them, in words that we do not know. */
	| { kind: 'unreadable'; objectId: string };

/** Lists of one kind within a time, all pages: `[fromMs, toMs)` by when the object was made. */
export type StripeListing = Exclude<StripeListed['kind'], 'unreadable'>;

/**
 * Reads answer null for what Stripe does not know. All calls throw `upstream_unavailable` (retryable) when Stripe cannot be
 * reached or asks to come again, and `AppError` codes of ours for refusals; nothing is sent twice without the same
 * idempotency key.
 */
export interface StripeGateway {
	/** Whether the key is a live one: events and objects of the other mode are not ours. */
	readonly isLive: boolean;
	/** Each key makes one; of two customers of an account the one that is stored counts, and the other stays empty. */
	createCustomer(input: { accountId: string; idempotencyKey: string }): Promise<{ id: string }>;
	/** Deletes a customer, whose plans end with it at once. One that is deleted already, or was never known, is left as it is. */
	deleteCustomer(customerId: string): Promise<void>;
	/** Whether Stripe says that the customer is deleted, or does not know it. */
	isCustomerGone(customerId: string): Promise<boolean>;
	/** Opens the till for one item. Its idempotency key is the checkout's id. */
	openCheckout(input: {
		checkoutId: string;
		customerId: string;
		mode: 'payment' | 'subscription';
		priceKey: string;
		unitCents: number;
		currency: string;
		successUrl: string;
		cancelUrl: string;
	}): Promise<{ id: string; url: string }>;
	/** Ends an open till, so that nothing can be paid there any more. */
	expireCheckout(sessionId: string): Promise<void>;
	openPortal(input: {
		customerId: string;
		returnUrl: string;
		/** Straight to the card, or to ending the plan; null: the overview. */
		flow: { kind: 'card' } | { kind: 'cancel'; subscriptionId: string } | null;
	}): Promise<{ url: string }>;
	readCheckout(id: string): Promise<StripeCheckout | null>;
	findCheckoutOf(paymentId: string): Promise<StripeCheckout | null>;
	readInvoice(id: string): Promise<StripeInvoice | null>;
	findInvoiceOf(paymentId: string): Promise<StripeInvoice | null>;
	/** Stripe's own page of an invoice; null while there is none. */
	readInvoicePage(id: string): Promise<{ url: string; pdfUrl: string | null } | null>;
	readSubscription(id: string): Promise<StripeSubscription | null>;
	/** All of a customer's, the ended ones too; none of a customer that Stripe does not know. */
	listSubscriptions(customerId: string): Promise<StripeSubscription[]>;
	/** The card that a customer pays with; null for none, or another way of paying. */
	readCard(customerId: string): Promise<StripeCard | null>;
	readPayment(id: string): Promise<StripePayment | null>;
	readRefund(id: string): Promise<StripeRefund | null>;
	/** All refunds of a payment, oldest first. */
	listRefunds(paymentId: string): Promise<StripeRefund[]>;
	readDispute(id: string): Promise<StripeDispute | null>;
	listDisputes(paymentId: string): Promise<StripeDispute[]>;
	/** Gives money back; `cents` null: all that is left. */
	refund(input: { paymentId: string; cents: number | null; idempotencyKey: string }): Promise<StripeRefund>;
	list(kind: StripeListing, within: { fromMs: number; toMs: number }): Promise<StripeListed[]>;
	/**
	 * Makes what this deployment needs at Stripe: a product and a price for every pack and plan under its lookup key, and the
	 * portal's configuration. Repeating it changes nothing; answers what it made.
	 */
	prepare(input: {
		items: readonly { priceKey: string; name: string; cents: number; currency: string; monthly: boolean }[];
		studioName: string;
	}): Promise<{ made: readonly string[] }>;
}
