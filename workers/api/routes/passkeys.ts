import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

import { cookieName } from '../../core/accounts/create-auth';
import { offeredWays } from '../../core/accounts/offered-ways';
import { AppError, notFound } from '../../core/errors';
import { requireWithinLimits } from '../../core/limits/require-within-limits';
import { addPasskey, offerPasskey } from '../../core/passkeys/add-passkey';
import { askPasskey, checkPasskey } from '../../core/passkeys/check-passkey';
import { CEREMONY_MINUTES } from '../../core/passkeys/relying-party';
import { FOR_PROVED_PERSON } from '../access';
import { enter } from '../auth-answer';
import type { ApiEnv } from '../bindings';
import { PasskeyOrder, PasskeySignIn } from '../contract/ways';
import { limitedVisit } from '../limit';
import { readBody } from '../read-body';
import { refuseOtherOrigins } from '../session';

/** Signing in with a passkey, and making one; browsers alone speak to these. */
export const passkeyRoutes = new Hono<ApiEnv>();

const PATH = '/api/auth/passkey';

passkeyRoutes.use(`${PATH}/*`, refuseOtherOrigins, async (c, next) => {
	if (!offeredWays(c.var.deps).includes('passkey')) throw notFound('address');
	await next();
});

passkeyRoutes.get(`${PATH}/generate-authenticate-options`, async (c) => {
	refuseOtherSites(c);
	// Each question is a row that waits for its answer.
	await limitedVisit(c);
	const { options, secret } = await askPasskey(c.var.deps);
	setCookie(c, passkeyCookie(c), secret, { ...cookieAttributes(c), maxAge: CEREMONY_MINUTES * 60 });
	return c.json(options);
});

passkeyRoutes.post(`${PATH}/verify-authentication`, async (c) => {
	const { deps, whence } = c.var;
	const { response } = await readBody(c, PasskeySignIn);
	await requireWithinLimits(deps, [{ what: 'signIn', by: 'network', value: whence.network }]);
	const { userId } = await checkPasskey(deps, { secret: takeSecret(c), response });
	await enter(c, { userId, by: 'passkey' });
	return c.json({ signedIn: true });
});

passkeyRoutes.get(`${PATH}/generate-register-options`, FOR_PROVED_PERSON.middleware, async (c) => {
	return c.json(await offerPasskey(c.var.deps, { person: c.var.person }));
});

passkeyRoutes.post(`${PATH}/verify-registration`, FOR_PROVED_PERSON.middleware, async (c) => {
	const { deps, person, whence } = c.var;
	const { response, name } = await readBody(c, PasskeyOrder);
	return c.json(await addPasskey(deps, { changer: { person, whence }, response, name }));
});

/** A picture of another site would have each of its visitors ask, and count against their networks; reading names no origin. */
function refuseOtherSites(c: Context<ApiEnv>): void {
	if (c.req.header('sec-fetch-site') === 'cross-site') {
		throw new AppError('not_allowed', 'This request comes from another site.');
	}
}

/** What ties a passkey's answer to the browser that asked for it; '' without. It is good once, so it goes. */
export function takeSecret(c: Context<ApiEnv>): string {
	const secret = getCookie(c, passkeyCookie(c)) ?? '';
	deleteCookie(c, passkeyCookie(c), cookieAttributes(c));
	return secret;
}

function passkeyCookie(c: Context<ApiEnv>): string {
	return cookieName(c.var.deps.appOrigin, 'passkey');
}

function cookieAttributes(c: Context<ApiEnv>) {
	const secure = c.var.deps.appOrigin.startsWith('https://');
	return { httpOnly: true, sameSite: 'Strict', secure, path: '/' } as const;
}
