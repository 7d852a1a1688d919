import { and, eq, ne } from 'drizzle-orm';

import { sessions } from '../../../schema/users';
import { hashPassword } from '../accounts/password';
import { requireGoodPassword, type PasswordDeps } from '../accounts/password-rule';
import type { Changer } from '../accounts/tell-person';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { changePerson } from './change';
import { endChallengesStatement } from './sessions';
import { mayStand, passwordStatements } from './set-password';

/**
 * Sets a person's password, or their first one, and ends every other session and every sign-in under way (ASVS 6.2.3, 7.4.3). A short one holds only while
 * a second factor is on at that moment, so that switching it off meanwhile cannot leave it alone.
 */
export async function changePassword(
	deps: AccessDeps & PasswordDeps,
	changer: Changer & { hasSecondFactor: boolean },
	{ next }: { next: string },
): Promise<void> {
	const { db } = deps;
	const { person, hasSecondFactor } = changer;
	const { userId, sessionId, email } = person;
	await requireGoodPassword(deps, { password: next, email, hasSecondFactor, field: 'next' });
	const passwordHash = await hashPassword(deps.authSecrets.passwordPepper, next);
	await changePerson(deps, changer, {
		action: 'password.changed',
		told: { what: 'password_changed' },
		holds: mayStand(deps, { userId, password: next }),
		statements: [
			...passwordStatements(deps, { userId, password: next, passwordHash }),
			db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, sessionId))),
			endChallengesStatement(deps, { userId }),
		],
		shut: () =>
			new AppError('conflict', 'The second factor was switched off meanwhile, so the password has to be longer.'),
	});
}
