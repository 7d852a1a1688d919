import { and, asc, eq } from 'drizzle-orm';

import { auditEntries } from '../../schema/audit';
import { mails } from '../../schema/mail';
import { invitations, memberships } from '../../schema/memberships';
import { statements, users } from '../../schema/users';
import type { GivenRole } from '../../workers/core/accounts/member';
import type { Actor } from '../../workers/core/actor';
import type { Deps } from '../../workers/core/deps';
import { acceptInvitation } from '../../workers/core/invitations/accept-invitation';
import { inviteMember } from '../../workers/core/invitations/invite-member';
import type { Mail } from '../../workers/core/mail/mail';
import { openMail } from '../../workers/core/mail/seal-mail';
import type { TestDeps } from './deps';
import { givenSession, givenUser } from './given';

export const WHENCE = { network: '203.0.113.0/24', country: 'DE', browser: 'Firefox on Linux' };

export function inviting(actor: Actor, email: string, role: GivenRole = 'staff') {
	// Files share their windows, so each account has a network of its own.
	const whence = { ...WHENCE, network: `network of ${actor.accountId}` };
	return { actor, whence, account: { name: 'Practice' }, byName: 'Ada', email, role };
}

/** An invitation as its receiver has it: with what stands behind # in the mailed link. */
export async function givenInvitation(deps: TestDeps, actor: Actor, email: string, role: GivenRole = 'staff') {
	const invitation = await inviteMember(deps, inviting(actor, email, role));
	const mail = (await mailsTo(deps, email)).findLast(({ kind }) => kind === 'invitation');
	if (mail?.kind !== 'invitation') throw new Error('no invitation was mailed');
	return { ...invitation, url: mail.url, token: new URL(mail.url).hash.slice(1) };
}

/** Somebody signed in who belongs to nothing. */
export async function givenPerson(deps: Pick<Deps, 'db' | 'now'>) {
	const { userId, email } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	return { userId, sessionId, email };
}

type Person = { userId: string; sessionId: string };

export function accepting(deps: Pick<Deps, 'studio'>, { userId, sessionId }: Person, token: string) {
	const person = { userId, sessionId };
	return { person, whence: WHENCE, token, statementVersion: deps.studio.statement?.textVersion };
}

export function accept(deps: TestDeps, person: Person, token: string) {
	return acceptInvitation(deps, accepting(deps, person, token));
}

/** What was mailed to an address, oldest first, opened. */
export async function mailsTo(deps: TestDeps, email: string): Promise<Mail[]> {
	const told = deps.sent.flatMap(({ message }) => (message.type === 'mail.send' ? [message.mailId] : []));
	const opened: Mail[] = [];
	for (const id of told) {
		const [row] = await deps.db.select().from(mails).where(eq(mails.id, id));
		if (row?.sealed === null || row === undefined) throw new Error('a mail was told of and not stored');
		opened.push(await openMail(deps.mailKey, id, row.sealed));
	}
	return opened.filter(({ to }) => to === email);
}

export function auditOf({ db }: Pick<Deps, 'db'>, accountId: string) {
	return db.select().from(auditEntries).where(eq(auditEntries.accountId, accountId)).orderBy(asc(auditEntries.id));
}

export async function roleOf({ db }: Pick<Deps, 'db'>, { accountId, userId }: { accountId: string; userId: string }) {
	const [row] = await db
		.select({ role: memberships.role })
		.from(memberships)
		.where(and(eq(memberships.accountId, accountId), eq(memberships.userId, userId)));
	return row?.role ?? null;
}

/** Every row that tells who belongs to an account, who is asked to, and what was done and mailed about it. */
export async function peopleOf(deps: TestDeps, accountId: string) {
	return {
		members: await deps.db
			.select({ role: memberships.role, member: memberships, name: users.name })
			.from(memberships)
			.innerJoin(users, eq(users.id, memberships.userId))
			.where(eq(memberships.accountId, accountId))
			.orderBy(asc(memberships.userId)),
		invitations: await deps.db
			.select()
			.from(invitations)
			.where(eq(invitations.accountId, accountId))
			.orderBy(asc(invitations.id)),
		audit: await auditOf(deps, accountId),
		mails: (await deps.db.select({ id: mails.id }).from(mails)).length,
		statements: (await deps.db.select({ id: statements.id }).from(statements)).length,
		sent: deps.sent.length,
	};
}
