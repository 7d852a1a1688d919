import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

import type { AccessDeps } from '../deps';
import { claimUser } from '../people/claim-user';
import { completeSignUp } from '../people/complete-sign-up';
import { codeEnded, takeCode } from '../people/mailed-code';

/**
 * The two ways in by a mailed code, as endpoints of better-auth so that its hooks see the sessions which they open. Its own
 * plugin for codes stores a user before the address is proved, and answers differently for addresses it does not know.
 */
export function codeEndpoints(deps: AccessDeps) {
	return {
		id: 'mailed-codes',
		endpoints: {
			verifyEmail: createAuthEndpoint(
				'/email-otp/verify-email',
				{ method: 'POST', body: z.object({ email: z.string(), code: z.string(), ticket: z.string().optional() }) },
				async (c) => {
					const { email, code, ticket } = c.body;
					const { userId } = await completeSignUp(deps, { email, code, ticket });
					return openSession(c, await c.context.internalAdapter.findUserById(userId));
				},
			),
			signInByCode: createAuthEndpoint(
				'/sign-in/email-otp',
				{ method: 'POST', body: z.object({ email: z.string(), code: z.string() }) },
				async (c) => {
					const { email, code } = c.body;
					await takeCode(deps, { purpose: 'sign_in', of: email, code });
					const { internalAdapter } = c.context;
					const found = await internalAdapter.findUserByEmail(email);
					if (found?.user.emailVerified !== false) return openSession(c, found?.user ?? null);
					await claimUser(deps, { userId: found.user.id, email });
					return openSession(c, await internalAdapter.findUserById(found.user.id));
				},
			),
		},
	} satisfies BetterAuthPlugin;
}

type User = Parameters<typeof setSessionCookie>[1]['user'];

async function openSession(c: GenericEndpointContext, user: User | null) {
	// Nobody knows the code of an address without an account; its user may have gone since.
	if (user === null) throw codeEnded('code');
	const session = await c.context.internalAdapter.createSession(user.id);
	await setSessionCookie(c, { session, user });
	return c.json({ signedIn: true });
}
