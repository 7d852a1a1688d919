import { privateCookie, privateCookieOf } from '../private-cookie';

/*
 * The token of an invitation while somebody signs in or up on their way to accept it. It comes behind the # of the mailed link,
 * which browsers send to nobody; the page posts it, and from then on it stands in this cookie and in no address.
 */
const NAME = 'invitation';
const SECONDS = 60 * 60;
const TOKEN = /^[\w-]{20,200}$/;

/** The token in what was pasted: the whole link, or what stands behind its #; null when there is none. */
export function tokenIn(pasted: string): string | null {
	const text = pasted.trim();
	const token = text.slice(text.lastIndexOf('#') + 1);
	return TOKEN.test(token) ? token : null;
}

export function keptToken(request: Request): string | null {
	const token = privateCookieOf(request, NAME);
	return token !== null && TOKEN.test(token) ? token : null;
}

/** `null` forgets it. Read by the server alone. */
export function tokenCookie(token: string | null, request: Request): string {
	return privateCookie(request, NAME, token, SECONDS);
}
