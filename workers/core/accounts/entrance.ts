import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';

/** Somebody whom a provider or a passkey has just shown to be this user. */
export interface Entering {
	userId: string;
	by: 'provider' | 'passkey';
}

/** By what is proved with it: the second factor is asked for after a provider, and not after a passkey, which is two. */
export const ENTRANCE_PATHS = { provider: 'sign-in/provider', passkey: 'passkey/enter' } as const;

/**
 * Opens the session of whoever was shown to be entering, as an endpoint of better-auth, so that its hooks see it: the second
 * factor above all. It takes nothing from the request, and is not there when nobody is entering.
 */
export function entrance(entering: Entering | null) {
	if (entering === null) return { id: 'entrance' } satisfies BetterAuthPlugin;
	return {
		id: 'entrance',
		endpoints: {
			enter: createAuthEndpoint(`/${ENTRANCE_PATHS[entering.by]}`, { method: 'POST' }, async (c) => {
				const user = await c.context.internalAdapter.findUserById(entering.userId);
				if (user === null) throw c.error('NOT_FOUND');
				const session = await c.context.internalAdapter.createSession(user.id);
				await setSessionCookie(c, { session, user });
				return c.json({ signedIn: true });
			}),
		},
	} satisfies BetterAuthPlugin;
}
