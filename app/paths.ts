/** Sign-in that leads back to where the caller stood; only the path travels, never another host. */
export function signInPath(request: Request): string {
	const { pathname, search } = new URL(request.url);
	return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}

/** Where an account is chosen or opened, and from where one comes back here. */
export function accountsPath(request: Request): string {
	const { pathname, search } = new URL(request.url);
	return `/accounts?next=${encodeURIComponent(pathname + search)}`;
}

/** A path on this site, or the fallback: `//host` and `/\host` would leave it. */
export function pathOr(fallback: string, value: FormDataEntryValue | string | null): string {
	return typeof value === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : fallback;
}
