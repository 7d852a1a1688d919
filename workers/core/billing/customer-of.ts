import { eq } from 'drizzle-orm';

import { billingCustomers } from '../../../schema/billing';
import type { BillingDeps } from '../deps';

type CustomerDeps = Pick<BillingDeps, 'db' | 'now' | 'stripe'>;

/**
 * The account's customer at Stripe, made when it has none. Of two who make one at once, the row that was written first counts. The key is the
 * order's: Stripe answers a failure of its own under the same key again for a day, and the next order must not meet it.
 */
export async function customerOf(deps: CustomerDeps, accountId: string, idempotencyKey: string): Promise<string> {
	const known = await findCustomerId(deps, accountId);
	if (known !== null) return known;
	const { id: customerId } = await deps.stripe.createCustomer({ accountId, idempotencyKey });
	await deps.db
		.insert(billingCustomers)
		.values({ accountId, customerId, readAtMs: deps.now().getTime() })
		.onConflictDoNothing();
	return (await findCustomerId(deps, accountId)) ?? customerId;
}

export async function findCustomerId({ db }: Pick<CustomerDeps, 'db'>, accountId: string): Promise<string | null> {
	const [row] = await db
		.select({ customerId: billingCustomers.customerId })
		.from(billingCustomers)
		.where(eq(billingCustomers.accountId, accountId));
	return row?.customerId ?? null;
}
