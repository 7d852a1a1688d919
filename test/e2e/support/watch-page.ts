import type { BrowserContext, ConsoleMessage, Request, Response } from 'playwright-core';

export interface Origins {
	readonly appOrigin: string;
	readonly mediaOrigin: string;
}

/** What a page is made of: where one of these is missing the page is broken, whatever its own status. */
const PARTS = new Set(['script', 'stylesheet', 'font', 'image', 'media', 'manifest']);

/**
 * Notes what no page of the app may do: complain in the console (a breach of the policy among it), throw, lack a part of
 * itself, ask a third origin, or come without a policy. Listens before the first page is opened.
 */
export function watchPage(context: BrowserContext, { appOrigin, mediaOrigin }: Origins) {
	const findings: string[] = [];
	const own = new Set([appOrigin, mediaOrigin]);
	const requests: Request[] = [];
	context.on('console', (message) => {
		if (isComplaint(message)) findings.push(`console: ${message.text()}`);
	});
	context.on('weberror', (error) => findings.push(`thrown: ${error.error().message}`));
	context.on('request', (request) => {
		requests.push(request);
		const url = new URL(request.url());
		if (!own.has(url.origin) && url.protocol.startsWith('http')) findings.push(`foreign request: ${request.url()}`);
	});
	context.on('response', (answer) => {
		const isOurs = [appOrigin, mediaOrigin].includes(new URL(answer.url()).origin);
		const finding = isOurs ? findingIn(answer) : undefined;
		if (finding !== undefined) findings.push(finding);
	});
	return {
		findings,
		requests,
		/** A site that the browser is led to, such as a sign-in provider's: asking it is no finding. */
		allow: (origin: string) => void own.add(origin),
	};
}

/**
 * Remix logs it itself where its router gives up a load for a newer one while the older one's body is read (`single-fetch`, `decode`),
 * which takes a busy machine. The first place of its stack is the router's; what a page of ours gives up and complains of is a finding.
 */
const GIVEN_UP = /^AbortError: signal is aborted without reason\s+at \S+ \(\S+\/assets\/components-/;

/** A refused form answers 4xx by design, which Chromium reports as an error of its own. */
function isComplaint(message: ConsoleMessage): boolean {
	if (message.type() !== 'error' && message.type() !== 'warning') return false;
	if (GIVEN_UP.test(message.text())) return false;
	return !message.text().startsWith('Failed to load resource: the server responded with a status of 4');
}

function findingIn(answer: Response): string | undefined {
	const status = answer.status();
	const kind = answer.request().resourceType();
	if (status >= 500 || (status >= 400 && PARTS.has(kind))) return `${status}: ${answer.url()}`;
	const headers = answer.headers();
	if (kind !== 'document' || headers['content-type']?.startsWith('text/html') !== true) return undefined;
	const policy = headers['content-security-policy'] ?? '';
	return policy.startsWith(`default-src 'none'`) ? undefined : `no policy: ${answer.url()}`;
}
