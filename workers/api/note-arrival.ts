import type { Context } from 'hono';

import { sessionCookieName } from '../core/accounts/create-auth';
import { noteArrival } from '../core/choices/note-arrival';
import { logError } from '../core/log';
import type { ApiEnv } from './bindings';
import { circumstancesOf, visitorIdOf } from './circumstances';

/**
 * Tells the ledger that the cookies of an answer of better-auth's open a session. Nobody is kept from signing in by what cannot be
 * written down about measuring: then the choices stay the browser's alone, and nothing is told of the sign-up.
 */
export async function noteSignIn(c: Context<ApiEnv>, setCookies: readonly string[]): Promise<void> {
	const { deps } = c.var;
	const sessionToken = tokenIn(setCookies, sessionCookieName(deps.appOrigin));
	const visitorId = visitorIdOf(c);
	const circumstances = circumstancesOf(c);
	if (sessionToken === null || (visitorId === null && !circumstances.hasGpc)) return;
	try {
		await noteArrival(deps, { visitorId, sessionToken, ...circumstances });
	} catch (error) {
		logError('unhandled_error', error, { worker: 'api' });
	}
}

/** What stands before the signature; null where the cookie is not set, or taken away. */
function tokenIn(setCookies: readonly string[], name: string): string | null {
	const line = setCookies.find((cookie) => cookie.startsWith(`${name}=`));
	const value = line?.slice(name.length + 1).split(';', 1)[0] ?? '';
	const token = decodeURIComponent(value).split('.', 1)[0] ?? '';
	return token === '' ? null : token;
}
