import { and, asc, eq, isNotNull, lte, sql } from 'drizzle-orm';

import { billingCustomers, stripeEvents } from '../../../schema/billing';
import { itemOfPriceKey } from '../../../studios/pricing';
import { withD1Retry } from '../d1-retry';
import { AppError } from '../errors';
import { findCustomer, type CustomerRow } from './find-customer';
import { isRunning } from './running-plan';
import type { StripeCard, StripeSubscription } from './stripe-gateway';
import { reportMismatch, UNCHANGED, type SyncDeps, type SyncResult } from './sync-result';

/** How often a summary is read anew because another was written meanwhile. */
const READS_MAX = 5;
const STALE_MS = 86_400_000;
/** Stripe's words for a plan that is over for good. */
const OVER: readonly string[] = ['canceled', 'incomplete_expired'];
export const CUSTOMER_DELETED = 'customer.deleted';

/** The columns of a customer that are Stripe's to say. */
type Summary = Omit<CustomerRow, 'accountId' | 'customerId' | 'readAtMs'>;

const NOTHING: Summary = {
	subscriptionId: null,
	plan: null,
	status: null,
	periodStartMs: null,
	periodEndMs: null,
	isEnding: false,
	cardBrand: null,
	cardLast4: null,
};

/** Reads a subscription and writes the whole of what is shown of it; nobody's is left alone. */
export async function syncSubscription(
	deps: SyncDeps,
	{ subscriptionId }: { subscriptionId: string },
): Promise<SyncResult> {
	const subscription = await deps.stripe.readSubscription(subscriptionId);
	if (subscription === null) return UNCHANGED;
	return syncSummary(deps, { customerId: subscription.customerId });
}

/**
 * Writes what Stripe says now about a customer's plan and card. Every write rests on a read that began after the write before it
 * was there: who finds that somebody else wrote meanwhile reads again, so an older answer never covers a newer one, whatever the clocks
 * say. Where more than one plan runs, the youngest is shown and each of the others is a finding for an operator.
 */
export async function syncSummary(deps: SyncDeps, { customerId }: { customerId: string }): Promise<SyncResult> {
	for (let read = 0; read < READS_MAX; read += 1) {
		const row = await findCustomer(deps, customerId);
		if (row === null) return UNCHANGED;
		const beganAtMs = deps.now().getTime();
		const subscriptions = await deps.stripe.listSubscriptions(customerId);
		const summary = await readSummary(deps, row, subscriptions);
		if (await writeSummary(deps, { row, summary, beganAtMs })) {
			await reportOthers(deps, subscriptions, summary.subscriptionId);
			return { hasChanged: differs(row, summary), mismatch: null };
		}
	}
	throw new AppError('upstream_unavailable', 'The plan changes faster than it can be read. It is read again.');
}

/** Customers with a plan that is not over, whom Stripe was not asked about for a day, the longest first: what an event that never came would have told. */
export async function listStaleSummaries(
	{ db }: Pick<SyncDeps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const rows = await withD1Retry(() =>
		db
			.select({ customerId: billingCustomers.customerId })
			.from(billingCustomers)
			.where(
				and(
					isNotNull(billingCustomers.subscriptionId),
					// One whose state is not known is not known to be over.
					sql`coalesce(${billingCustomers.status}, '') not in ${OVER}`,
					lte(billingCustomers.readAtMs, dueMs - STALE_MS),
				),
			)
			.orderBy(asc(billingCustomers.readAtMs))
			.limit(limit),
	);
	return rows.map(({ customerId }) => customerId);
}

async function readSummary(
	deps: SyncDeps,
	row: CustomerRow,
	subscriptions: readonly StripeSubscription[],
): Promise<Summary> {
	const subscription = chosenOf(subscriptions);
	if (subscription !== null && !isOver(subscription))
		return summaryOf(deps, subscription, await cardOf(deps, subscription));
	if (await isDeleted(deps, row.customerId)) return NOTHING;
	const card = await deps.stripe.readCard(row.customerId);
	return subscription === null ? { ...NOTHING, ...columnsOf(card) } : summaryOf(deps, subscription, card);
}

/** One that runs before one that only waits for its first payment, that before one that is over, then the younger. */
function chosenOf(subscriptions: readonly StripeSubscription[]): StripeSubscription | null {
	const [first] = subscriptions.toSorted(
		(a, b) => rankOf(a) - rankOf(b) || b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1),
	);
	return first ?? null;
}

function rankOf(subscription: StripeSubscription): number {
	if (isRunning(subscription.status)) return 0;
	return isOver(subscription) ? 2 : 1;
}

async function reportOthers(
	deps: SyncDeps,
	subscriptions: readonly StripeSubscription[],
	shownId: string | null,
): Promise<void> {
	for (const { id, status, createdAtMs } of subscriptions) {
		if (id === shownId || !isRunning(status)) continue;
		await reportMismatch(deps, { kind: 'two_plans', objectId: id, createdAtMs });
	}
}

function isOver({ status }: StripeSubscription): boolean {
	return OVER.includes(status);
}

function cardOf({ stripe }: SyncDeps, { card, customerId }: StripeSubscription): Promise<StripeCard | null> {
	return card === null ? stripe.readCard(customerId) : Promise.resolve(card);
}

function summaryOf({ studio }: SyncDeps, subscription: StripeSubscription, card: StripeCard | null): Summary {
	const { id, priceKey, status, periodStartMs, periodEndMs, isEnding } = subscription;
	const item = priceKey === null ? null : itemOfPriceKey(studio, priceKey);
	return {
		subscriptionId: id,
		plan: item?.id ?? null,
		status,
		periodStartMs,
		periodEndMs,
		isEnding,
		...columnsOf(card),
	};
}

function columnsOf(card: StripeCard | null): Pick<Summary, 'cardBrand' | 'cardLast4'> {
	return { cardBrand: card?.brand ?? null, cardLast4: card?.last4 ?? null };
}

/** Stripe goes on answering about the plans of a customer that was deleted there; that it was is known by its event. */
async function isDeleted({ db }: SyncDeps, customerId: string): Promise<boolean> {
	const rows = await withD1Retry(() =>
		db
			.select({ one: sql<number>`1` })
			.from(stripeEvents)
			.where(and(eq(stripeEvents.type, CUSTOMER_DELETED), eq(stripeEvents.objectId, customerId)))
			.limit(1),
	);
	return rows.length > 0;
}

/** False when the summary is not the one any more that the read began from. */
async function writeSummary(
	{ db }: SyncDeps,
	{ row, summary, beganAtMs }: { row: CustomerRow; summary: Summary; beganAtMs: number },
): Promise<boolean> {
	const written = await withD1Retry(() =>
		db
			.update(billingCustomers)
			// Always another value than before, for it is what tells one write from the next.
			.set({ ...summary, readAtMs: Math.max(beganAtMs, row.readAtMs + 1) })
			.where(
				and(
					eq(billingCustomers.accountId, row.accountId),
					eq(billingCustomers.customerId, row.customerId),
					eq(billingCustomers.readAtMs, row.readAtMs),
				),
			)
			.returning({ accountId: billingCustomers.accountId }),
	);
	return written.length > 0;
}

function differs(row: CustomerRow, summary: Summary): boolean {
	return JSON.stringify({ ...row, ...summary }) !== JSON.stringify(row);
}
