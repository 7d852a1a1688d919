import type Stripe from 'stripe';

import type { StripeGateway } from '../../billing/stripe-gateway';
import { askingFor } from './asking';

type Deletion = Pick<StripeGateway, 'deleteCustomer' | 'isCustomerGone'>;

/** Without an idempotency key: deleting twice is deleting once, and a failure of Stripe's own must not be answered again for a day. */
export function createDeletion(stripe: Stripe): Deletion {
	return {
		deleteCustomer: async (customerId) => {
			await askingFor(() => stripe.customers.del(customerId));
		},
		isCustomerGone: async (customerId) => {
			const customer = await askingFor(() => stripe.customers.retrieve(customerId));
			return customer === null || customer.deleted === true;
		},
	};
}
