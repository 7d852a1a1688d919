import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';

import { stripeEvents } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import { syncCheckout } from './sync-checkout';
import { syncDispute } from './sync-dispute';
import { syncInvoice } from './sync-invoice';
import { syncPayment, syncRefund } from './sync-payment';
import type { SyncDeps } from './sync-result';
import { CUSTOMER_DELETED, syncSubscription, syncSummary } from './sync-subscription';

/** A message that did not come by now counts as lost. */
const LOST_MESSAGE_MS = 60_000;
/** Between two tries lies a quarter of the event's age, and an hour at most: one that cannot be handled does not fill the queue. */
const PAUSE_MS_MAX = 3_600_000;

/**
 * Does what follows from a recorded event, and marks it done. An event only says what to look at: the object is read at Stripe
 * again and whatever is missing is posted, so nothing depends on how often or in which order events come (P1, W3). Throws what
 * is worth another try; until it is done, the sweep tries again.
 */
export async function handleEvent(deps: SyncDeps, { eventId }: { eventId: string }): Promise<void> {
	const { db, now } = deps;
	const isOpen = and(eq(stripeEvents.id, eventId), isNull(stripeEvents.doneAtMs));
	const [event] = await withD1Retry(() => db.select().from(stripeEvents).where(isOpen));
	if (event === undefined) return;
	await syncObject(deps, event);
	await withD1Retry(() => db.update(stripeEvents).set({ doneAtMs: now().getTime() }).where(isOpen));
}

/** Stripe's prefixes say what an id names, whichever event told of it; what we keep nothing of is left alone. */
async function syncObject(deps: SyncDeps, { type, objectId }: { type: string; objectId: string }): Promise<void> {
	if (type.startsWith('customer.subscription.') || objectId.startsWith('sub_')) {
		await syncSubscription(deps, { subscriptionId: objectId });
	} else if (objectId.startsWith('cs_')) {
		await syncCheckout(deps, { sessionId: objectId });
	} else if (objectId.startsWith('in_')) {
		await syncInvoice(deps, { invoiceId: objectId });
	} else if (objectId.startsWith('pi_')) {
		await syncPayment(deps, { paymentId: objectId });
	} else if (/^(re|pyr)_/.test(objectId)) {
		await syncRefund(deps, { refundId: objectId });
	} else if (/^(dp|du|pdp)_/.test(objectId)) {
		await syncDispute(deps, { disputeId: objectId });
	} else if (type === CUSTOMER_DELETED || type === 'customer.updated') {
		await syncSummary(deps, { customerId: objectId });
	}
}

/** Events whose message was lost or whose tries failed, those tried longest ago first; each is noted as tried before it is. */
export async function takeUndoneEvents(
	{ db }: Pick<SyncDeps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const isLost = and(
		isNull(stripeEvents.doneAtMs),
		lte(stripeEvents.receivedAtMs, dueMs - LOST_MESSAGE_MS),
		lte(
			sql`${stripeEvents.triedAtMs} + max(${LOST_MESSAGE_MS}, min(${PAUSE_MS_MAX}, (${dueMs} - ${stripeEvents.receivedAtMs}) / 4))`,
			dueMs,
		),
	);
	const due = db
		.select({ id: stripeEvents.id })
		.from(stripeEvents)
		.where(isLost)
		.orderBy(asc(stripeEvents.triedAtMs), asc(stripeEvents.receivedAtMs))
		.limit(limit);
	const taken = await withD1Retry(() =>
		db
			.update(stripeEvents)
			.set({ triedAtMs: dueMs })
			.where(inArray(stripeEvents.id, due))
			.returning({ id: stripeEvents.id }),
	);
	return taken.map(({ id }) => id);
}
