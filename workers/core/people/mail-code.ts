import { eq } from 'drizzle-orm';

import { mails } from '../../../schema/mail';
import { users } from '../../../schema/users';
import type { AccessDeps } from '../deps';
import type { Mail } from '../mail/mail';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { mailSignUpCode } from './begin-sign-up';
import { CODE_MINUTES, newCode, readWaiting } from './mailed-code';

const KINDS = { sign_in: 'sign_in_code', reset: 'reset_code' } as const satisfies Record<string, Mail['kind']>;

/**
 * Mails a code to sign in with, or to set a new password with, if the address has an account. The same answer and as many
 * statements if it has none: a code is stored that nobody knows (ASVS 6.3.8).
 */
export async function mailCode(deps: AccessDeps, input: { purpose: keyof typeof KINDS; email: string }): Promise<void> {
	const { db } = deps;
	const { purpose, email } = input;
	const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, email)).limit(1);
	const { code, statements } = newCode(deps, { purpose, of: email });
	const mail = await mailStatements(deps, { to: email, kind: KINDS[purpose], code, minutes: CODE_MINUTES });
	const nothing = db.delete(mails).where(eq(mails.id, mail.mailId));
	await db.batch([...statements, ...(known === undefined ? [nothing] : mail.statements)]);
	// The queue is told either way; a mail that is not there is nothing to send.
	await tellMail(deps, mail.mailId);
}

/** Mails another code for the sign-up that this browser began. Without one nothing is sent, and nothing says so. */
export async function mailSignUpCodeAgain(
	deps: AccessDeps,
	input: { email: string; ticket: string | undefined },
): Promise<void> {
	const { email, ticket } = input;
	if (ticket === undefined) return;
	const facts = await readWaiting(deps, { purpose: 'sign_up', of: email, ticket });
	const { name, passwordHash } = facts ?? {};
	if (name === undefined || passwordHash === undefined) return;
	await mailSignUpCode(deps, { email, name, passwordHash, ticket });
}
