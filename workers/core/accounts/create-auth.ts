import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';

import { sessions, signInMethods, users, verifications } from '../../../schema/accounts';
import type { Deps } from '../deps';
import { hashPassword, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, verifyPassword } from './password';

const SESSION_SECONDS = 60 * 60 * 24 * 14;

export interface AuthSecrets {
	/** Signs the session cookie. */
	authSecret: string;
	passwordPepper: string;
}

/**
 * better-auth over our tables, made anew for each request since it holds the request's database (DD-05, DS-03).
 * Sessions live in D1 and are read there each time, without a cookie cache: signing out works at once.
 */
export function createAuth({ db, appOrigin }: Pick<Deps, 'db' | 'appOrigin'>, secrets: AuthSecrets) {
	const isHttps = appOrigin.startsWith('https://');
	return betterAuth({
		baseURL: appOrigin,
		basePath: '/api/auth',
		secret: secrets.authSecret,
		trustedOrigins: [appOrigin],
		telemetry: { enabled: false },
		database: drizzleAdapter(db, {
			provider: 'sqlite',
			schema: { user: users, session: sessions, account: signInMethods, verification: verifications },
		}),
		emailAndPassword: {
			enabled: true,
			minPasswordLength: PASSWORD_LENGTH_MIN,
			maxPasswordLength: PASSWORD_LENGTH_MAX,
			password: {
				hash: (password) => hashPassword(secrets.passwordPepper, password),
				verify: ({ hash, password }) => verifyPassword(secrets.passwordPepper, password, hash),
			},
		},
		session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
		advanced: {
			// Its own prefix, `__Secure-`, would stand before ours and undo it.
			useSecureCookies: false,
			defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/' },
			cookies: { session_token: { name: sessionCookieName(appOrigin) } },
			// Who signed in from where is not needed yet, so it is not kept.
			ipAddress: { disableIpTracking: true },
		},
		logger: { level: 'error' },
	});
}

/** `__Host-` ties the cookie to exactly this host; browsers refuse the prefix without https. */
export function sessionCookieName(appOrigin: string): string {
	return appOrigin.startsWith('https://') ? '__Host-afterglow_session' : 'afterglow_session';
}
