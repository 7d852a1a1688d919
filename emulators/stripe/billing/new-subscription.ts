import { listOf } from '../wire/answer-list';
import type { Price, Subscription, SubscriptionItem } from '../wire/stored';
import type { World } from '../world';
import { type Period, periodFrom } from './periods';

export interface SubscriptionOrder {
	readonly customer: string;
	readonly items: readonly { price: Price; quantity: number }[];
	readonly paymentMethod: string;
	readonly metadata: Record<string, string>;
	readonly description: string | null;
	readonly hasAutomaticTax: boolean;
}

/** A subscription that begins now and waits for its first payment; kept, with its creation told. */
export function addSubscription(world: World, order: SubscriptionOrder): Subscription {
	const { clock, ids, store } = world;
	const now = clock.now();
	const id = ids.next('sub');
	const items = order.items.map(({ price, quantity }) =>
		newItem(world, id, { price, quantity }, periodFrom(now, now, price)),
	);
	const subscription: Subscription = {
		id,
		object: 'subscription',
		application: null,
		application_fee_percent: null,
		automatic_tax: { disabled_reason: null, enabled: order.hasAutomaticTax, liability: null },
		billing_cycle_anchor: now,
		billing_cycle_anchor_config: null,
		billing_mode: { flexible: null, type: 'classic' },
		billing_schedules: [],
		billing_thresholds: null,
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: null,
		cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
		collection_method: 'charge_automatically',
		created: now,
		currency: order.items[0]?.price.currency ?? 'eur',
		customer: order.customer,
		customer_account: null,
		days_until_due: null,
		default_payment_method: order.paymentMethod,
		default_source: null,
		default_tax_rates: [],
		description: order.description,
		discounts: [],
		ended_at: null,
		invoice_settings: {
			account_tax_ids: null,
			custom_fields: null,
			description: null,
			footer: null,
			issuer: { type: 'self' },
		},
		items: listOf(items, `/v1/subscription_items?subscription=${id}`),
		latest_invoice: null,
		livemode: false,
		managed_payments: null,
		metadata: order.metadata,
		next_pending_invoice_item_invoice: null,
		on_behalf_of: null,
		pause_collection: null,
		payment_settings: {
			payment_method_options: null,
			payment_method_types: null,
			save_default_payment_method: 'off',
		},
		pending_invoice_item_interval: null,
		pending_setup_intent: null,
		pending_update: null,
		schedule: null,
		start_date: now,
		status: 'incomplete',
		test_clock: null,
		transfer_data: null,
		trial_end: null,
		trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
		trial_start: null,
	};
	store.subscriptions.set(id, subscription);
	world.emit('customer.subscription.created', subscription);
	return subscription;
}

export function newItem(
	{ clock, ids }: World,
	subscription: string,
	{ price, quantity }: { price: Price; quantity: number },
	period: Period,
): SubscriptionItem {
	return {
		id: ids.next('si'),
		object: 'subscription_item',
		billing_thresholds: null,
		created: clock.now(),
		current_period_end: period.end,
		current_period_start: period.start,
		current_trial: null,
		discounts: [],
		metadata: {},
		plan: planOf(price),
		price,
		quantity,
		subscription,
		tax_rates: [],
	};
}

/** The older shape of a price, which items still carry. */
export function planOf(price: Price): SubscriptionItem['plan'] {
	return {
		id: price.id,
		object: 'plan',
		active: price.active,
		amount: price.unit_amount,
		amount_decimal: price.unit_amount_decimal,
		billing_scheme: 'per_unit',
		created: price.created,
		currency: price.currency,
		interval: price.recurring?.interval ?? 'month',
		interval_count: price.recurring?.interval_count ?? 1,
		livemode: false,
		metadata: price.metadata,
		meter: null,
		nickname: price.nickname,
		product: price.product,
		tiers_mode: null,
		transform_usage: null,
		trial_period_days: null,
		usage_type: 'licensed',
	};
}
