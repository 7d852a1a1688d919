import { APIError, betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';

import { sessions, signInMethods, users, verifications } from '../../../schema/users';
import type { Deps } from '../deps';
import { logError } from '../log';
import { hashPassword, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, verifyPassword } from './password';

const SESSION_SECONDS = 60 * 60 * 24 * 14;

export const NAME_LENGTH_MAX = 120;
/** The longest address that mail can be sent to (RFC 5321, 4.5.3.1.3). */
const EMAIL_LENGTH_MAX = 254;

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
			// From where somebody signs in is not needed, so it is not kept; with which browser is.
			ipAddress: { disableIpTracking: true },
		},
		databaseHooks: {
			user: {
				create: {
					before: (user) => {
						requireLengths(user);
						// better-auth takes the address of a picture from whoever signs up; nothing here shows one.
						return Promise.resolve({ data: { image: null } });
					},
				},
			},
		},
		// Its own lines print an error whole, and with it a query's values; what it throws is the Worker's to log.
		onAPIError: { throw: true },
		logger: { level: 'error', log: logWithoutWords },
	});
}

function requireLengths({ name, email }: { name: string; email: string }): void {
	if (name.length > NAME_LENGTH_MAX) {
		const message = `The name has ${NAME_LENGTH_MAX} characters at most.`;
		throw new APIError('BAD_REQUEST', { code: 'NAME_TOO_LONG', message });
	}
	if (email.length > EMAIL_LENGTH_MAX) {
		const message = `An e-mail address has ${EMAIL_LENGTH_MAX} characters at most.`;
		throw new APIError('BAD_REQUEST', { code: 'INVALID_EMAIL', message });
	}
}

/** better-auth's words hold addresses and tokens of the request, so only errors that come with them are logged, as ours are. */
function logWithoutWords(_level: string, _message: string, ...details: unknown[]): void {
	for (const detail of details) {
		if (detail instanceof Error) logError('unhandled_error', detail, { worker: 'api' });
	}
}

/** `__Host-` ties the cookie to exactly this host; browsers refuse the prefix without https. */
export function sessionCookieName(appOrigin: string): string {
	return appOrigin.startsWith('https://') ? '__Host-afterglow_session' : 'afterglow_session';
}
