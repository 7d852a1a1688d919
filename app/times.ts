/**
 * Times in words, by the clock. Today says the time, tomorrow and yesterday say so, a week says the weekday, further
 * says the date. Without a known zone the words are in UTC and say that.
 */
export interface ClockOptions {
	readonly nowMs: number;
	readonly zone: string | null;
	readonly withSeconds?: boolean;
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 6;

/** "14:07", "14:07 tomorrow", "14:07 on Friday", "14:07 on 3 December", with the year when it is not this one. */
export function clockWords(iso: string, options: ClockOptions): string {
	const date = new Date(iso);
	const time = timeOf(date, options);
	const away = dayNumber(date, options.zone) - dayNumber(new Date(options.nowMs), options.zone);
	if (away === 0) return time;
	if (away === 1) return `${time} tomorrow`;
	if (away === -1) return `${time} yesterday`;
	if (away > 1 && away <= WEEK_DAYS) return `${time} on ${format(date, options.zone, { weekday: 'long' })}`;
	return `${time} on ${dateOf(date, options)}`;
}

/** "21 November", with the year when it is not this one, or "today", "yesterday", "tomorrow". */
export function dayWords(iso: string, options: ClockOptions): string {
	const date = new Date(iso);
	const away = dayNumber(date, options.zone) - dayNumber(new Date(options.nowMs), options.zone);
	if (away === 0) return 'today';
	if (away === 1) return 'tomorrow';
	if (away === -1) return 'yesterday';
	return dateOf(date, options);
}

/** "22 November 2026, 14:07:31": what a document says, which is read years later. */
export function documentWords(iso: string, zone: string | null): { day: string; time: string } {
	const date = new Date(iso);
	const day = format(date, zone, { day: 'numeric', month: 'long', year: 'numeric' });
	return { day, time: timeOf(date, { zone, withSeconds: true }) };
}

/** "1 November 2026" for a plain calendar date such as "2026-11-01", which has no zone. */
export function calendarWords(date: string): string {
	return format(new Date(`${date}T00:00:00Z`), 'UTC', { day: 'numeric', month: 'long', year: 'numeric' });
}

/** Whole hours and minutes left, rounded up so that a promise is never understated; zero once it is due. */
export function leftUntil(iso: string, nowMs: number): { hours: number; minutes: number; isDue: boolean } {
	const minutes = Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / 60_000));
	return { hours: Math.floor(minutes / 60), minutes: minutes % 60, isDue: minutes === 0 };
}

function timeOf(date: Date, options: { zone: string | null; withSeconds?: boolean }): string {
	const time = format(date, options.zone, {
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
		...(options.withSeconds === true ? { second: '2-digit' as const } : {}),
	});
	return options.zone === null ? `${time} UTC` : time;
}

function dateOf(date: Date, { nowMs, zone }: ClockOptions): string {
	const isThisYear = format(date, zone, { year: 'numeric' }) === format(new Date(nowMs), zone, { year: 'numeric' });
	return format(date, zone, { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' as const }) });
}

/** Days since 1970 on the zone's own calendar, so that "tomorrow" turns at its midnight. */
function dayNumber(date: Date, zone: string | null): number {
	const parts = formatter('en-CA', { timeZone: zone ?? 'UTC' }).format(date);
	return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS);
}

function format(date: Date, zone: string | null, options: Intl.DateTimeFormatOptions): string {
	return formatter('en-GB', { timeZone: zone ?? 'UTC', ...options }).format(date);
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_MAX = 200;

/** Making a formatter costs more than formatting a whole page with it. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = locale + JSON.stringify(options);
	const known = formatters.get(key);
	if (known !== undefined) return known;
	if (formatters.size >= FORMATTERS_MAX) formatters.clear();
	const made = new Intl.DateTimeFormat(locale, options);
	formatters.set(key, made);
	return made;
}
