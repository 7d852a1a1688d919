import { and, eq, exists, sql } from 'drizzle-orm';

import { invitations } from '../../../schema/memberships';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { isPending } from './invitation-state';

/** Takes an invitation back: its link is dead from now. Once more changes nothing; one that was accepted is a `conflict`. */
export async function revokeInvitation(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; invitationId: string },
): Promise<{ id: string }> {
	const { db } = deps;
	const { actor, whence, invitationId } = input;
	const isOwn = and(eq(invitations.id, invitationId), eq(invitations.accountId, actor.accountId));
	const pending = db
		.select({ one: sql`1` })
		.from(invitations)
		.where(and(isOwn, isPending()));
	const mayRevoke = sql`${hasStanding(deps, actor, 'members:write')} and ${exists(pending)}`;
	try {
		await db.batch([
			auditGateStatement(deps, { actor, whence }, { action: 'invitation.revoked', targetId: invitationId }, mayRevoke),
			db.update(invitations).set({ revokedAtMs: deps.now().getTime() }).where(and(isOwn, isPending())),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const refusal = await refusalOfStanding(deps, actor, 'members:write');
		if (refusal !== null) throw refusal;
		const [found] = await db.select({ acceptedAtMs: invitations.acceptedAtMs }).from(invitations).where(isOwn);
		if (found === undefined) throw notFound('invitation');
		if (found.acceptedAtMs !== null) {
			throw new AppError('conflict', 'This invitation was accepted. Remove the member instead.', { cause });
		}
	}
	return { id: invitationId };
}
