import type { Charge, PaymentIntent, PaymentMethod } from '../wire/stored';
import type { World } from '../world';
import type { Decline } from './declines';

export type ChargeOutcome = 'succeeded' | 'pending' | Decline;

/** A charge of the intent's whole amount, kept and told of to nobody yet. */
export function addCharge(world: World, intent: PaymentIntent, method: PaymentMethod, result: ChargeOutcome): Charge {
	const { baseOf, clock, ids, store } = world;
	const decline = typeof result === 'string' ? undefined : result;
	const id = ids.next(method.card ? 'ch' : 'py');
	const charge: Charge = {
		id,
		object: 'charge',
		amount: intent.amount,
		amount_captured: decline ? 0 : intent.amount,
		amount_refunded: 0,
		application: null,
		application_fee: null,
		application_fee_amount: null,
		balance_transaction: result === 'succeeded' ? ids.next('txn') : null,
		billing_details: method.billing_details,
		calculated_statement_descriptor: 'AFTERGLOW',
		captured: !decline,
		created: clock.now(),
		currency: intent.currency,
		customer: intent.customer,
		description: intent.description,
		disputed: false,
		failure_balance_transaction: null,
		failure_code: decline?.code ?? null,
		failure_message: decline?.message ?? null,
		fraud_details: {},
		livemode: false,
		metadata: intent.metadata,
		on_behalf_of: null,
		outcome: outcomeOf(decline),
		paid: !decline,
		payment_intent: intent.id,
		payment_method: method.id,
		payment_method_details: detailsOf(method, intent.amount),
		radar_options: {},
		receipt_email: intent.receipt_email,
		receipt_number: null,
		receipt_url: decline ? null : `${baseOf()}/receipt/${id}`,
		refunded: false,
		review: null,
		shipping: null,
		source: null,
		source_transfer: null,
		statement_descriptor: null,
		statement_descriptor_suffix: null,
		status: typeof result === 'string' ? result : 'failed',
		transfer_data: null,
		transfer_group: null,
	};
	store.charges.set(id, charge);
	return charge;
}

function outcomeOf(decline: Decline | undefined): Charge['outcome'] {
	return {
		advice_code: decline ? 'try_again_later' : null,
		network_advice_code: null,
		network_decline_code: decline ? '01' : null,
		network_status: decline ? 'declined_by_network' : 'approved_by_network',
		reason: decline?.declineCode ?? null,
		risk_level: 'normal',
		risk_score: 12,
		seller_message: decline ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
		type: decline ? 'issuer_declined' : 'authorized',
	};
}

function detailsOf({ card, sepa_debit: debit }: PaymentMethod, amount: number): Charge['payment_method_details'] {
	if (!card) {
		const { bank_code = null, branch_code = null, country = null, fingerprint = null, last4 = null } = debit ?? {};
		return {
			sepa_debit: { bank_code, branch_code, country, fingerprint, last4, mandate: null },
			type: 'sepa_debit',
		};
	}
	return {
		card: {
			amount_authorized: amount,
			authorization_code: '123456',
			brand: card.brand,
			checks: { address_line1_check: null, address_postal_code_check: 'pass', cvc_check: 'pass' },
			country: card.country,
			electronic_commerce_indicator: null,
			exp_month: card.exp_month,
			exp_year: card.exp_year,
			fingerprint: card.fingerprint ?? null,
			funding: card.funding,
			installments: null,
			last4: card.last4,
			mandate: null,
			network: card.brand,
			network_transaction_id: '104102978678771',
			regulated_status: 'unregulated',
			three_d_secure: null,
			transaction_link_id: null,
			wallet: null,
		},
		type: 'card',
	};
}
