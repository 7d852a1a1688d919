import { APIError, createAuthMiddleware } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import { secondFactors, verifications } from '../../../schema/users';
import { decrypt } from '../people/recovery-codes';
import type { FactorDeps } from '../people/second-factor';
import { stepOf, takeStep } from '../people/totp';
import { isWholeSignIn } from './whole-sign-in';

const TOTP_PATH = '/two-factor/verify-totp';
const Body = z.object({ code: z.string() });

/**
 * better-auth's second factor: TOTP and recovery codes, five tries a challenge, a pause of 15 minutes after ten failures in a row.
 * By itself it guards three paths and lets every other way in pass; here it stops whichever opens a session for
 * somebody who has it on, so that a way that is added later is guarded too. By itself it also takes a code as often as it comes
 * within its minute and a half; here once.
 */
export function secondFactorPlugin(deps: FactorDeps) {
	const plugin = twoFactor({ issuer: deps.studio.name, backupCodeOptions: { storeBackupCodes: 'encrypted' } });
	const [stop, ...others] = plugin.hooks.after;
	if (stop === undefined || others.length > 0) throw new Error('better-auth guards sign-in in another way now.');
	const before = [{ matcher: isTotp, handler: onlyOnce(deps) }];
	return { ...plugin, hooks: { before, after: [{ ...stop, matcher: mayNeedMore }] } };
}

/** What a hook is matched by. */
export interface Hooked {
	path?: string | undefined;
}

function isTotp({ path }: Hooked): boolean {
	return path === TOTP_PATH;
}

function mayNeedMore({ path }: Hooked): boolean {
	return path !== undefined && !isWholeSignIn(path);
}

/** Uses the code up before it is compared; one that is wrong is left to be refused and counted (ASVS 6.5.1). */
function onlyOnce(deps: FactorDeps) {
	return createAuthMiddleware(async (c) => {
		const { context } = c;
		const challenge = await c.getSignedCookie(context.createAuthCookie('two_factor').name, context.secret);
		const body = Body.safeParse(c.body);
		if (typeof challenge !== 'string' || !body.success) return;
		const [factor] = await deps.db
			.select({ userId: secondFactors.userId, secret: secondFactors.secret })
			.from(verifications)
			.innerJoin(secondFactors, eq(secondFactors.userId, verifications.value))
			.where(and(eq(verifications.identifier, challenge), eq(secondFactors.verified, true)));
		if (factor === undefined) return;
		const step = stepOf(await decrypt(deps, factor.secret), body.data.code, Date.now());
		if (step === null || (await takeStep(deps, { userId: factor.userId, step }))) return;
		throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'This code was used.' });
	});
}
