import { sql } from 'drizzle-orm';

import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { MailDeps } from '../deps';
import { notFound } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { changedMeanwhile, isOwners } from './change-role';
import { endMembershipStatements } from './end-membership';
import { findMember, hasNonOwner } from './member';
import { hasStanding, refusalOfStanding } from './standing';

/**
 * Takes a member out, and mails them. Their sessions stay theirs and act in nothing here from that moment; the API keys they
 * made here end. The owner cannot be removed; who does not belong to the account is not found.
 */
export async function removeMember(
	deps: MailDeps,
	input: {
		actor: Actor;
		whence: Whence;
		/** The actor's, for the mail. */
		byName: string;
		userId: string;
		reason?: string | undefined;
	},
): Promise<{ id: string }> {
	const { actor, whence, userId, reason } = input;
	const target = { accountId: actor.accountId, userId };
	const member = await findMember(deps, target);
	if (member === null) throw notFound('member');
	if (member.role === 'owner') throw isOwners();

	const { accountName, role } = member;
	const event = { what: 'removed', atMs: deps.now().getTime(), accountName, byName: input.byName } as const;
	const mail = await mailStatements(deps, { kind: 'security', to: member.email, event });
	const mayRemove = sql`${hasStanding(deps, actor, 'members:write')} and ${hasNonOwner(deps, target)}`;
	const entry = { action: 'member.removed', targetId: userId, facts: { role }, reason } as const;
	try {
		await deps.db.batch([
			auditGateStatement(deps, { actor, whence }, entry, mayRemove),
			...endMembershipStatements(deps, target),
			...mail.statements,
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfStanding(deps, actor, 'members:write')) ?? changedMeanwhile(cause);
	}
	await tellMail(deps, mail.mailId);
	return { id: userId };
}
