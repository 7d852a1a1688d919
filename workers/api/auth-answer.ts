import type { Context } from 'hono';
import { getSignedCookie } from 'hono/cookie';
import { z } from 'zod';

import { cookieName, sessionCookieName } from '../core/accounts/create-auth';
import { ENTRANCE_PATHS, type Entering } from '../core/accounts/entrance';
import { AppError } from '../core/errors';
import { forgetSession } from '../core/people/sessions';
import { authOf, type ApiEnv } from './bindings';
import { noteSignIn } from './note-arrival';

const Said = z.object({
	twoFactorRedirect: z.boolean().optional(),
	user: z.object({ id: z.string() }).optional(),
});

/** What came of it: a session, or a challenge; and whose, where better-auth says so. */
export interface AuthAnswer {
	twoFactorRedirect: boolean;
	userId: string | null;
}

/** Without a code it is a recovery code that another request has just used up. */
const Refused = z.object({ code: z.string().default('INVALID_BACKUP_CODE') });

/** Who signs in now is not who may be signed in already: a challenge is checked against its own person alone. */
const CHALLENGE_PATHS: ReadonlySet<string> = new Set(['two-factor/verify-totp', 'two-factor/verify-backup-code']);

/**
 * Asks better-auth, and says what came of it in our shape: its own answers hold session tokens and users, which no page needs,
 * and its refusals are words for programs. Cookies go on as they are.
 */
export async function askAuth(
	c: Context<ApiEnv>,
	path: string,
	body: object,
	entering: Entering | null = null,
): Promise<AuthAnswer> {
	const { deps } = c.var;
	const headers = new Headers({ 'content-type': 'application/json', origin: deps.appOrigin });
	for (const name of ['cookie', 'user-agent']) {
		const value = c.req.header(name);
		if (value !== undefined) headers.set(name, value);
	}
	if (CHALLENGE_PATHS.has(path)) keepOnlyChallenge(headers, deps.appOrigin);
	const url = `${deps.appOrigin}/api/auth/${path}`;
	const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	const answer = await authOf(deps, entering).handler(request);
	const cookies = answer.headers.getSetCookie();
	for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
	const said: unknown = await answer.json();
	if (!answer.ok) throw refusalOf(Refused.parse(said).code);
	await noteSignIn(c, cookies);
	const { twoFactorRedirect, user } = Said.parse(said);
	await endFormer(c);
	return { twoFactorRedirect: twoFactorRedirect === true, userId: user?.id ?? null };
}

/**
 * The session that the browser came with ends with the sign-in, or sign-out, that takes its place (ASVS 7.2.4). With one that waits
 * for its second factor too: the browser's cookie is taken away then, so nobody could end the session later.
 */
async function endFormer(c: Context<ApiEnv>): Promise<void> {
	const { deps } = c.var;
	const token = await getSignedCookie(c, deps.authSecrets.authSecret, sessionCookieName(deps.appOrigin));
	if (typeof token === 'string') await forgetSession(deps, { token });
}

/** Opens a session for whoever was shown to be entering, unless a second factor is to come. */
export function enter(c: Context<ApiEnv>, entering: Entering): Promise<{ twoFactorRedirect: boolean }> {
	return askAuth(c, ENTRANCE_PATHS[entering.by], {}, entering);
}

function keepOnlyChallenge(headers: Headers, appOrigin: string): void {
	const name = `${cookieName(appOrigin, 'auth')}.two_factor=`;
	const kept = (headers.get('cookie') ?? '').split(/;\s*/).filter((cookie) => cookie.startsWith(name));
	headers.set('cookie', kept.join('; '));
}

/** One sentence for a wrong password and an unknown address, so that nobody can ask who has an account (ASVS 6.3.8). */
const WRONG_CREDENTIALS = ['INVALID_EMAIL_OR_PASSWORD', 'EMAIL_NOT_VERIFIED', 'INVALID_EMAIL', 'PASSWORD_TOO_LONG'];
const WRONG_CODE = ['INVALID_CODE', 'INVALID_BACKUP_CODE'];
const CHALLENGE_ENDED = [
	'INVALID_TWO_FACTOR_COOKIE',
	'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE',
	'TOTP_NOT_ENABLED',
	'BACKUP_CODES_NOT_ENABLED',
];

function refusalOf(code: string): AppError {
	if (WRONG_CREDENTIALS.includes(code)) {
		return new AppError('not_signed_in', 'E-mail and password do not belong together. Check both.', {
			details: { reason: 'wrong_credentials' },
		});
	}
	if (WRONG_CODE.includes(code)) {
		return new AppError(
			'invalid_input',
			'This code is not right, or was used already. Check it, or wait for the next.',
			{
				details: { reason: 'wrong_code', fields: ['code'] },
			},
		);
	}
	if (CHALLENGE_ENDED.includes(code)) {
		return new AppError('not_signed_in', 'This sign-in took too long or too many tries. Begin again.', {
			details: { reason: 'challenge_ended' },
		});
	}
	if (code === 'ACCOUNT_TEMPORARILY_LOCKED') {
		return new AppError('too_many_requests', 'Too many wrong codes. Wait a quarter of an hour, then sign in again.', {
			details: { retryAfterSeconds: LOCKED_SECONDS },
		});
	}
	// Nothing that a form of ours can bring about; its code names what to look for.
	throw new Error(`better-auth refused with ${code}`);
}

const LOCKED_SECONDS = 900;
