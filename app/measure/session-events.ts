import { apiFor } from '../api';
import type { LoadContext } from '../load-context';

/** What Umami hears besides pages (DS-13): that it happened, on no page of anybody's and without whom. */
export type SessionEvent = 'sign_in' | 'sign_out' | 'account_deleted';

/** Set by the page that deletes an account on its own answer; it never leaves the app. */
export const EVENT_HEADER = 'x-measured-event';

const SESSION = /^(?:__Host-)?afterglow_session=/;
/** Where each is counted: never the address it happened at, which may hold a number. */
const PLACE: Readonly<Record<SessionEvent, string>> = { sign_in: '/sign-in', sign_out: '/', account_deleted: '/' };
const TIMEOUT_MS = 3_000;

/** What an answer says about the session: a browser without one gets one, or the one that it had is taken away. */
export function sessionEventOf(request: Request, answer: Response): SessionEvent | null {
	if (answer.headers.get(EVENT_HEADER) === 'account_deleted') return 'account_deleted';
	const before = (request.headers.get('cookie') ?? '').split(/;\s*/).some((pair) => SESSION.test(pair));
	const line = answer.headers.getSetCookie().findLast((cookie) => SESSION.test(cookie));
	if (line === undefined) return null;
	const isTaken = /^[^=]+=(?:;|$)/.test(line) || /;\s*max-age=0\b/i.test(line);
	if (isTaken) return before ? 'sign_out' : null;
	return before ? null : 'sign_in';
}

/** Where sessions and accounts end, as a page's form or its script asks for it. */
const ENDING = /^\/(?:sign-out|privacy\/delete)(?:\.data)?$/;

/**
 * What whoever is about to end their session allows, asked while it is known who they are; null where nothing ends, or nobody counts.
 */
export async function allowedBeforeEnding(context: LoadContext, request: Request): Promise<boolean | null> {
	const isEnding = request.method === 'POST' && ENDING.test(new URL(request.url).pathname);
	if (!isEnding || context.trackers.umami === null) return null;
	return allowsUmami(context, request).catch(() => false);
}

async function allowsUmami(context: LoadContext, request: Request): Promise<boolean> {
	const choices = await apiFor(context, request).v1.choices.$get();
	if (!choices.ok) return false;
	const { trackers } = await choices.json();
	return trackers.find(({ id }) => id === 'umami')?.isAllowed === true;
}

/** What the browser would send next: a person's choice is known by the session that the answer gives them. */
function asSignedIn(request: Request, answer: Happened['answer']): Request {
	const session =
		answer.headers
			.getSetCookie()
			.findLast((cookie) => SESSION.test(cookie))
			?.split(';', 1) ?? [];
	const cookies = [request.headers.get('cookie') ?? '', ...session].filter((cookie) => cookie !== '');
	const headers = new Headers(request.headers);
	headers.set('cookie', cookies.join('; '));
	return new Request(request.url, { headers });
}

/** `before`: what `allowedBeforeEnding` said of the request. */
interface Happened {
	readonly event: SessionEvent;
	readonly answer: Pick<Response, 'headers'>;
	readonly before: boolean | null;
}

/**
 * Tells Umami of it, from our server: no script runs where somebody signs in. By the same choice as pages are, the person's own, and with
 * nothing of the browser but its name, without which Umami takes it for a program. What fails is one count less.
 */
export async function tellSessionEvent(context: LoadContext, request: Request, happened: Happened): Promise<void> {
	const { event, answer, before } = happened;
	const { umami } = context.trackers;
	const userAgent = request.headers.get('user-agent');
	if (umami === null || userAgent === null) return;
	try {
		const isAllowed = event === 'sign_in' ? await allowsUmami(context, asSignedIn(request, answer)) : before === true;
		if (!isAllowed) return;
		const payload = {
			website: umami.websiteId,
			hostname: new URL(request.url).hostname,
			url: PLACE[event],
			referrer: '',
			title: '',
			name: event,
		};
		const told = await fetch(`${umami.base}/api/send`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'user-agent': userAgent },
			body: JSON.stringify({ type: 'event', payload }),
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		await told.body?.cancel();
	} catch (error) {
		console.error({ event: 'umami_untold', name: error instanceof Error ? error.name : typeof error });
	}
}
