/**
 * Sign-up, sign-in and sign-out: forms of this app, decided by the api's `/api/auth/*`. Its cookies go on to the
 * browser as they are; its codes become sentences.
 */
import { redirect } from '@remix-run/cloudflare';
import { z } from 'zod';

import { originOf } from './api';
import type { LoadContext } from './load-context';
import { PASSWORD_LENGTH_MIN } from './password-rule';

type AuthPath = 'sign-up/email' | 'sign-in/email' | 'sign-out' | 'revoke-sessions';

/** Sentences beside the field they are about; `form` stands above the button. */
export interface AuthErrors {
	readonly name?: string;
	readonly email?: string;
	readonly password?: string;
	readonly form?: string;
}

const AuthRefusal = z.object({ code: z.string() });

/** Posts to the api as the browser would: its cookie and origin are what the api checks the caller by. */
export function postAuth(context: LoadContext, request: Request, path: AuthPath, body: object): Promise<Response> {
	return context.api.fetch(`https://api/api/auth/${path}`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			cookie: request.headers.get('cookie') ?? '',
			origin: originOf(request),
		},
		body: JSON.stringify(body),
	});
}

/** Leads on with the cookies that the api set or ended. */
export function redirectWithCookies(to: string, ...answers: readonly Response[]) {
	const headers = new Headers();
	for (const answer of answers) {
		for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie);
	}
	return redirect(to, { headers });
}

/** Our sentence for a refusal of sign-up or sign-in. */
export async function authErrorsOf(answer: Response): Promise<AuthErrors> {
	if (answer.status === 429) return { form: 'Too many tries. Wait a minute, then try again.' };
	const body = AuthRefusal.safeParse(await answer.json().catch(() => null));
	return (body.success ? SENTENCES[body.data.code] : undefined) ?? UNKNOWN;
}

const TAKEN: AuthErrors = { email: 'This address has an account. Sign in instead, or use another address.' };
const UNKNOWN: AuthErrors = { form: 'This could not be done just now. Nothing was changed. Try again in a minute.' };

const SENTENCES: Readonly<Record<string, AuthErrors>> = {
	NAME_TOO_LONG: { name: 'A name has 120 characters at most. Shorten it.' },
	USER_ALREADY_EXISTS: TAKEN,
	USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: TAKEN,
	// One sentence for a wrong password and an unknown address, so that nobody can ask who has an account.
	INVALID_EMAIL_OR_PASSWORD: { password: 'E-mail and password do not belong together. Check both.' },
	INVALID_EMAIL: { email: 'This is not an e-mail address. Type one such as name@example.com.' },
	PASSWORD_TOO_SHORT: { password: `The password is too short. It needs ${PASSWORD_LENGTH_MIN} characters or more.` },
	PASSWORD_TOO_LONG: { password: 'The password is too long. 256 characters are the most.' },
};
