import { found, type CheckoutOrder } from '../store';
import { randomLetters } from '../wire/ids';
import { mergeMetadata } from '../wire/params';
import type { CheckoutSession, LineItem } from '../wire/stored';
import type { World } from '../world';
import { refuseContradictions, refuseMixedCurrencies, refusePrice } from './refuse-session';
import type { SessionParams } from './session-params';

/** Of a session that does not choose. */
const LIFETIME_SECONDS = 86_400;

/** A session that waits for somebody to pay on its page. */
export function createSession(world: World, params: SessionParams): CheckoutSession {
	refuseContradictions(world, params);
	const lines = params.line_items.map((_, index) => newLine(world, params, index));
	refuseMixedCurrencies(lines);
	const session = newSession(world, params, lines);
	const { store } = world;
	store.checkoutSessions.set(session.id, session);
	store.hidden.lineItems.set(session.id, lines);
	store.hidden.orders.set(session.id, orderOf(params));
	return session;
}

function newLine({ ids, store }: World, { line_items, mode }: SessionParams, index: number): LineItem {
	const { price: id = '', quantity = 1 } = line_items[index] ?? {};
	const param = `line_items[${index}][price]`;
	const price = found(store.prices, 'price', id, param);
	refusePrice(price, mode, param, line_items.length === 1);
	const amount = (price.unit_amount ?? 0) * quantity;
	return {
		id: ids.next('li'),
		object: 'item',
		adjustable_quantity: null,
		amount_discount: 0,
		amount_subtotal: amount,
		amount_tax: 0,
		amount_total: amount,
		currency: price.currency,
		description: store.products.get(price.product)?.name ?? null,
		metadata: {},
		price,
		quantity,
	};
}

function orderOf({
	customer_update: update,
	payment_intent_data: payment,
	subscription_data: subscription,
}: SessionParams): CheckoutOrder {
	return {
		customerUpdate: { address: update?.address === 'auto', name: update?.name === 'auto' },
		paymentDescription: payment?.description ?? null,
		paymentMetadata: mergeMetadata({}, payment?.metadata),
		receiptEmail: payment?.receipt_email ?? null,
		savesCard: payment?.setup_future_usage !== undefined,
		subscriptionDescription: subscription?.description ?? null,
		subscriptionMetadata: mergeMetadata({}, subscription?.metadata),
	};
}

function newSession(world: World, params: SessionParams, lines: readonly LineItem[]): CheckoutSession {
	const { baseOf, clock, ids } = world;
	const id = ids.next('cs_test');
	const amount = lines.reduce((sum, line) => sum + line.amount_total, 0);
	const isSubscription = params.mode === 'subscription';
	const types = params.payment_method_types ?? (isSubscription ? ['card'] : ['card', 'sepa_debit']);
	return {
		id,
		object: 'checkout.session',
		adaptive_pricing: { enabled: false },
		after_expiration: null,
		allow_promotion_codes: params.allow_promotion_codes ?? null,
		allowed_payment_method_types: null,
		amount_subtotal: amount,
		amount_total: amount,
		automatic_tax: { enabled: params.automatic_tax?.enabled ?? false, liability: null, provider: null, status: null },
		billing_address_collection: params.billing_address_collection ?? null,
		cancel_url: params.cancel_url ?? null,
		client_reference_id: params.client_reference_id ?? null,
		client_secret: null,
		collected_information: null,
		consent: null,
		consent_collection: null,
		created: clock.now(),
		currency: lines[0]?.currency ?? null,
		currency_conversion: null,
		custom_fields: [],
		custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
		customer: params.customer ?? null,
		customer_account: null,
		customer_creation:
			isSubscription || params.customer !== undefined ? null : (params.customer_creation ?? 'if_required'),
		customer_details: null,
		customer_email: params.customer_email ?? null,
		discounts: [],
		expires_at: params.expires_at ?? clock.now() + LIFETIME_SECONDS,
		integration_identifier: null,
		invoice: null,
		invoice_creation: isSubscription ? null : invoiceCreationOf(params),
		livemode: false,
		locale: params.locale ?? null,
		managed_payments: null,
		metadata: mergeMetadata({}, params.metadata),
		mode: params.mode,
		origin_context: null,
		payment_intent: null,
		payment_link: null,
		payment_method_collection: isSubscription ? (params.payment_method_collection ?? 'always') : 'if_required',
		payment_method_configuration_details: null,
		payment_method_options: { card: { request_three_d_secure: 'automatic' } },
		payment_method_types: types,
		payment_status: amount === 0 ? 'no_payment_required' : 'unpaid',
		permissions: null,
		phone_number_collection: { enabled: false },
		recovered_from: null,
		saved_payment_method_options: null,
		setup_intent: null,
		shipping_address_collection: null,
		shipping_cost: null,
		shipping_options: [],
		status: 'open',
		submit_type: params.submit_type ?? null,
		subscription: null,
		success_url: params.success_url,
		tax_id_collection: { enabled: params.tax_id_collection?.enabled ?? false, required: 'never' },
		total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
		ui_mode: 'hosted_page',
		url: `${baseOf()}/checkout/${id}#${randomLetters(24)}`,
		wallet_options: null,
	};
}

function invoiceCreationOf({ invoice_creation: creation }: SessionParams): CheckoutSession['invoice_creation'] {
	const data = creation?.invoice_data;
	return {
		enabled: creation?.enabled ?? false,
		invoice_data: {
			account_tax_ids: null,
			custom_fields: null,
			description: data?.description ?? null,
			footer: data?.footer ?? null,
			issuer: null,
			metadata: mergeMetadata({}, data?.metadata),
			rendering_options: null,
		},
	};
}
