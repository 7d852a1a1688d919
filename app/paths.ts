/** Sign-in that leads back to where the caller stood; only the path travels, never another host. */
export function signInPath(request: Request): string {
	return withNext('/sign-in', hereOf(request));
}

/** Where an account is chosen or opened, and from where one comes back here. */
export function accountsPath(request: Request): string {
	return withNext('/accounts', hereOf(request));
}

/** Where somebody shows again that it is them, and from where they come back here. */
export function provePath(request: Request): string {
	return withNext('/prove', hereOf(request));
}

/** A page that leads on to `next` when it is done; the page alone when there is nowhere to lead on to. */
export function withNext(path: string, next: string): string {
	return next === '' ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** The same page with one more word in its address. Takes paths of this site alone (`pathOr`). */
export function withParameter(path: string, name: string, value: string): string {
	const url = new URL(path, 'https://own.invalid');
	url.searchParams.set(name, value);
	return `${url.pathname}${url.search}${url.hash}`;
}

/** A path on this site, or the fallback: `//host`, `/\host` and what becomes one of them would leave it. */
export function pathOr(fallback: string, value: FormDataEntryValue | string | null): string {
	return typeof value === 'string' && isOwnPath(value) ? value : fallback;
}

function isOwnPath(path: string): boolean {
	if (!/^\/(?![/\\])[^\s\\]*$/.test(path)) return false;
	// With its `.` and `..` taken out, `/.//host` is `//host`.
	return !new URL(path, 'https://own.invalid').pathname.startsWith('//');
}

/** Whether a page leads on to an invitation: whoever follows one joins what is there and opens nothing. */
export function isInvitation(next: string): boolean {
	return next.startsWith('/invitation');
}

/** Path and query of a request. `index` is the router's own word for which of two routes a form went to. */
function hereOf(request: Request): string {
	const { pathname, search } = new URL(request.url);
	const parts = search.slice(1).split('&');
	const rest = parts.filter((part) => part !== '' && part !== 'index').join('&');
	return rest === '' ? pathname : `${pathname}?${rest}`;
}
