import { cookieOf } from './preferences';

/*
 * Cookies that one page writes for the next and script does not read. On https their names begin with `__Host-`, which browsers
 * take from exactly this host alone: otherwise a page of a sibling host could lay its own word, an address or an invitation, in
 * their place. Browsers refuse the prefix without https.
 */

/** The line that keeps `value` for so many seconds; `null` forgets it. */
export function privateCookie(request: Request, name: string, value: string | null, seconds: number): string {
	const age = value === null ? 0 : seconds;
	const secure = isHttps(request) ? '; Secure' : '';
	return `${nameAt(request, name)}=${encodeURIComponent(value ?? '')}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${secure}`;
}

export function privateCookieOf(request: Request, name: string): string | null {
	return cookieOf(request, nameAt(request, name));
}

function nameAt(request: Request, name: string): string {
	return isHttps(request) ? `__Host-${name}` : name;
}

function isHttps(request: Request): boolean {
	return new URL(request.url).protocol === 'https:';
}
