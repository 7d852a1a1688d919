import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

import { cookieName } from '../core/accounts/create-auth';
import { hasGpcIn, regimeOf, type Regime } from '../core/choices/regime';
import type { ApiEnv } from './bindings';

/** Half a year: then a browser is asked again, as the authorities in Europe want it. */
const VISITOR_SECONDS = 180 * 86_400;
const RANDOM_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Under which rules somebody chooses, by where Cloudflare says they are and what their browser sends. */
export interface Circumstances {
	regime: Regime;
	hasGpc: boolean;
}

/** The header that the app passes a visitor's state on by; on a request of a browser's own it takes a setting at Cloudflare. */
const REGION_HEADER = 'cf-region-code';

export function circumstancesOf(c: Context<ApiEnv>): Circumstances {
	const { headers } = c.req.raw;
	const region = headers.get(REGION_HEADER);
	return {
		// Whoever writes their state into that header themselves moves from California's rules to another state's, which are the same here.
		regime: regimeOf({ country: c.var.whence.country, region: region === '' ? null : region }),
		hasGpc: hasGpcIn(headers),
	};
}

/** Of the cookie under which this browser's choices are kept; null before its first. */
export function visitorIdOf(c: Context<ApiEnv>): string | null {
	const value = getCookie(c, visitorCookie(c)) ?? '';
	return RANDOM_ID.test(value) ? value : null;
}

/** Keeps the cookie for another half a year, and makes it where there is none. */
export function keepVisitor(c: Context<ApiEnv>): string {
	const visitorId = visitorIdOf(c) ?? crypto.randomUUID();
	setCookie(c, visitorCookie(c), visitorId, {
		httpOnly: true,
		sameSite: 'Lax',
		secure: c.var.deps.appOrigin.startsWith('https://'),
		path: '/',
		maxAge: VISITOR_SECONDS,
	});
	return visitorId;
}

function visitorCookie(c: Context<ApiEnv>): string {
	return cookieName(c.var.deps.appOrigin, 'visitor');
}

/**
 * Takes a tracker's cookies away. Its script may have set them for the host or for any domain above it, and a browser removes one
 * only when the domain is the same.
 */
export function removeCookies(c: Context<ApiEnv>, names: readonly string[]): void {
	const labels = new URL(c.var.deps.appOrigin).hostname.split('.');
	const isName = labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '');
	const domains = isName ? labels.slice(0, -1).map((_, from) => labels.slice(from).join('.')) : [];
	for (const name of names) {
		for (const domain of ['', ...domains]) {
			const where = domain === '' ? '' : `; Domain=${domain}`;
			c.header('set-cookie', `${name}=; Path=/; Max-Age=0; SameSite=Lax${where}`, { append: true });
		}
	}
}
