/**
 * Leads from a form to another site. Not by a redirect: browsers hold `form-action 'self'` against every address that a
 * form ends up at, and a page that is not a form's answer any more may go where it likes.
 */
export function leaveTo(url: string, name: string, headers: Headers): Response {
	const href = escaped(url);
	const said = escaped(name);
	headers.set('content-type', 'text/html; charset=utf-8');
	headers.set('cache-control', 'no-store');
	headers.set('refresh', `0;url=${url}`);
	return new Response(
		`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>To ${said}</title><p><a href="${href}">Go on to ${said}</a></p></html>`,
		{ headers },
	);
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
