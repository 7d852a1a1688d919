import { RECONCILED_DAYS } from '../../../workers/core/billing/begin-reconciliation';
import { billingWorld, type BillingWorld } from './billing-world';

const used = new Map<number, number>();

/**
 * A world at noon of a day of its own, since a comparison takes all that is stored of a day, and a run the thirty before. `year` is
 * the test file's alone.
 */
export async function worldOfOwnDay(year: number): Promise<BillingWorld> {
	const deps = await billingWorld();
	const day = (used.get(year) ?? 0) + RECONCILED_DAYS + 2;
	used.set(year, day);
	deps.clock.set(new Date(Date.UTC(year, 0, day, 12)));
	return deps;
}
