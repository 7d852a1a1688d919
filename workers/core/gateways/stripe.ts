import { z } from 'zod';

import type { StripeGateway } from '../billing/stripe-gateway';
import { connectStripe, type StripeConfig } from './stripe/connect';
import { createDeletion } from './stripe/delete-customer';
import { createLedger } from './stripe/ledger';
import { prepareAtStripe } from './stripe/prepare';
import { createTill } from './stripe/till';

/** A secret key, whole or restricted, of either mode; never the one that pages may show. */
export function stripeKey() {
	return z
		.string('STRIPE_SECRET_KEY is missing')
		.regex(/^[sr]k_(?:live|test)_./, 'STRIPE_SECRET_KEY has to begin with sk_ or rk_, and live_ or test_');
}

/** Whether real money moves. */
export function isLiveKey(key: string): boolean {
	return /^[sr]k_live_/.test(key);
}

/** Stripe through its own SDK, which no other part of the product knows. */
export function createStripeGateway(config: StripeConfig, fetcher: typeof fetch): StripeGateway {
	const stripe = connectStripe(config, fetcher);
	return {
		isLive: isLiveKey(config.key),
		...createTill(stripe, config),
		...createDeletion(stripe),
		...createLedger(stripe),
		prepare: (input) => prepareAtStripe(stripe, config.studio, input),
	};
}
