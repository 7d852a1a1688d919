import { found } from '../store';
import { listOf } from '../wire/answer-list';
import type { Customer, Invoice, Subscription } from '../wire/stored';
import type { World } from '../world';
import type { LineDraft } from './invoice-lines';

export interface InvoiceOrder {
	readonly customer: Customer;
	readonly subscription: Subscription | null;
	readonly lines: readonly LineDraft[];
	readonly reason: 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'upcoming';
	/** The period that is over, as Stripe has it here; the lines have their own. */
	readonly periodStart: number;
	readonly periodEnd: number;
	readonly metadata: Record<string, string>;
	readonly description: string | null;
}

/** A draft, kept, with `invoice.created` told. */
export function addInvoice(world: World, order: InvoiceOrder): Invoice {
	const invoice = draftInvoice(world, world.ids.next('in'), order);
	world.store.invoices.set(invoice.id, invoice);
	world.emit('invoice.created', invoice);
	return invoice;
}

/** What is the same in every draft. */
const UNTOUCHED = {
	account_country: 'DE',
	account_name: 'Afterglow',
	account_tax_ids: null,
	amount_overpaid: 0,
	amount_paid: 0,
	amount_shipping: 0,
	application: null,
	attempt_count: 0,
	attempted: false,
	auto_advance: true,
	automatically_finalizes_at: null,
	collection_method: 'charge_automatically',
	custom_fields: null,
	customer_account: null,
	customer_shipping: null,
	customer_tax_ids: [],
	default_payment_method: null,
	default_source: null,
	default_tax_rates: [],
	discounts: [],
	due_date: null,
	effective_at: null,
	ending_balance: null,
	footer: null,
	from_invoice: null,
	hosted_invoice_url: null,
	invoice_pdf: null,
	issuer: { type: 'self' },
	last_finalization_error: null,
	latest_revision: null,
	livemode: false,
	next_payment_attempt: null,
	number: null,
	on_behalf_of: null,
	payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
	post_payment_credit_notes_amount: 0,
	pre_payment_credit_notes_amount: 0,
	receipt_number: null,
	rendering: null,
	shipping_cost: null,
	shipping_details: null,
	statement_descriptor: null,
	status: 'draft',
	status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
	test_clock: null,
	total_discount_amounts: [],
	total_pretax_credit_amounts: [],
	total_taxes: [],
	webhooks_delivered_at: null,
} satisfies Partial<Invoice>;

/** A draft that is not kept, as `invoice.upcoming` shows it. */
export function draftInvoice({ clock }: World, id: string, order: InvoiceOrder): Invoice {
	const { customer, subscription, lines } = order;
	const total = lines.reduce((sum, { amount }) => sum + amount, 0);
	const due = Math.max(0, total + customer.balance);
	return {
		...structuredClone(UNTOUCHED),
		id,
		object: 'invoice',
		amount_due: due,
		amount_remaining: due,
		automatic_tax: {
			disabled_reason: null,
			enabled: subscription?.automatic_tax.enabled ?? false,
			liability: null,
			provider: null,
			status: null,
		},
		billing_reason: order.reason,
		created: clock.now(),
		currency: lines[0]?.currency ?? subscription?.currency ?? 'eur',
		customer: customer.id,
		customer_address: customer.address ?? null,
		customer_email: customer.email,
		customer_name: customer.name ?? null,
		customer_phone: customer.phone ?? null,
		customer_tax_exempt: customer.tax_exempt ?? 'none',
		description: order.description,
		lines: listOf(
			lines.map((line) => ({ ...line, invoice: id })),
			`/v1/invoices/${id}/lines`,
		),
		metadata: order.metadata,
		parent: subscription && {
			quote_details: null,
			subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
			type: 'subscription_details',
		},
		period_end: order.periodEnd,
		period_start: order.periodStart,
		starting_balance: customer.balance,
		subtotal: total,
		subtotal_excluding_tax: total,
		total,
		total_excluding_tax: total,
	};
}

/** Gives the invoice its number and pages and, if so told, settles it with the customer's balance as far as that goes. */
export function finalizeInvoice(world: World, invoice: Invoice, usesBalance = true): void {
	const { baseOf, clock, store } = world;
	const customer = found(store.customers, 'customer', invoice.customer ?? '');
	const sequence = customer.next_invoice_sequence ?? 1;
	const startingBalance = usesBalance ? customer.balance : 0;
	const due = Math.max(0, invoice.total + startingBalance);
	const endingBalance = invoice.total + startingBalance - due;
	Object.assign(invoice, {
		amount_due: due,
		amount_remaining: due,
		effective_at: clock.now(),
		ending_balance: endingBalance,
		hosted_invoice_url: `${baseOf()}/invoice/${invoice.id}`,
		invoice_pdf: `${baseOf()}/invoice/${invoice.id}/pdf`,
		number: `${customer.invoice_prefix ?? 'INV'}-${String(sequence).padStart(4, '0')}`,
		starting_balance: startingBalance,
		status: 'open',
		status_transitions: { ...invoice.status_transitions, finalized_at: clock.now() },
	});
	Object.assign(customer, { next_invoice_sequence: sequence + 1, currency: customer.currency ?? invoice.currency });
	if (endingBalance !== startingBalance) {
		customer.balance = endingBalance;
		world.emit('customer.updated', customer, { balance: startingBalance });
	}
	world.emit('invoice.finalized', invoice);
}
