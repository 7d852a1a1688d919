import { found, newestFirst } from '../store';
import { randomLetters } from '../wire/ids';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { text } from '../wire/params';
import type { Charge, PaymentIntent, PaymentMethod } from '../wire/stored';
import type { World } from '../world';
import { DEBIT_FAILED, type Decline, declineOf, GENERIC_DECLINE } from './declines';
import { addCharge } from './new-charge';

export function paymentIntentOperations({ store }: World): Operation[] {
	return [
		operation('GET', '/v1/payment_intents/:id', { client_secret: text.optional() }, (_, id) =>
			found(store.paymentIntents, 'payment_intent', id),
		),
		listOperation('/v1/payment_intents', { customer: text.optional() }, (filters) =>
			newestFirst(store.paymentIntents).filter((intent) => matches(filters, intent)),
		),
		operation('GET', '/v1/charges/:id', {}, (_, id) => found(store.charges, 'charge', id)),
		listOperation('/v1/charges', { customer: text.optional(), payment_intent: text.optional() }, (filters) =>
			newestFirst(store.charges).filter((charge) => matches(filters, charge)),
		),
	];
}

/** What is to be paid. Amounts are in the currency's smallest unit. */
export interface PaymentOrder {
	readonly amount: number;
	readonly currency: string;
	readonly customer: string | null;
	readonly description: string | null;
	readonly metadata: Record<string, string>;
	readonly receiptEmail: string | null;
	readonly methodTypes: readonly string[];
	/** The card is kept for payments without the customer. */
	readonly savesCard: boolean;
}

export function createPaymentIntent(world: World, order: PaymentOrder): PaymentIntent {
	const { clock, ids, store } = world;
	const id = ids.next('pi');
	const intent: PaymentIntent = {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: null,
		amount: order.amount,
		amount_capturable: 0,
		amount_details: { tip: {} },
		amount_received: 0,
		application: null,
		application_fee_amount: null,
		automatic_payment_methods: null,
		canceled_at: null,
		cancellation_reason: null,
		capture_method: 'automatic_async',
		client_secret: `${id}_secret_${randomLetters(25)}`,
		confirmation_method: 'automatic',
		created: clock.now(),
		currency: order.currency,
		customer: order.customer,
		customer_account: null,
		description: order.description,
		excluded_payment_method_types: null,
		last_payment_error: null,
		latest_charge: null,
		livemode: false,
		managed_payments: null,
		metadata: order.metadata,
		next_action: null,
		on_behalf_of: null,
		payment_method: null,
		payment_method_configuration_details: null,
		payment_method_options: {},
		payment_method_types: [...order.methodTypes],
		payment_record: null,
		processing: null,
		receipt_email: order.receiptEmail,
		review: null,
		setup_future_usage: order.savesCard ? 'off_session' : null,
		shipping: null,
		source: null,
		statement_descriptor: null,
		statement_descriptor_suffix: null,
		status: 'requires_payment_method',
		transfer_data: null,
		transfer_group: null,
	};
	store.paymentIntents.set(id, intent);
	world.emit('payment_intent.created', intent);
	return intent;
}

/**
 * Charges the intent: a card succeeds or is declined at once, a bank account takes days (`settleBankDebit`). The decline is
 * answered and kept with the intent. `isToldToFail` declines any card.
 */
export function chargeIntent(
	world: World,
	intent: PaymentIntent,
	method: PaymentMethod,
	isToldToFail = false,
): Decline | undefined {
	const behaviour = world.store.hidden.cards.get(method.id);
	if (behaviour === undefined) {
		const charge = addCharge(world, intent, method, 'pending');
		const processing = { status: 'processing', latest_charge: charge.id, payment_method: method.id } as const;
		Object.assign(intent, { ...processing, processing: null, last_payment_error: null });
		world.emit('payment_intent.processing', intent);
		world.emit('charge.pending', charge);
		return undefined;
	}
	const decline = isToldToFail ? GENERIC_DECLINE : declineOf(behaviour);
	const charge = addCharge(world, intent, method, decline ?? 'succeeded');
	Object.assign(intent, { latest_charge: charge.id });
	if (decline) failIntent(world, intent, charge, decline);
	else succeedIntent(world, intent, charge);
	return decline;
}

/** Ends a bank debit that is under way. */
export function settleBankDebit(world: World, intent: PaymentIntent, outcome: 'succeeded' | 'failed'): void {
	const charge = found(world.store.charges, 'charge', intent.latest_charge ?? '');
	if (outcome === 'succeeded') {
		Object.assign(charge, { status: 'succeeded', balance_transaction: world.ids.next('txn') });
		return succeedIntent(world, intent, charge);
	}
	const { code, message } = DEBIT_FAILED;
	Object.assign(charge, {
		status: 'failed',
		paid: false,
		captured: false,
		amount_captured: 0,
		failure_code: code,
		failure_message: message,
	});
	failIntent(world, intent, charge, DEBIT_FAILED);
}

function succeedIntent(world: World, intent: PaymentIntent, charge: Charge): void {
	Object.assign(intent, {
		amount_received: intent.amount,
		last_payment_error: null,
		payment_method: charge.payment_method,
		status: 'succeeded',
	});
	world.emit('charge.succeeded', charge);
	world.emit('payment_intent.succeeded', intent);
}

function failIntent(world: World, intent: PaymentIntent, charge: Charge, decline: Decline): void {
	const method = world.store.paymentMethods.get(charge.payment_method ?? '');
	const error: PaymentIntent['last_payment_error'] = {
		charge: charge.id,
		code: decline.code,
		doc_url: `https://docs.stripe.com/error-codes/${decline.code.replaceAll('_', '-')}`,
		message: decline.message,
		type: 'card_error',
		...(decline.declineCode !== undefined && { decline_code: decline.declineCode }),
		...(method && { payment_method: method }),
	};
	Object.assign(intent, { last_payment_error: error, payment_method: null, status: 'requires_payment_method' });
	world.emit('charge.failed', charge);
	world.emit('payment_intent.payment_failed', intent);
}
