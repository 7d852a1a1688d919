import type { Price } from '../wire/stored';

/** From `start` to `end`, in seconds; `end` is the first second that is not in it. */
export interface Period {
	readonly start: number;
	readonly end: number;
}

const DAY_SECONDS = 86_400;

/**
 * The period that begins at `start` when billing was anchored at `anchor`: months end on the anchor's day, or on the last of a
 * month that has no such day, so the 31st comes back in March after a 28th of February.
 */
export function periodFrom(start: number, anchor: number, { recurring }: Price): Period {
	const { interval = 'month', interval_count: count = 1 } = recurring ?? {};
	if (interval === 'day' || interval === 'week') {
		return { start, end: start + count * DAY_SECONDS * (interval === 'week' ? 7 : 1) };
	}
	const months = count * (interval === 'year' ? 12 : 1);
	let steps = 1;
	while (addMonths(anchor, steps * months) <= start) steps += 1;
	return { start, end: addMonths(anchor, steps * months) };
}

function addMonths(seconds: number, months: number): number {
	const from = new Date(seconds * 1000);
	const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1);
	const month = new Date(first);
	const lastDay = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
	const days = Math.min(from.getUTCDate(), lastDay) - 1;
	return first / 1000 + days * DAY_SECONDS + (seconds % DAY_SECONDS);
}

/** The part of `amount` that falls on the rest of `period` after `at`, to the second, rounded to the smallest unit. */
export function remainingShare(amount: number, { start, end }: Period, at: number): number {
	return Math.round((amount * (end - Math.min(Math.max(at, start), end))) / (end - start));
}
