import type { Billing } from './answers';

/** Stripe's words for a subscription that goes on, paid or not; a test holds them to the api's. */
export const RUNNING: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due', 'unpaid', 'paused']);
/** … and for one whose last payment did not go through. */
const LATE: ReadonlySet<string> = new Set(['past_due', 'unpaid']);

/** Whether a plan runs: another cannot be bought beside it. */
export function hasPlan({ status }: Pick<Billing, 'status'>): boolean {
	return status !== null && RUNNING.has(status);
}

export function isLate({ status }: Pick<Billing, 'status'>): boolean {
	return status !== null && LATE.has(status);
}
