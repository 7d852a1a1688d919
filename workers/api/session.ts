import type { Context, MiddlewareHandler } from 'hono';
import { getSignedCookie, setSignedCookie } from 'hono/cookie';

import { sessionCookieName } from '../core/accounts/create-auth';
import { resolvePerson, type Person } from '../core/accounts/resolve-person';
import { noteSignal } from '../core/choices/note-arrival';
import { AppError } from '../core/errors';
import { logError } from '../core/log';
import { notePolicyUse } from '../core/policy/accept-policy';
import { afterwards, bearerOf } from './bearer';
import type { ApiEnv } from './bindings';
import { circumstancesOf, visitorIdOf } from './circumstances';

/**
 * Who the session cookie belongs to, or null. Its signature is checked before the database is asked. Whoever sends an API key
 * asks as the key, so that one which died never turns into the person whose cookie lies beside it.
 */
export async function readPerson(c: Context<ApiEnv>): Promise<Person | null> {
	if (bearerOf(c.req.raw.headers) !== null) return null;
	const { deps } = c.var;
	const cookie = await getSignedCookie(c, deps.authSecrets.authSecret, sessionCookieName(deps.appOrigin));
	const person = typeof cookie === 'string' ? await resolvePerson(deps, { sessionToken: cookie }) : null;
	if (person?.policy.isAccepted === true && !person.policy.isUseNoted) await noteUse(c, person.userId);
	if (person !== null) await followSignal(c, person);
	return person;
}

/** Goes on after the answer: a browser may begin to send the signal at any time, and then the account shares nothing either (N13). */
async function followSignal(c: Context<ApiEnv>, { sessionId }: Person): Promise<void> {
	const { regime, hasGpc } = circumstancesOf(c);
	if (!hasGpc) return;
	const noted = noteSignal(c.var.deps, { sessionId, visitorId: visitorIdOf(c), regime });
	await afterwards(
		c,
		noted.catch((error: unknown) => logError('unhandled_error', error, { worker: 'api' })),
	);
}

/** Goes on after the answer, once a version: nobody waits for it, and one that fails is made up for by the next request. */
async function noteUse(c: Context<ApiEnv>, userId: string): Promise<void> {
	const noted = notePolicyUse(c.var.deps, { userId });
	await afterwards(
		c,
		noted.catch((error: unknown) => logError('policy_use_unnoted', error, { userId })),
	);
}

/** Gives the browser another token for the session that it has, with the attributes that better-auth gave the first. */
export async function renewSessionCookie(
	c: Context<ApiEnv>,
	{ sessionToken, endsAt }: { sessionToken: string; endsAt: Date },
): Promise<void> {
	const { appOrigin, authSecrets } = c.var.deps;
	await setSignedCookie(c, sessionCookieName(appOrigin), sessionToken, authSecrets.authSecret, {
		httpOnly: true,
		sameSite: 'Lax',
		secure: appOrigin.startsWith('https://'),
		path: '/',
		maxAge: Math.max(0, Math.floor((endsAt.getTime() - Date.now()) / 1000)),
	});
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A cookie alone does not change anything from another site: browsers name the page's origin on every such request,
 * and only ours passes. Programs send none.
 */
export const refuseOtherOrigins: MiddlewareHandler<ApiEnv> = async (c, next) => {
	const origin = c.req.header('origin');
	if (!READING.has(c.req.method) && origin !== undefined && origin !== c.var.deps.appOrigin) {
		throw new AppError('not_allowed', 'This request comes from another site.');
	}
	await next();
};
