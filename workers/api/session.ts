import type { Context, MiddlewareHandler } from 'hono';
import { getSignedCookie } from 'hono/cookie';

import { sessionCookieName } from '../core/accounts/create-auth';
import { resolveActor, type SignedIn } from '../core/accounts/resolve-actor';
import { AppError } from '../core/errors';
import type { ApiEnv } from './bindings';

/** Who the session cookie belongs to, or null. Its signature is checked before the database is asked. */
export async function readSignedIn(c: Context<ApiEnv>): Promise<SignedIn | null> {
	const sessionToken = await readSessionToken(c);
	return sessionToken === null ? null : resolveActor(c.var.deps, { sessionToken });
}

/** For every route that belongs to somebody. */
export const requireSignedIn: MiddlewareHandler<ApiEnv> = async (c, next) => {
	const sessionToken = await readSessionToken(c);
	const signedIn = sessionToken === null ? null : await resolveActor(c.var.deps, { sessionToken });
	if (sessionToken === null || signedIn === null)
		throw new AppError('not_signed_in', 'You are not signed in, or the session has ended. Sign in again.');
	c.set('signedIn', signedIn);
	c.set('sessionToken', sessionToken);
	await next();
};

async function readSessionToken(c: Context<ApiEnv>): Promise<string | null> {
	const { deps } = c.var;
	const cookie = await getSignedCookie(c, deps.authSecrets.authSecret, sessionCookieName(deps.appOrigin));
	return typeof cookie === 'string' ? cookie : null;
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
