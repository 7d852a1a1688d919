/**
 * The request as it is, but for a mail program's one click (RFC 8058), which anybody may send from anywhere: Remix refuses a form that
 * names another site, and a webmail's page is one. What the click does is asked in nobody's name, so there is nothing to forge.
 */
export function oneClickFromAnywhere(request: Request): Request {
	if (request.method !== 'POST' || !new URL(request.url).pathname.startsWith('/u/')) return request;
	const headers = new Headers(request.headers);
	headers.delete('origin');
	return new Request(request, { headers });
}
