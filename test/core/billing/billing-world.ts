import { asc, eq } from 'drizzle-orm';

import { billingCustomers, checkouts, purchases, reconciliationFindings, stripeEvents } from '../../../schema/billing';
import { creditAccounts, creditBuckets } from '../../../schema/credits';
import { itemOf, priceKeyOf } from '../../../studios/pricing';
import type { Actor } from '../../../workers/core/actor';
import { handleEvent } from '../../../workers/core/billing/handle-event';
import type { JobDeps } from '../../../workers/core/deps';
import { newId } from '../../../workers/core/ids';
import { fakeStripe, type FakeStripe } from '../../support/fake-stripe';
import { givenAccount } from '../../support/given';
import { renderWorld, type RenderWorld } from '../../support/render-world';

export const DAY_MS = 86_400_000;

export type BillingWorld = RenderWorld;

/** Jobs over the pool's own D1, with a Stripe in memory. */
export async function billingWorld(told: { d1?: D1Database; stripe?: FakeStripe } = {}): Promise<BillingWorld> {
	const { stripe, ...rest } = told;
	const deps = await renderWorld(rest);
	return { ...deps, stripe: stripe ?? fakeStripe(deps.studio, deps) };
}

export interface Customer {
	actor: Actor;
	accountId: string;
	customerId: string;
}

/** An account that is Stripe's customer, with welcome credits of `credits`. */
export async function givenCustomer(deps: BillingWorld, { credits = 0 }: { credits?: number } = {}): Promise<Customer> {
	const actor = await givenAccount(deps, { credits });
	const { accountId } = actor;
	const { id: customerId } = await deps.stripe.createCustomer({ accountId, idempotencyKey: `customer:${accountId}` });
	await deps.db.insert(billingCustomers).values({ accountId, customerId, readAtMs: deps.now().getTime() });
	return { actor, accountId, customerId };
}

/** An order of an item, with its till open at Stripe. */
export async function givenTill(
	deps: BillingWorld,
	{ actor, accountId, customerId }: Customer,
	itemId = 'pack.100',
): Promise<{ checkoutId: string; sessionId: string }> {
	const item = itemOf(deps.studio, itemId);
	if (item === null) throw new Error(`the studio sells no ${itemId}`);
	const { credits, cents, kind } = item;
	const { currency } = deps.studio.pricing;
	const checkoutId = `chk_${newId('upload').slice(4)}`;
	const { id: sessionId } = await deps.stripe.openCheckout({
		checkoutId,
		customerId,
		mode: kind === 'pack' ? 'payment' : 'subscription',
		priceKey: priceKeyOf(deps.studio, item),
		unitCents: cents,
		currency,
		successUrl: 'https://app.test/billing',
		cancelUrl: 'https://app.test/billing',
	});
	await deps.db.insert(checkouts).values({
		id: checkoutId,
		accountId,
		requestedBy: actor.userId,
		item: itemId,
		credits,
		cents,
		currency,
		sessionId,
		state: 'open',
		createdAtMs: deps.now().getTime(),
	});
	return { checkoutId, sessionId };
}

/** A pack that was paid for at Stripe, and of which nothing is known here yet. */
export async function givenPaidPack(deps: BillingWorld, customer: Customer) {
	const till = await givenTill(deps, customer);
	return { ...till, payment: deps.stripe.payPack(till.sessionId) };
}

/** A recorded event about an object, undone. */
export async function givenEvent(deps: BillingWorld, type: string, objectId: string): Promise<string> {
	const id = `evt_${crypto.randomUUID()}`;
	await deps.db.insert(stripeEvents).values({ id, type, objectId, receivedAtMs: deps.now().getTime() });
	return id;
}

/** An event comes and is handled. */
export async function tell(deps: BillingWorld, type: string, objectId: string): Promise<void> {
	await handleEvent(deps, { eventId: await givenEvent(deps, type, objectId) });
}

/** What is stored of an account's money, without times of reading: what has to be the same in every order of events. */
export async function moneyOf({ db }: Pick<JobDeps, 'db'>, accountId: string) {
	const [balance] = await db
		.select({ posted: creditAccounts.posted, held: creditAccounts.held, owed: creditAccounts.owed })
		.from(creditAccounts)
		.where(eq(creditAccounts.id, accountId));
	const buckets = await db
		.select({
			id: creditBuckets.id,
			source: creditBuckets.source,
			granted: creditBuckets.granted,
			remaining: creditBuckets.remaining,
			held: creditBuckets.held,
			expiresAtMs: creditBuckets.expiresAtMs,
		})
		.from(creditBuckets)
		.where(eq(creditBuckets.accountId, accountId))
		.orderBy(asc(creditBuckets.id));
	const bought = await db.select().from(purchases).where(eq(purchases.accountId, accountId)).orderBy(asc(purchases.id));
	const orders = await db
		.select({ id: checkouts.id, state: checkouts.state, sessionId: checkouts.sessionId })
		.from(checkouts)
		.where(eq(checkouts.accountId, accountId))
		.orderBy(asc(checkouts.id));
	const [customer] = await db.select().from(billingCustomers).where(eq(billingCustomers.accountId, accountId));
	return { balance, buckets, purchases: bought, checkouts: orders, summary: { ...customer, readAtMs: 0 } };
}

/** What was reported about these objects, by whichever run. */
export async function findingsAbout({ db }: Pick<JobDeps, 'db'>, objectIds: readonly string[]) {
	const rows = await db.select().from(reconciliationFindings);
	return rows
		.filter(({ objectId }) => objectIds.includes(objectId))
		.map(({ run, day, kind, objectId, isRepaired }) => ({ run, day, kind, objectId, isRepaired }));
}
