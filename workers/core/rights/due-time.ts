import { DAY_MS } from '../../../studios/policy/data-classes';

/**
 * When a request is due, in milliseconds: so many days after it came, and never later than the law's month, which is over on the same
 * day of the next month or on its last (Art. 12(3); Regulation 1182/71, Art. 3(2)(c)). In February that is less than 30 days.
 */
export function dueTimeOf(receivedAtMs: number, responseDays: number): number {
	return Math.min(receivedAtMs + responseDays * DAY_MS, monthAfter(receivedAtMs));
}

function monthAfter(ms: number): number {
	const at = new Date(ms);
	const lastDay = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 2, 0)).getUTCDate();
	return at.setUTCMonth(at.getUTCMonth() + 1, Math.min(at.getUTCDate(), lastDay));
}
