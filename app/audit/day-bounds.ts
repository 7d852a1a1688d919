/*
 * A filter's days are those of the reader's own calendar: what they pick as 3 March begins at their midnight, wherever the
 * server is.
 */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MINUTE_MS = 60_000;

/** The next calendar day of `2026-03-31` is `2026-04-01`; null for what is no day. */
export function dayAfter(day: string): string | null {
	const start = utcOf(day);
	return start === null ? null : new Date(start + 24 * 60 * MINUTE_MS).toISOString().slice(0, 10);
}

/** The moment at which a day begins in a zone, as ISO 8601 in UTC; null for what is no day. A null zone is UTC. */
export function startOfDay(day: string, zone: string | null): string | null {
	const utc = utcOf(day);
	if (utc === null) return null;
	// The offset is that of the moment found, not of UTC's midnight: a clock may turn in between.
	const guess = utc - offsetMs(utc, zone);
	return new Date(utc - offsetMs(guess, zone)).toISOString();
}

function utcOf(day: string): number | null {
	if (!DAY.test(day)) return null;
	const ms = Date.parse(`${day}T00:00:00Z`);
	return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : ms;
}

/** How far a zone's clock is ahead of UTC's at a moment. */
function offsetMs(ms: number, zone: string | null): number {
	if (zone === null) return 0;
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
	}).formatToParts(ms);
	const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
	const local = Date.parse(`${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:00Z`);
	return local - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
