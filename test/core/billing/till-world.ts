import { eq } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { billingCustomers, checkouts } from '../../../schema/billing';
import { rateWindows } from '../../../schema/limits';
import type { Actor } from '../../../workers/core/actor';
import type { BillingDeps } from '../../../workers/core/deps';
import { freshDeps, type TestDeps } from '../../support/deps';
import { fakeStripe, type FakeStripe } from '../../support/fake-stripe';

export type TillWorld = TestDeps & BillingDeps & { stripe: FakeStripe };

/** What the api sells with: the pool's own D1, and a Stripe in memory. */
export function tillWorld(told: Partial<BillingDeps> & { d1?: D1Database } = {}): TillWorld {
	const deps = freshDeps(told);
	return { ...deps, stripe: fakeStripe(deps.studio, deps) };
}

/** Every row that buying leaves of an account, and how often anything was counted. */
export async function tracesOf({ db }: Pick<BillingDeps, 'db'>, { accountId }: Pick<Actor, 'accountId'>) {
	const [orders, customers, audit, counted] = await Promise.all([
		db.select().from(checkouts).where(eq(checkouts.accountId, accountId)),
		db.select().from(billingCustomers).where(eq(billingCustomers.accountId, accountId)),
		db.select().from(auditEntries).where(eq(auditEntries.accountId, accountId)),
		db.select().from(rateWindows),
	]);
	return { orders, customers, audit, counted };
}

/** The account's plan, as an event of Stripe's left it here. */
export async function givenPlan(
	deps: Pick<BillingDeps, 'db' | 'now' | 'stripe'>,
	{ accountId }: Pick<Actor, 'accountId'>,
	changed: Partial<typeof billingCustomers.$inferInsert> = {},
): Promise<typeof billingCustomers.$inferSelect> {
	const { id: customerId } = await deps.stripe.createCustomer({ accountId, idempotencyKey: `customer:${accountId}` });
	const nowMs = deps.now().getTime();
	const [row] = await deps.db
		.insert(billingCustomers)
		.values({
			accountId,
			customerId,
			subscriptionId: `sub_${crypto.randomUUID()}`,
			plan: 'plan.practice',
			status: 'active',
			periodStartMs: nowMs,
			periodEndMs: nowMs + 30 * 86_400_000,
			cardBrand: 'visa',
			cardLast4: '4242',
			readAtMs: nowMs,
			...changed,
		})
		.returning();
	if (row === undefined) throw new Error('the plan was not stored');
	return row;
}
