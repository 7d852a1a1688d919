import { eq, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import type { Role } from '../../../studios/roles';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { MailDeps } from '../deps';
import { AppError, notFound } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { findMember, hasNonOwner, isNonOwner, type GivenRole } from './member';
import { hasStanding, refusalOfStanding } from './standing';

/**
 * Gives a member another role, from their next request on, and mails them. The same role again changes nothing. The owner's
 * role is handed over instead (`transferOwnership`); who does not belong to the account is not found.
 */
export async function changeRole(
	deps: MailDeps,
	input: {
		actor: Actor;
		whence: Whence;
		/** The actor's, for the mail. */
		byName: string;
		userId: string;
		role: GivenRole;
		reason?: string | undefined;
	},
): Promise<{ id: string; role: Role }> {
	const { actor, whence, userId, role, reason } = input;
	const target = { accountId: actor.accountId, userId };
	const member = await findMember(deps, target);
	if (member === null) throw notFound('member');
	if (member.role === 'owner') throw isOwners();
	if (member.role === role) return { id: userId, role };

	const { accountName } = member;
	const event = { what: 'role_changed', atMs: deps.now().getTime(), accountName, byName: input.byName, role } as const;
	const mail = await mailStatements(deps, { kind: 'security', to: member.email, event });
	// As it was read, so that the entry tells the truth about what was before.
	const isAsRead = eq(memberships.role, member.role);
	const mayChange = sql`${hasStanding(deps, actor, 'members:write')} and ${hasNonOwner(deps, target, isAsRead)}`;
	const entry = { action: 'role.changed', targetId: userId, facts: { from: member.role, to: role }, reason } as const;
	try {
		await deps.db.batch([
			auditGateStatement(deps, { actor, whence }, entry, mayChange),
			deps.db.update(memberships).set({ role }).where(isNonOwner(target)),
			...mail.statements,
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfStanding(deps, actor, 'members:write')) ?? changedMeanwhile(cause);
	}
	await tellMail(deps, mail.mailId);
	return { id: userId, role };
}

export function isOwners(): AppError {
	return new AppError(
		'conflict',
		'This is the owner, and there is always exactly one. Hand ownership over to another member first.',
	);
}

/** Somebody else changed, removed or raised the same person in between. */
export function changedMeanwhile(cause: unknown): AppError {
	return new AppError('conflict', 'Somebody changed this member at the same moment. Look at the list again.', {
		cause,
	});
}
