import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { z } from 'zod';

import { cookieName } from '../../core/accounts/create-auth';
import { beginSignUp } from '../../core/people/begin-sign-up';
import { mailCode, mailSignUpCodeAgain } from '../../core/people/mail-code';
import { CODE_MINUTES } from '../../core/people/mailed-code';
import { recoveryHash } from '../../core/people/recovery-codes';
import { resetPassword } from '../../core/people/reset-password';
import { tellRecoveryCodeUsed } from '../../core/people/second-factor';
import { askAuth } from '../auth-answer';
import type { ApiEnv } from '../bindings';
import {
	CodeByAddress,
	CodeOrder,
	Nothing,
	PasswordReset,
	SecondFactorCode,
	SignInByPassword,
	SignUp,
} from '../contract/auth';
import { admitted, limited } from '../limit';
import { readBody } from '../read-body';
import { refuseOtherOrigins } from '../session';

type Auth = Context<ApiEnv>;

/**
 * A path of sign-in: what it takes, what has to hold before anything is looked up or computed, and the answer. Each has its
 * own body, read here, so that nothing reaches better-auth which no page sends.
 */
interface AuthPath<Schema extends z.ZodType> {
	takes: Schema;
	before: readonly ((c: Auth, body: z.output<Schema>) => Promise<void>)[];
	answer: (c: Auth, body: z.output<Schema>) => Promise<Response>;
}

export const authRoutes = new Hono<ApiEnv>();

function post<Schema extends z.ZodType>(path: string, { takes, before, answer }: AuthPath<Schema>): void {
	authRoutes.post(`/api/auth/${path}`, refuseOtherOrigins, async (c) => {
		const body = await readBody(c, takes);
		for (const step of before) await step(c, body);
		return answer(c, body);
	});
}

post('sign-up/email', {
	takes: SignUp,
	before: [admitted],
	answer: async (c, { name, email, password }) => {
		const { ticket } = await beginSignUp(c.var.deps, { name, email, password });
		const maxAge = (CODE_MINUTES + TICKET_GRACE_MINUTES) * 60;
		setCookie(c, ticketCookie(c), ticket, { ...cookieAttributes(c), maxAge });
		return sent(c);
	},
});

post('email-otp/verify-email', {
	takes: CodeByAddress,
	before: [limited('check')],
	answer: async (c, { email, code }) => {
		const ticket = getCookie(c, ticketCookie(c));
		const answer = await signedIn(c, 'email-otp/verify-email', { email, code, ticket });
		deleteCookie(c, ticketCookie(c), cookieAttributes(c));
		return answer;
	},
});

post('email-otp/send-verification-otp', {
	takes: CodeOrder,
	before: [limited('code')],
	answer: async (c, { email, type }) => {
		const { deps } = c.var;
		if (type === 'email-verification') {
			await mailSignUpCodeAgain(deps, { email, ticket: getCookie(c, ticketCookie(c)) });
		} else {
			await mailCode(deps, { purpose: type === 'sign-in' ? 'sign_in' : 'reset', email });
		}
		return sent(c);
	},
});

post('sign-in/email-otp', {
	takes: CodeByAddress,
	before: [limited('check')],
	answer: (c, body) => signedIn(c, 'sign-in/email-otp', body),
});

post('sign-in/email', {
	takes: SignInByPassword,
	before: [limited('signIn')],
	answer: (c, body) => signedIn(c, 'sign-in/email', body),
});

post('two-factor/verify-totp', {
	takes: SecondFactorCode,
	before: [limited('check')],
	answer: (c, body) => signedIn(c, 'two-factor/verify-totp', body),
});

post('two-factor/verify-backup-code', {
	takes: SecondFactorCode,
	before: [limited('check')],
	answer: async (c, { code }) => {
		const { deps, whence } = c.var;
		const { userId } = await askAuth(c, 'two-factor/verify-backup-code', { code: recoveryHash(deps, code) });
		if (userId !== null) await tellRecoveryCodeUsed(deps, { userId, whence });
		return c.json({ signedIn: true });
	},
});

post('email-otp/reset-password', {
	takes: PasswordReset,
	before: [limited('check')],
	answer: async (c, { email, code, password }) => {
		await resetPassword(c.var.deps, { email, code, password, whence: c.var.whence });
		return c.json({ changed: true });
	},
});

post('sign-out', {
	takes: Nothing,
	before: [],
	answer: async (c) => {
		await askAuth(c, 'sign-out', {});
		return c.json({ signedOut: true });
	},
});

async function signedIn(c: Auth, path: string, body: object): Promise<Response> {
	const { twoFactorRedirect } = await askAuth(c, path, body);
	return c.json(twoFactorRedirect ? { twoFactorRedirect: true } : { signedIn: true });
}

/** The same for every address. */
function sent(c: Auth): Response {
	return c.json({ sent: true, minutes: CODE_MINUTES });
}

/** The code is asked for until it ends; a browser's clock may be a little off. */
const TICKET_GRACE_MINUTES = 5;

/** Ties a sign-up to the browser that began it. */
function ticketCookie(c: Auth): string {
	return cookieName(c.var.deps.appOrigin, 'sign_up');
}

function cookieAttributes(c: Auth) {
	const secure = c.var.deps.appOrigin.startsWith('https://');
	return { httpOnly: true, sameSite: 'Lax', secure, path: '/' } as const;
}
