import { eq } from 'drizzle-orm';

import { stripeEvents } from '../../../schema/billing';
import type { BillingDeps } from '../deps';
import { AppError } from '../errors';
import { readStripeWebhook } from '../gateways/stripe/webhook';
import { tellQueue } from '../tell-queue';
import { isHandled } from './event-types';

/**
 * Verifies a webhook of Stripe's on its raw body, keeps which object it is about, once, and tells the queue (W2, F16). Stripe sends
 * again what it thinks did not arrive: a double tells the queue only while what follows from the event was not done. Refused,
 * with nothing kept: a signature that is not Stripe's or not of these five minutes, and events of the mode in which our
 * key does not pay. What is not acted on is taken and not kept.
 */
export async function recordStripeEvent(
	deps: Pick<BillingDeps, 'db' | 'now' | 'queue' | 'stripe'>,
	input: { signature: string | null; rawBody: Uint8Array<ArrayBuffer>; secret: string; nowMs: number },
): Promise<void> {
	const { db, now, stripe } = deps;
	const { id, type, objectId, isLive } = await readStripeWebhook(input);
	if (isLive !== stripe.isLive) {
		throw new AppError('invalid_input', 'This event is of the other mode: live events and test events do not mix.');
	}
	if (!isHandled(type) || objectId === null) return;
	const kept = await db
		.insert(stripeEvents)
		.values({ id, type, objectId, receivedAtMs: now().getTime() })
		.onConflictDoNothing()
		.returning({ id: stripeEvents.id });
	if (kept.length === 0 && (await isDone(deps, id))) return;
	await tellQueue(deps, { type: 'stripe.event', eventId: id });
}

async function isDone({ db }: Pick<BillingDeps, 'db'>, id: string): Promise<boolean> {
	const [row] = await db.select({ doneAtMs: stripeEvents.doneAtMs }).from(stripeEvents).where(eq(stripeEvents.id, id));
	return row !== undefined && row.doneAtMs !== null;
}
