import { eq } from 'drizzle-orm';

import { billingCustomers } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

export type CustomerRow = typeof billingCustomers.$inferSelect;

/** Whose customer of Stripe's it is, with the summary of what they have there; null: nobody's. */
export async function findCustomer({ db }: Pick<Deps, 'db'>, customerId: string | null): Promise<CustomerRow | null> {
	if (customerId === null) return null;
	const [row] = await withD1Retry(() =>
		db.select().from(billingCustomers).where(eq(billingCustomers.customerId, customerId)),
	);
	return row ?? null;
}
