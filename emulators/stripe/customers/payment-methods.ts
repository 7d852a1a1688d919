import { createHash } from 'node:crypto';
import { found } from '../store';
import { type Operation, operation } from '../wire/operation';
import type { Address, PaymentMethod } from '../wire/stored';
import type { World } from '../world';
import type { Card } from './test-cards';

export interface BillingDetails {
	readonly name: string | null;
	readonly email: string | null;
	readonly address: Address | null;
}

export function paymentMethodOperations({ store }: World): Operation[] {
	return [operation('GET', '/v1/payment_methods/:id', {}, (_, id) => found(store.paymentMethods, 'PaymentMethod', id))];
}

/** Keeps a card as Stripe shows it, and how it behaves, but not its number. */
export function addCard(world: World, card: Card, billing: BillingDetails): PaymentMethod {
	const method: PaymentMethod = {
		...methodOf(world, billing),
		card: {
			brand: card.brand,
			checks: { address_line1_check: null, address_postal_code_check: 'pass', cvc_check: 'pass' },
			country: card.country,
			display_brand: card.brand,
			exp_month: card.expMonth,
			exp_year: card.expYear,
			fingerprint: createHash('sha256').update(card.number).digest('base64url').slice(0, 16),
			funding: 'credit',
			generated_from: null,
			last4: card.number.slice(-4),
			networks: { available: [card.brand], preferred: null },
			regulated_status: 'unregulated',
			three_d_secure_usage: { supported: true },
			wallet: null,
		},
		type: 'card',
	};
	world.store.paymentMethods.set(method.id, method);
	world.store.hidden.cards.set(method.id, card.behaviour);
	return method;
}

/** A bank account of Stripe's test mode, whose debits take days. */
export function addBankAccount(world: World, billing: BillingDetails): PaymentMethod {
	const method: PaymentMethod = {
		...methodOf(world, billing),
		sepa_debit: {
			bank_code: '37040044',
			branch_code: null,
			country: 'DE',
			fingerprint: 'vG5vyYfvJzuLPbrF',
			generated_from: { charge: null, setup_attempt: null },
			last4: '3000',
		},
		type: 'sepa_debit',
	};
	world.store.paymentMethods.set(method.id, method);
	return method;
}

function methodOf({ ids, clock }: World, { name, email, address }: BillingDetails) {
	return {
		id: ids.next('pm'),
		object: 'payment_method',
		allow_redisplay: 'limited',
		billing_details: { address, email, name, phone: null, tax_id: null },
		created: clock.now(),
		customer: null,
		customer_account: null,
		livemode: false,
		metadata: {},
	} as const;
}

/** Keeps the payment method for the customer's later payments. */
export function attach(world: World, method: PaymentMethod, customer: string): void {
	if (method.customer === customer) return;
	method.customer = customer;
	world.emit('payment_method.attached', method);
}
