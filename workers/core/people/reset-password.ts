import { eq, sql } from 'drizzle-orm';

import { sessions, users } from '../../../schema/users';
import { hashPassword } from '../accounts/password';
import { requireGoodPassword, requireLength, type PasswordDeps } from '../accounts/password-rule';
import type { Whence } from '../actor';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { claimUser } from './claim-user';
import { codeEnded, tryCode } from './mailed-code';
import { personalGateStatement } from './personal-audit';
import { endChallengesStatement } from './sessions';
import { mayStand, passwordStatements } from './set-password';

/**
 * Sets a new password by a mailed code, and ends every session of its person and every sign-in under way. Signs nobody in, so that a second factor is asked
 * for as ever (ASVS 6.4.3). Refused alike for an address without an account: there is no right code for it. Takes the code in the
 * batch of what it allows: one that changes nothing stays good.
 */
export async function resetPassword(
	deps: AccessDeps & PasswordDeps,
	input: { email: string; code: string; password: string; whence: Whence },
): Promise<void> {
	const { db, now } = deps;
	const { email, code, password, whence } = input;
	// What holds for everybody first: how long a password has to be for this person would tell whether they have a second factor.
	await requireGoodPassword(deps, { password, email, hasSecondFactor: true });
	const { takeStatement, isOpen } = await tryCode(deps, { purpose: 'reset', of: email, code });
	const person = await findPerson(deps, email);
	requireLength(password, { hasSecondFactor: person.isProved && person.hasSecondFactor, field: 'password' });
	if (!person.isProved) await claimUser(deps, { userId: person.id, email });
	const { id: userId } = person;
	const passwordHash = await hashPassword(deps.authSecrets.passwordPepper, password);
	const event = { what: 'password_changed', atMs: now().getTime(), device: whence.browser } as const;
	const mail = await mailStatements(deps, { to: email, kind: 'security', event });
	const holds = sql`${isOpen} and ${mayStand(deps, { userId, password })}`;
	try {
		await db.batch([
			personalGateStatement(deps, { userId, whence }, { action: 'password.changed' }, holds),
			takeStatement,
			...passwordStatements(deps, { userId, password, passwordHash }),
			db.delete(sessions).where(eq(sessions.userId, userId)),
			endChallengesStatement(deps, { userId }),
			...mail.statements,
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const { hasSecondFactor } = await findPerson(deps, email);
		requireLength(password, { hasSecondFactor, field: 'password' });
		throw codeEnded('code');
	}
	await tellMail(deps, mail.mailId);
}

async function findPerson({ db }: Pick<AccessDeps, 'db'>, email: string) {
	const [person] = await db
		.select({ id: users.id, isProved: users.emailVerified, hasSecondFactor: users.twoFactorEnabled })
		.from(users)
		.where(eq(users.email, email));
	if (person === undefined) throw codeEnded('code');
	return person;
}
