import { and, eq, isNotNull, isNull } from 'drizzle-orm';

import { billingCustomers, checkouts, purchases } from '../../../schema/billing';
import { isRunning } from '../billing/running-plan';
import { AppError } from '../errors';
import type { LegRun } from './leg-run';

const TILLS_AT_ONCE_MAX = 10;

/**
 * Ends the tills that are open, so that nobody pays for an account that is gone, and deletes the customer at Stripe, whose plan ends
 * with it at once; then looks there again. What was paid stays there, as the law asks: `kept`.
 */
export const erasePayments: LegRun = async ({ db, stripe, now }, { targetId: accountId }) => {
	const open = await db
		.select({ id: checkouts.id, sessionId: checkouts.sessionId })
		.from(checkouts)
		.where(and(eq(checkouts.accountId, accountId), isNull(checkouts.endedAtMs), isNotNull(checkouts.sessionId)))
		.limit(TILLS_AT_ONCE_MAX);
	for (const { id, sessionId } of open) {
		if (sessionId === null) continue;
		await stripe.expireCheckout(sessionId);
		await db
			.update(checkouts)
			.set({ state: 'expired', endedAtMs: now().getTime() })
			.where(and(eq(checkouts.id, id), isNull(checkouts.endedAtMs)));
	}
	if (open.length === TILLS_AT_ONCE_MAX) return 'more';

	const [customer] = await db.select().from(billingCustomers).where(eq(billingCustomers.accountId, accountId));
	if (customer === undefined) return 'nothing_held';
	const { customerId } = customer;
	await stripe.deleteCustomer(customerId);
	const plans = await stripe.listSubscriptions(customerId);
	if (!(await stripe.isCustomerGone(customerId)) || plans.some(({ status }) => isRunning(status))) {
		throw new AppError('upstream_unavailable', 'Stripe still has the customer, or a plan of theirs.');
	}
	const [paid] = await db
		.select({ id: purchases.id })
		.from(purchases)
		.where(eq(purchases.accountId, accountId))
		.limit(1);
	return paid === undefined ? 'deleted' : 'kept';
};
