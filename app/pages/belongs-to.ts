/** What the app's host leaves to the api Worker: whole folders, and single addresses. */
export const API_PREFIXES: readonly string[] = ['/v1/', '/api/auth/', '/webhooks/', '/.well-known/'];
export const API_PATHS: ReadonlySet<string> = new Set([
	'/docs',
	'/openapi.json',
	'/healthz',
	'/policy.json',
	'/evidence.json',
	'/evidence/badge.svg',
]);

/** Whether the app's host answers this path with the api Worker (design §1). */
export function belongsToApi(pathname: string): boolean {
	return API_PATHS.has(pathname) || API_PREFIXES.some((prefix) => pathname.startsWith(prefix));
}

/** A name with an ending is a static file, so no page is rendered to say that it is missing; `.data` is Remix's own. */
export function looksLikeFile(pathname: string): boolean {
	return /\.(?!data$)[a-z0-9]+$/i.test(pathname);
}
