import type Stripe from 'stripe';

/**
 * An object of the SDK's types as it is kept here and sent when nothing is expanded: fields that may hold an object or its id hold
 * the id, and decimals are the strings that travel.
 */
export type Stored<T> = string extends T
	? Extract<T, string | null | undefined>
	: T extends Stripe.Decimal
		? string
		: T extends readonly (infer Item)[]
			? Stored<Item>[]
			: T extends object
				? { [Key in keyof T]: Stored<T[Key]> }
				: T;

export type Address = Stored<Stripe.Address>;
export type Charge = Stored<Stripe.Charge>;
export type CheckoutSession = Stored<Stripe.Checkout.Session>;
export type Customer = Stored<Stripe.Customer>;
export type Dispute = Stored<Stripe.Dispute>;
export type Invoice = Stored<Stripe.Invoice>;
export type InvoiceLine = Stored<Stripe.InvoiceLineItem>;
export type InvoicePayment = Stored<Stripe.InvoicePayment>;
export type LineItem = Stored<Stripe.LineItem>;
export type PaymentIntent = Stored<Stripe.PaymentIntent>;
export type PaymentMethod = Stored<Stripe.PaymentMethod>;
export type PortalConfiguration = Stored<Stripe.BillingPortal.Configuration>;
export type PortalSession = Stored<Stripe.BillingPortal.Session>;
export type Price = Stored<Stripe.Price>;
export type Product = Stored<Stripe.Product>;
export type Refund = Stored<Stripe.Refund>;
export type Subscription = Stored<Stripe.Subscription>;
export type SubscriptionItem = Stored<Stripe.SubscriptionItem>;
export type WebhookEndpoint = Stored<Stripe.WebhookEndpoint>;
export type Metadata = Record<string, string>;

/** An event as it is listed and sent; `object` is a copy of the object at that time. */
export interface StripeEvent {
	readonly id: string;
	readonly object: 'event';
	readonly api_version: string;
	readonly created: number;
	readonly data: { readonly object: object; readonly previous_attributes?: object };
	readonly livemode: false;
	pending_webhooks: number;
	readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
	readonly type: string;
}
