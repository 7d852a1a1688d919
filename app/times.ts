import { DEFAULT_DATES, type Dates } from './preferences';

/**
 * Times in words, by the clock. Today says the time, tomorrow and yesterday say so, a week says the weekday, further
 * says the date. Without a known zone the words are in UTC and say that.
 */
export interface ClockOptions {
	readonly nowMs: number;
	readonly zone: string | null;
	/** In whose words and order days are written; the clock has 24 hours in all of them. */
	readonly dates?: Dates;
	readonly withSeconds?: boolean;
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 6;

/**
 * "14:07", "14:07 tomorrow", "14:07 on Friday", "14:07 on 3 December", with the year when it is not this one. Other
 * languages put the day first, since "on" is English: "morgen, 14:07".
 */
export function clockWords(iso: string, options: ClockOptions): string {
	const date = new Date(iso);
	const time = timeOf(date, options);
	const away = daysAway(iso, options);
	if (away === 0) return time;
	const isNear = Math.abs(away) === 1;
	const day = isNear
		? nearDay(away, options.dates)
		: away > 1 && away <= WEEK_DAYS
			? weekday(date, options)
			: dateOf(date, options);
	if (!isEnglish(options.dates)) return `${day}, ${time}`;
	return isNear ? `${time} ${day}` : `${time} on ${day}`;
}

/** "21 November", with the year when it is not this one, or "today", "yesterday", "tomorrow". */
export function dayWords(iso: string, options: ClockOptions): string {
	return isNearDay(iso, options) ? nearDay(daysAway(iso, options), options.dates) : dateOf(new Date(iso), options);
}

/** Whether `dayWords` says "today" or a day beside it, before which English has no "on". */
export function isNearDay(iso: string, options: ClockOptions): boolean {
	return Math.abs(daysAway(iso, options)) <= 1;
}

/** "22 November 2026, 14:07:31": what a document says, which is read years later. */
export function documentWords(iso: string, zone: string | null, dates?: Dates): { day: string; time: string } {
	const date = new Date(iso);
	return { day: format(date, { zone, dates }, WHOLE_DATE), time: timeOf(date, { zone, dates, withSeconds: true }) };
}

/** "1 November 2026" for a plain calendar date such as "2026-11-01", which has no zone. */
export function calendarWords(date: string, dates?: Dates): string {
	return format(new Date(`${date}T00:00:00Z`), { zone: 'UTC', dates }, WHOLE_DATE);
}

/** "23 Oct" for a plain calendar date such as "2026-10-23": where a chart leaves room for no more. */
export function shortDayWords(date: string, dates?: Dates): string {
	return format(new Date(`${date}T00:00:00Z`), { zone: 'UTC', dates }, { day: 'numeric', month: 'short' });
}

/** Whether words of these dates belong into an English sentence; others are marked with their language. */
export function isEnglish(dates: Dates = DEFAULT_DATES): boolean {
	return dates.startsWith('en');
}

/** Whole hours and minutes left, rounded up so that a promise is never understated; zero once it is due. */
export function leftUntil(iso: string, nowMs: number): { hours: number; minutes: number; isDue: boolean } {
	const minutes = Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / 60_000));
	return { hours: Math.floor(minutes / 60), minutes: minutes % 60, isDue: minutes === 0 };
}

const WHOLE_DATE = { day: 'numeric', month: 'long', year: 'numeric' } as const;

interface Place {
	readonly zone: string | null;
	readonly dates?: Dates | undefined;
}

function timeOf(date: Date, options: Place & { withSeconds?: boolean }): string {
	const time = format(date, options, {
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
		...(options.withSeconds === true ? { second: '2-digit' as const } : {}),
	});
	return options.zone === null ? `${time} UTC` : time;
}

function dateOf(date: Date, options: ClockOptions): string {
	const yearOf = (of: Date) => format(of, options, { year: 'numeric' });
	const isThisYear = yearOf(date) === yearOf(new Date(options.nowMs));
	return format(date, options, isThisYear ? { day: 'numeric', month: 'long' } : WHOLE_DATE);
}

function weekday(date: Date, options: ClockOptions): string {
	return format(date, options, { weekday: 'long' });
}

/** "yesterday", "today", "tomorrow", in the words of the dates. */
function nearDay(away: number, dates: Dates = DEFAULT_DATES): string {
	return new Intl.RelativeTimeFormat(dates, { numeric: 'auto' }).format(away, 'day');
}

/** Midnights between now and then; negative for the past. */
function daysAway(iso: string, { nowMs, zone }: ClockOptions): number {
	return dayNumber(new Date(iso), zone) - dayNumber(new Date(nowMs), zone);
}

/** Days since 1970 on the zone's own calendar, so that "tomorrow" turns at its midnight. */
function dayNumber(date: Date, zone: string | null): number {
	const parts = formatter('en-CA', { timeZone: zone ?? 'UTC' }).format(date);
	return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS);
}

function format(date: Date, { zone, dates }: Place, options: Intl.DateTimeFormatOptions): string {
	return formatter(dates ?? DEFAULT_DATES, { timeZone: zone ?? 'UTC', ...options }).format(date);
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
