import { betterAuth } from 'better-auth/minimal';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';

import { secondFactors, sessions, signInMethods, users, verifications } from '../../../schema/users';
import { retentionMs } from '../../../studios/policy/policy';
import type { AccessDeps } from '../deps';
import { logError } from '../log';
import { codeEndpoints } from './code-endpoints';
import { beginSession } from './begin-session';
import { entrance, type Entering } from './entrance';
import { hashPassword, verifyPassword } from './password';
import { secondFactorPlugin } from './second-factor-plugin';
import { IS_CHALLENGE, requireSamePassword, type ShownPassword } from './shown-password';

export interface AuthSecrets {
	/** Signs the cookies, and encrypts second factors. */
	authSecret: string;
	passwordPepper: string;
}

/**
 * better-auth over our tables, made anew for each request since it holds the request's database (DD-05, DS-03).
 * Sessions live in D1 and are read there each time, without a cookie cache: signing out works at once. Users are made by
 * `completeSignUp` and by ways in that prove an address, never by better-auth's own sign-up.
 */
export function createAuth(deps: AccessDeps, secrets: AuthSecrets, entering: Entering | null = null) {
	const { db, appOrigin, studio } = deps;
	const shown: ShownPassword = { hash: null };
	return betterAuth({
		appName: studio.name,
		baseURL: appOrigin,
		basePath: '/api/auth',
		secret: secrets.authSecret,
		trustedOrigins: [appOrigin],
		telemetry: { enabled: false },
		database: drizzleAdapter(db, {
			provider: 'sqlite',
			schema: {
				user: users,
				session: sessions,
				account: signInMethods,
				verification: verifications,
				twoFactor: secondFactors,
			},
		}),
		emailAndPassword: {
			enabled: true,
			disableSignUp: true,
			requireEmailVerification: true,
			// It counts otherwise than the rule does, which has spoken when the password was set.
			maxPasswordLength: Number.MAX_SAFE_INTEGER,
			password: {
				hash: (password) => hashPassword(secrets.passwordPepper, password),
				async verify({ hash, password }) {
					const isRight = await verifyPassword(secrets.passwordPepper, password, hash);
					if (isRight) shown.hash = hash;
					return isRight;
				},
			},
		},
		session: {
			expiresIn: retentionMs(studio.policy, 'session') / 1000,
			disableSessionRefresh: true,
			cookieCache: { enabled: false },
			additionalFields: { accountId: { type: 'string', required: false, input: false, returned: false } },
		},
		plugins: [codeEndpoints(deps), entrance(entering), secondFactorPlugin({ ...deps, authSecrets: secrets })],
		advanced: advancedOptions(appOrigin),
		databaseHooks: {
			session: {
				create: {
					before: (session, context) => beginSession(deps, session, context?.path ?? null),
					after: ({ id, userId }) => requireSamePassword(deps, shown, { id, userId, table: sessions }),
				},
			},
			verification: {
				create: {
					async after({ id, identifier, value }) {
						if (!IS_CHALLENGE.test(identifier)) return;
						await requireSamePassword(deps, shown, { id, userId: value, table: verifications });
					},
				},
			},
		},
		// Its own lines print an error whole, and with it a query's values; what it throws is the Worker's to log.
		onAPIError: { throw: true },
		logger: { level: 'error', log: logWithoutWords },
	});
}

function advancedOptions(appOrigin: string) {
	return {
		// Its own prefix, `__Secure-`, would stand before ours and undo it.
		useSecureCookies: false,
		defaultCookieAttributes: {
			httpOnly: true,
			sameSite: 'lax',
			secure: appOrigin.startsWith('https://'),
			path: '/',
		},
		cookiePrefix: cookieName(appOrigin, 'auth'),
		cookies: { session_token: { name: sessionCookieName(appOrigin) } },
		// From where somebody signs in is not needed, so it is not kept; with which browser is.
		ipAddress: { disableIpTracking: true },
	} as const;
}

/** better-auth's words hold addresses and tokens of the request, so only errors that come with them are logged, as ours are. */
function logWithoutWords(_level: string, _message: string, ...details: unknown[]): void {
	for (const detail of details) {
		if (detail instanceof Error) logError('unhandled_error', detail, { worker: 'api' });
	}
}

/** `__Host-` ties a cookie to exactly this host; browsers refuse the prefix without https. */
export function cookieName(appOrigin: string, name: string): string {
	return `${appOrigin.startsWith('https://') ? '__Host-' : ''}afterglow_${name}`;
}

export function sessionCookieName(appOrigin: string): string {
	return cookieName(appOrigin, 'session');
}
