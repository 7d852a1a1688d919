/**
 * Stripe's words for a subscription that goes on charging, or will once a payment gets through. `incomplete` is not one: its
 * first payment failed, and Stripe ends it within a day.
 */
export const RUNNING_STATUSES = ['active', 'trialing', 'past_due', 'unpaid', 'paused'] as const;

export function isRunning(status: string | null): boolean {
	return RUNNING_STATUSES.some((running) => running === status);
}
