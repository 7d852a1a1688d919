import { signInMethods, users } from '../../../schema/users';
import type { AccessDeps } from '../deps';
import { AppError, violates } from '../errors';
import { acceptanceStatement } from '../policy/accept-policy';
import { claimUserBySignUp } from './claim-user';
import { codeEnded, tryCode } from './mailed-code';

/**
 * Makes the user that a sign-up described, once its code proves the address, with the password of that very sign-up. The browser
 * has to bring the ticket of it too: otherwise a stranger's sign-up would wait for the owner of the address to type its code.
 * Refused: a wrong or ended code, and an address that is a user's meanwhile, of whom nothing changes. A user who never proved the
 * address has nothing to keep.
 */
export async function completeSignUp(
	deps: AccessDeps,
	input: { email: string; code: string; ticket: string | undefined },
): Promise<{ userId: string }> {
	const { db, newId, now } = deps;
	const { email, code, ticket } = input;
	if (ticket === undefined) throw codeEnded('code');
	const { facts, takeStatement } = await tryCode(deps, { purpose: 'sign_up', of: email, ticket, code });
	const { name, passwordHash } = facts;
	if (name === undefined || passwordHash === undefined) throw codeEnded('code');
	const userId = newId('user');
	const at = { createdAt: now(), updatedAt: now() };
	const method = { id: newId('way'), userId, providerId: 'credential', accountId: userId, password: passwordHash };
	const acceptance = await acceptanceStatement(deps, { userId, surface: 'sign_up' });
	try {
		await db.batch([
			db.insert(users).values({ id: userId, name, email, emailVerified: true, ...at }),
			db.insert(signInMethods).values({ ...method, ...at }),
			acceptance.statement,
			takeStatement,
		]);
	} catch (cause) {
		if (!violates(cause, 'users.email')) throw cause;
		await takeStatement;
		const claimed = await claimUserBySignUp(deps, { email, name, passwordHash });
		if (claimed !== null) return { userId: claimed };
		throw new AppError('conflict', 'This address has an account now. Sign in with it.', {
			cause,
			details: { reason: 'already_signed_up' },
		});
	}
	return { userId };
}
