import { z } from 'zod';

import { STUDIOS } from '../../studios/all';
import { redirectWithCookies } from '../auth';
import type { LoadContext } from '../load-context';
import { pathOr, withNext } from '../paths';

const SignIn = z.object({ twoFactorRedirect: z.boolean().optional() });

/** Leads on from a sign-in: to the second factor when the api asks for it, else to where the person wanted to go. */
export async function afterSignIn(
	context: LoadContext,
	answer: Response,
	next: FormDataEntryValue | string | null,
	...cookies: readonly string[]
) {
	const { twoFactorRedirect = false } = SignIn.parse(await answer.json());
	const to = twoFactorRedirect
		? withNext('/sign-in/second-factor', pathOr('', next))
		: pathOr(STUDIOS[context.studio].work.path, next);
	return redirectWithCookies(to, answer, ...cookies);
}
