/**
 * The ways in: forms of this app, decided by the api's `/api/auth/*`. Its cookies go on to the browser as they are, its
 * sentences to the page.
 */
import { redirect } from '@remix-run/cloudflare';

import { callerHeaders } from './api';
import type { LoadContext } from './load-context';

type AuthPath =
	| 'sign-up/email'
	| 'sign-in/email'
	| 'sign-in/email-otp'
	| 'sign-in/social'
	| 'sign-out'
	| 'email-otp/verify-email'
	| 'email-otp/send-verification-otp'
	| 'email-otp/reset-password'
	| 'two-factor/verify-totp'
	| 'two-factor/verify-backup-code';

/** Posts to the api as the browser would. */
export function postAuth(
	context: LoadContext,
	request: Request,
	path: AuthPath,
	body: object,
	more: Readonly<Record<string, string>> = {},
): Promise<Response> {
	return context.api.fetch(`https://api/api/auth/${path}`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			...callerHeaders(request),
			...more,
		},
		body: JSON.stringify(body),
	});
}

/** What carries cookies to the browser: an answer of the api, or one line of our own. */
type CookieSource = Pick<Response, 'headers'> | string;

/** Headers with the cookies that the api, or a page, sets or ends. */
export function cookieHeaders(...sources: readonly CookieSource[]): Headers {
	const headers = new Headers();
	for (const source of sources) {
		const lines = typeof source === 'string' ? [source] : source.headers.getSetCookie();
		for (const line of lines) headers.append('set-cookie', line);
	}
	return headers;
}

export function redirectWithCookies(to: string, ...sources: readonly CookieSource[]) {
	return redirect(to, { headers: cookieHeaders(...sources) });
}

/** The same request as the browser would send it after this answer: for a second call that needs the session just begun. */
export function asAfter(request: Request, answer: Response): Request {
	const jar = new Map(cookiePairs(request.headers.get('cookie') ?? ''));
	for (const line of answer.headers.getSetCookie()) {
		for (const [name, value] of cookiePairs(line.split(';', 1)[0] ?? '')) jar.set(name, value);
	}
	const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
	return new Request(request.url, { headers: { ...callerHeaders(request), cookie } });
}

function cookiePairs(text: string): [name: string, value: string][] {
	return text.split(/;\s*/).flatMap((pair) => {
		const at = pair.indexOf('=');
		return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)]] : [];
	});
}
