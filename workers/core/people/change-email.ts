import { and, eq, exists, ne, sql } from 'drizzle-orm';

import { welcomeGrants } from '../../../schema/limits';
import { sessions, users } from '../../../schema/users';
import { refuseDisposable } from '../accounts/disposable-mail';
import { personHashOf } from '../accounts/person-hash';
import type { Changer } from '../accounts/tell-person';
import type { AccessDeps } from '../deps';
import { AppError, violates } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { endRequestLinksStatement } from '../rights/moved-link';
import { endTicketLinksStatement } from '../support/moved-link';
import { changePerson } from './change';
import { CODE_MINUTES, codeEnded, newCode, readWaiting, tryCode } from './mailed-code';
import { endChallengesStatement } from './sessions';

/**
 * Mails a code to the address that somebody has and one to the address that they want. An address that is taken gets a mail that
 * says so instead, and the answer is the same. Refused: the address they have, and one at a provider of throw-away mailboxes.
 */
export async function beginEmailChange(
	deps: AccessDeps,
	{ person }: Changer,
	{ email }: { email: string },
): Promise<void> {
	const { db } = deps;
	if (email === person.email) {
		throw new AppError('invalid_input', 'This is the address you have. Type another one.', {
			details: { reason: 'same_address', fields: ['email'] },
		});
	}
	refuseDisposable(email);
	const [taken] = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
	const from = newCode(deps, { purpose: 'change_from', of: person.userId, facts: { email } });
	const to = newCode(deps, { purpose: 'change_to', of: person.userId, facts: { email } });
	const minutes = CODE_MINUTES;
	const mails = [
		await mailStatements(deps, {
			kind: 'change_from_code',
			to: person.email,
			code: from.code,
			minutes,
			newAddress: email,
		}),
		await mailStatements(
			deps,
			taken === undefined
				? { kind: 'change_to_code', to: email, code: to.code, minutes }
				: { kind: 'already_signed_up', to: email },
		),
	];
	const [first, ...others] = [...from.statements, ...to.statements, ...mails.flatMap(({ statements }) => statements)];
	await db.batch([first, ...others]);
	for (const { mailId } of mails) await tellMail(deps, mailId);
}

/** The address that a code is open for, to count a try at it before anything is compared; null when none is. */
export async function readWantedAddress(
	deps: Pick<AccessDeps, 'db' | 'lookupKey'>,
	{ userId }: { userId: string },
): Promise<string | null> {
	const facts = await readWaiting(deps, { purpose: 'change_to', of: userId });
	return facts?.['email'] ?? null;
}

/**
 * Changes the address once both codes were brought, ends every other session and sign-in under way and every link to what they wrote
 * signed in, and tells both addresses (ASVS 6.3.7, 7.4.3). Of two who want one address, the column decides. What was asked for is the address that both codes were mailed about.
 */
export async function confirmEmailChange(
	deps: AccessDeps,
	changer: Changer,
	codes: { currentCode: string; newCode: string },
): Promise<{ email: string }> {
	const { db, now } = deps;
	const { userId, sessionId, email: before } = changer.person;
	const from = await tryCode(deps, {
		purpose: 'change_from',
		of: userId,
		code: codes.currentCode,
		field: 'currentCode',
	});
	const to = await tryCode(deps, { purpose: 'change_to', of: userId, code: codes.newCode, field: 'newCode' });
	const { email } = to.facts;
	if (email === undefined || email !== from.facts['email']) throw codeEnded('newCode');
	const hashes = {
		before: await personHashOf(deps.lookupKey, before),
		after: await personHashOf(deps.lookupKey, email),
	};
	const told = { what: 'email_changed', newAddress: email } as const;
	const event = { ...told, atMs: now().getTime(), device: changer.whence.browser };
	const toNew = await mailStatements(deps, { kind: 'security', to: email, event }, { userId });
	try {
		await changePerson(deps, changer, {
			action: 'email.changed',
			told,
			holds: exists(
				db
					.select({ one: sql`1` })
					.from(users)
					.where(and(eq(users.id, userId), eq(users.email, before))),
			),
			statements: [
				db.update(users).set({ email, updatedAt: now() }).where(eq(users.id, userId)),
				db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, sessionId))),
				endChallengesStatement(deps, { userId }),
				endTicketLinksStatement(deps, { userId }),
				endRequestLinksStatement(deps, { userId }),
				keepWelcomeStatement(deps, hashes),
				from.takeStatement,
				to.takeStatement,
				...toNew.statements,
			],
			shut: () => codeEnded('newCode'),
		});
	} catch (cause) {
		if (!violates(cause, 'users.email')) throw cause;
		throw new AppError('conflict', 'Somebody signed up with this address meanwhile. Nothing was changed.', {
			cause,
			details: { reason: 'address_taken', fields: ['newCode'] },
		});
	}
	await tellMail(deps, toNew.mailId);
	return { email };
}

/** Whoever had a welcome had it under every address they come to have; a mailbox that had its own keeps that. */
function keepWelcomeStatement({ db, now }: AccessDeps, hashes: { before: string; after: string }) {
	const { personHash, accountId } = welcomeGrants;
	return db
		.insert(welcomeGrants)
		.select(
			sql`select ${hashes.after}, ${accountId}, ${now().getTime()} from ${welcomeGrants} where ${personHash} = ${hashes.before}`,
		)
		.onConflictDoNothing();
}
