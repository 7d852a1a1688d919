import { eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { invitations } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { invitationStateOf, type InvitationState } from './invitation-state';
import { hashOfToken } from './invitation-token';

export interface InvitationView {
	accountName: string;
	/** Who sent it, as the mail says too. */
	inviterName: string;
	role: Role;
	/** As much of the address as tells whether it is one's own. */
	email: string;
	state: InvitationState;
	expiresAt: string;
}

/** What an invitation is about, for whoever holds its link, before they sign in. One D1 statement. */
export async function lookAtInvitation(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ token }: { token: string },
): Promise<InvitationView> {
	const [found] = await db
		.select({ invitation: invitations, accountName: accounts.name, inviterName: users.name })
		.from(invitations)
		.innerJoin(accounts, eq(accounts.id, invitations.accountId))
		.innerJoin(users, eq(users.id, invitations.invitedBy))
		.where(eq(invitations.tokenHash, await hashOfToken(token)));
	if (found === undefined) throw notFound('invitation');
	const { invitation, accountName, inviterName } = found;
	return {
		accountName,
		inviterName,
		role: invitation.role,
		email: masked(invitation.email),
		state: invitationStateOf(invitation, now().getTime()),
		expiresAt: new Date(invitation.expiresAtMs).toISOString(),
	};
}

/** `a…@practice.example`: a link that was passed on does not pass the address on. */
function masked(email: string): string {
	return `${email.slice(0, 1)}…${email.slice(email.lastIndexOf('@'))}`;
}
