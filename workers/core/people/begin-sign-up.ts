import { randomBytes } from 'node:crypto';

import { and, eq } from 'drizzle-orm';

import { users } from '../../../schema/users';
import { hashPassword } from '../accounts/password';
import { requireGoodPassword, type PasswordDeps } from '../accounts/password-rule';
import type { AccessDeps } from '../deps';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { CODE_MINUTES, newCode } from './mailed-code';

const TICKET_BYTES = 32;

/** What is mailed and stored for a sign-up; `ticket` stays with the browser. */
interface SignUp {
	email: string;
	name: string;
	passwordHash: string;
	ticket: string;
}

/**
 * Begins a sign-up: mails a code to the address, or to somebody's who has an account that they have one. Nobody is stored as
 * a user before the address is proved, so there is nothing that a stranger could set up in its owner's name; name and password
 * wait beside the code, and leave with it. The same work for either, so that nobody can ask who has an account (ASVS 6.3.8).
 * Refused: a password against the rule.
 */
export async function beginSignUp(
	deps: AccessDeps & PasswordDeps,
	input: { email: string; name: string; password: string },
): Promise<{ ticket: string }> {
	const { email, name, password } = input;
	await requireGoodPassword(deps, { password, email, hasSecondFactor: false });
	const passwordHash = await hashPassword(deps.authSecrets.passwordPepper, password);
	const ticket = randomBytes(TICKET_BYTES).toString('base64url');
	await mailSignUpCode(deps, { email, name, passwordHash, ticket });
	return { ticket };
}

/** One round trip to ask, one to store and queue, whoever's address it is. */
export async function mailSignUpCode(deps: AccessDeps, signUp: SignUp): Promise<void> {
	const { email, name, passwordHash, ticket } = signUp;
	const [known] = await deps.db
		.select({ id: users.id })
		.from(users)
		.where(and(eq(users.email, email), eq(users.emailVerified, true)))
		.limit(1);
	const { code, statements } = newCode(deps, {
		purpose: 'sign_up',
		of: email,
		ticket,
		facts: { name, passwordHash },
	});
	const mail = await mailStatements(
		deps,
		known === undefined
			? { to: email, kind: 'sign_up_code', code, minutes: CODE_MINUTES }
			: { to: email, kind: 'already_signed_up' },
	);
	await deps.db.batch([...statements, ...mail.statements]);
	await tellMail(deps, mail.mailId);
}
