import { privateCookie, privateCookieOf } from '../private-cookie';

/*
 * What opens one conversation for whoever is not signed in. It comes behind the # of a mailed link, which browsers send to nobody;
 * the page posts it, and from then on it stands in this cookie and in no address. One conversation at a time.
 */
const NAME = 'ticket';
const SECONDS = 12 * 60 * 60;
const TOKEN = /^[\w-]{20,200}$/;

/** The token in what was pasted: the whole link, or what stands behind its #; null when there is none. */
export function ticketTokenIn(pasted: string): string | null {
	const text = pasted.trim();
	const token = text.slice(text.lastIndexOf('#') + 1);
	return TOKEN.test(token) ? token : null;
}

/** The token that is kept for this conversation, and for no other. */
export function keptTicketToken(request: Request, ticketId: string): string | null {
	const [id, token = ''] = (privateCookieOf(request, NAME) ?? '').split('.', 2);
	return id === ticketId && TOKEN.test(token) ? token : null;
}

/** `null` forgets it. Read by the server alone. */
export function ticketCookie(kept: { ticketId: string; token: string } | null, request: Request): string {
	return privateCookie(request, NAME, kept === null ? null : `${kept.ticketId}.${kept.token}`, SECONDS);
}
