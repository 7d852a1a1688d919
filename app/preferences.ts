/** What the browser remembers for the next page: colour mode, and the zone that clock times are written in. */
export type Mode = 'light' | 'dark' | 'system';

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

function cookieOf(request: Request, name: string): string | null {
	const pairs = (request.headers.get('cookie') ?? '').split(/;\s*/);
	const found = pairs.find((pair) => pair.startsWith(`${name}=`));
	if (found === undefined) return null;
	try {
		return decodeURIComponent(found.slice(name.length + 1));
	} catch {
		return null;
	}
}
