import { tokenIn } from '../practice/invitation-cookie';
import { privateCookie, privateCookieOf } from '../private-cookie';

/*
 * The token of a request about rights, from the link that was mailed. It comes behind the #, which browsers send to nobody; the page
 * posts it, and from then on it stands in this cookie, beside the request's id, and in no address.
 */
const NAME = 'rights';
const SECONDS = 60 * 60;

/** The token kept for this request; null when there is none, or it is of another. */
export function keptRequestToken(request: Request, id: string): string | null {
	const [ofId, token = ''] = (privateCookieOf(request, NAME) ?? '').split('.');
	return ofId === id ? tokenIn(token) : null;
}

export function requestCookie(id: string, token: string, request: Request): string {
	return privateCookie(request, NAME, `${id}.${token}`, SECONDS);
}
