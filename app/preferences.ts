/** What the browser remembers for the next page: colour mode, the language of dates, and the zone of clock times. */
export type Mode = 'light' | 'dark' | 'system';

/** The languages that dates can be written in, named in their own words. */
export const DATES = {
	'en-GB': 'English, 21 November',
	'en-US': 'English, November 21',
	'de-DE': 'Deutsch, 21. November',
	'es-ES': 'Español, 21 de noviembre',
	'fr-FR': 'Français, 21 novembre',
	'it-IT': 'Italiano, 21 novembre',
} as const;
export type Dates = keyof typeof DATES;

export const DEFAULT_DATES: Dates = 'en-GB';

export function isDates(value: string): value is Dates {
	return Object.hasOwn(DATES, value);
}

const YEAR_SECONDS = 31_536_000;

export function modeOf(request: Request): Mode {
	const value = cookieOf(request, 'mode');
	return value === 'light' || value === 'dark' ? value : 'system';
}

/** The cookie that keeps the mode; `system` forgets it. */
export function modeCookie(mode: Mode, isHttps: boolean): string {
	const age = mode === 'system' ? 0 : YEAR_SECONDS;
	return `mode=${mode}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${isHttps ? '; Secure' : ''}`;
}

export function datesOf(request: Request): Dates {
	const value = cookieOf(request, 'dates');
	return value !== null && isDates(value) ? value : DEFAULT_DATES;
}

/** The cookie that keeps the language of dates; the usual one needs none. */
export function datesCookie(dates: Dates, isHttps: boolean): string {
	const age = dates === DEFAULT_DATES ? 0 : YEAR_SECONDS;
	return `dates=${dates}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${isHttps ? '; Secure' : ''}`;
}

/** The browser's own IANA zone, once a page has told it; `null` on a first visit. */
export function zoneOf(request: Request): string | null {
	const value = cookieOf(request, 'zone');
	return value !== null && isZone(value) ? value : null;
}

/** Written by the page itself, since only the browser knows its zone. */
export function zoneCookie(zone: string): string {
	return `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}

function isZone(value: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}

/** The value of a cookie of this request, decoded; null when it is missing or no text. */
export function cookieOf(request: Request, name: string): string | null {
	const pairs = (request.headers.get('cookie') ?? '').split(/;\s*/);
	const found = pairs.find((pair) => pair.startsWith(`${name}=`));
	if (found === undefined) return null;
	try {
		return decodeURIComponent(found.slice(name.length + 1));
	} catch {
		return null;
	}
}
