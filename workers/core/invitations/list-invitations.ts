import { and, desc, eq } from 'drizzle-orm';

import { invitations } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { isPending } from './invitation-state';

export interface ListedInvitation {
	id: string;
	email: string;
	role: Role;
	state: 'open' | 'expired';
	invitedBy: { id: string; name: string };
	createdAt: string;
	expiresAt: string;
}

/** Invitations that were neither accepted nor revoked, the newest first, in one D1 statement; those past their time too. */
export async function listInvitations(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ actor }: { actor: Actor },
): Promise<ListedInvitation[]> {
	const nowMs = now().getTime();
	const rows = await db
		.select({ invitation: invitations, inviterName: users.name })
		.from(invitations)
		.innerJoin(users, eq(users.id, invitations.invitedBy))
		.where(and(eq(invitations.accountId, actor.accountId), isPending()))
		.orderBy(desc(invitations.createdAtMs), desc(invitations.id));
	return rows.map(({ invitation, inviterName }) => ({
		id: invitation.id,
		email: invitation.email,
		role: invitation.role,
		state: nowMs < invitation.expiresAtMs ? 'open' : 'expired',
		invitedBy: { id: invitation.invitedBy, name: inviterName },
		createdAt: new Date(invitation.createdAtMs).toISOString(),
		expiresAt: new Date(invitation.expiresAtMs).toISOString(),
	}));
}
