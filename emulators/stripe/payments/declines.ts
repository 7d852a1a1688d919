import type { CardBehaviour } from '../customers/test-cards';
import { StripeRefusal } from '../wire/errors';
import type { PaymentIntent } from '../wire/stored';

/** Why a payment did not go through. */
export interface Decline {
	readonly code: 'card_declined' | 'payment_method_provider_decline' | 'payment_intent_payment_attempt_failed';
	readonly declineCode: 'generic_decline' | 'insufficient_funds' | undefined;
	readonly message: string;
}

export const GENERIC_DECLINE: Decline = {
	code: 'card_declined',
	declineCode: 'generic_decline',
	message: 'Your card was declined.',
};

const INSUFFICIENT_FUNDS: Decline = {
	code: 'card_declined',
	declineCode: 'insufficient_funds',
	message: 'Your card has insufficient funds.',
};

export const DEBIT_FAILED: Decline = {
	code: 'payment_intent_payment_attempt_failed',
	declineCode: undefined,
	message: 'The payment failed: the bank returned the debit.',
};

/** The decline that charging such a card meets, if any. */
export function declineOf(behaviour: CardBehaviour): Decline | undefined {
	switch (behaviour) {
		case 'pays':
			return undefined;
		case 'insufficient_funds':
			return INSUFFICIENT_FUNDS;
		case 'declined':
		case 'fails_when_charged':
			return GENERIC_DECLINE;
	}
}

/** The 402 of a call that charges. */
export function cardError({ code, declineCode, message }: Decline, intent: PaymentIntent): StripeRefusal {
	return new StripeRefusal({
		status: 402,
		type: 'card_error',
		code,
		decline_code: declineCode,
		message,
		charge: intent.latest_charge ?? undefined,
		payment_intent: intent,
	});
}
