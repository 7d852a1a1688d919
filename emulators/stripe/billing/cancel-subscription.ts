import type { Subscription } from '../wire/stored';
import type { World } from '../world';

export interface Cancellation {
	readonly reason?: 'cancellation_requested' | 'payment_failed' | undefined;
	readonly comment?: string | null | undefined;
	readonly feedback?: string | null | undefined;
}

/** Ends the subscription now. Its open invoices are no longer tried. */
export function cancelSubscription(world: World, subscription: Subscription, how: Cancellation = {}): void {
	const { clock, store } = world;
	const now = clock.now();
	const { comment = null, feedback = null, reason = 'cancellation_requested' } = how;
	for (const invoice of store.invoices.values()) {
		const isOfIt = invoice.parent?.subscription_details?.subscription === subscription.id;
		if (isOfIt && invoice.status === 'open')
			Object.assign(invoice, { auto_advance: false, next_payment_attempt: null });
	}
	store.hidden.pendingLines.delete(subscription.id);
	Object.assign(subscription, {
		cancel_at_period_end: false,
		canceled_at: subscription.canceled_at ?? now,
		cancellation_details: { comment, feedback, feedback_option: null, reason },
		ended_at: now,
		status: 'canceled',
	});
	world.emit('customer.subscription.deleted', subscription);
}
