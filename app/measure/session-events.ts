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

/**
 * Tells Umami of it, from our server: no script runs where somebody signs in. By the same choice as pages are, and with nothing of
 * the browser but its name, without which Umami takes it for a program. What fails is one count less.
 */
export async function tellSessionEvent(context: LoadContext, request: Request, event: SessionEvent): Promise<void> {
	const { umami } = context.trackers;
	const userAgent = request.headers.get('user-agent');
	if (umami === null || userAgent === null) return;
	try {
		const choices = await apiFor(context, request).v1.choices.$get();
		if (!choices.ok) return;
		const { trackers } = await choices.json();
		if (trackers.find(({ id }) => id === 'umami')?.isAllowed !== true) return;
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
