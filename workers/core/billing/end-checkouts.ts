import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';

import { checkouts } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import { syncCheckout } from './sync-checkout';
import type { SyncDeps } from './sync-result';

/** Stripe ends a till after a day. */
const TILL_MS = 25 * 3_600_000;
/** An order for which Stripe never opened a till, or whose answer was lost. */
const UNOPENED_MS = 3_600_000;

/**
 * Orders that were not heard of any more: without a till they end here; those with one are answered with their session's id, for
 * the caller to read. In no order, so that some that stay unpaid for days do not keep others waiting.
 */
export async function listSilentCheckouts(
	{ db, now }: Pick<SyncDeps, 'db' | 'now'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<{ id: string; sessionId: string }[]> {
	const isUnended = isNull(checkouts.endedAtMs);
	const [, silent] = await withD1Retry(() =>
		db.batch([
			// Should it be paid all the same, it is found by our id and becomes `paid` from here too.
			db
				.update(checkouts)
				.set({ state: 'expired', endedAtMs: now().getTime() })
				.where(
					and(
						isUnended,
						eq(checkouts.state, 'open'),
						isNull(checkouts.sessionId),
						lte(checkouts.createdAtMs, dueMs - UNOPENED_MS),
					),
				),
			db
				.select({ id: checkouts.id, sessionId: checkouts.sessionId })
				.from(checkouts)
				.where(and(isUnended, lte(checkouts.createdAtMs, dueMs - TILL_MS)))
				.orderBy(sql`random()`)
				.limit(limit),
		]),
	);
	return silent.flatMap(({ id, sessionId }) => (sessionId === null ? [] : [{ id, sessionId }]));
}

/** Reads an order that was not heard of at the till; one that Stripe does not know, or left open past its day, ends. */
export async function endCheckout(deps: SyncDeps, { id, sessionId }: { id: string; sessionId: string }): Promise<void> {
	const checkout = await deps.stripe.readCheckout(sessionId);
	if (checkout?.status === 'open') await deps.stripe.expireCheckout(sessionId);
	if (checkout !== null) {
		await syncCheckout(deps, { sessionId });
		return;
	}
	const isOpen = and(eq(checkouts.id, id), or(eq(checkouts.state, 'open'), eq(checkouts.state, 'paying')));
	await withD1Retry(() =>
		deps.db.update(checkouts).set({ state: 'expired', endedAtMs: deps.now().getTime() }).where(isOpen),
	);
}
