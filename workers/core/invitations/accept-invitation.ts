import { and, eq, exists, gt, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { invitations, memberships } from '../../../schema/memberships';
import { sessions, users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import { chooseAccount } from '../accounts/choose-account';
import { statementStatements } from '../accounts/make-statement';
import { lacksAccount } from '../accounts/open-cap';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { AppError, notFound, violates } from '../errors';
import { invitationStateOf, isOpenAt, type InvitationState } from './invitation-state';
import { hashOfToken } from './invitation-token';

export interface JoinedAccount {
	id: string;
	name: string;
	role: Role;
}

interface Accepting {
	person: { userId: string; sessionId: string };
	whence: Whence;
	token: string;
	statementVersion: string | undefined;
}

/**
 * Lets a signed-in person join what they were invited to, and lets their session act in it. Only somebody whose own, verified
 * address was invited may; whoever else holds the link may not. Accepted once more, or by somebody who belongs to it
 * by now, it changes no role. Refused, with nothing stored: revoked, expired or used, without the studio's statement, and
 * when there is no place left.
 */
export async function acceptInvitation(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'studio'>,
	input: Accepting,
): Promise<JoinedAccount> {
	const found = await readInvitation(deps, input);
	const settled = await settle(deps, input, found);
	if (settled !== null) return settled;
	try {
		await join(deps, input, found);
	} catch (cause) {
		if (!lacksAccount(cause, 'memberships') && !violates(cause, 'memberships.account_id')) throw cause;
		const now = await readInvitation(deps, input);
		const meanwhile = await settle(deps, input, now);
		if (meanwhile !== null) return meanwhile;
		throw noPlaceLeft(deps, now, cause);
	}
	return { id: found.accountId, name: found.accountName, role: found.role };
}

interface Found {
	id: string;
	accountId: string;
	accountName: string;
	role: Role;
	state: InvitationState;
	isTheirs: boolean;
	/** What they are in it already. */
	memberRole: Role | null;
	memberCount: number;
}

async function readInvitation({ db, now }: Pick<Deps, 'db' | 'now'>, { person, token }: Accepting): Promise<Found> {
	const isMember = and(eq(memberships.accountId, invitations.accountId), eq(memberships.userId, person.userId));
	const [row] = await db
		.select({
			invitation: invitations,
			accountName: accounts.name,
			email: users.email,
			isVerified: users.emailVerified,
			memberRole: memberships.role,
			memberCount: db.$count(memberships, eq(memberships.accountId, sql`"invitations"."account_id"`)),
		})
		.from(invitations)
		.innerJoin(accounts, eq(accounts.id, invitations.accountId))
		.innerJoin(users, eq(users.id, person.userId))
		.leftJoin(memberships, isMember)
		.where(eq(invitations.tokenHash, await hashOfToken(token)));
	if (row === undefined) throw notFound('invitation');
	const { invitation, email, isVerified, ...rest } = row;
	return {
		...rest,
		id: invitation.id,
		accountId: invitation.accountId,
		role: invitation.role,
		state: invitationStateOf(invitation, now().getTime()),
		isTheirs: isVerified && email.toLowerCase() === invitation.email,
	};
}

/** The answer or the refusal that needs no new member; null when there is one to make. */
async function settle(deps: Pick<Deps, 'db' | 'now'>, input: Accepting, found: Found): Promise<JoinedAccount | null> {
	if (!found.isTheirs) {
		throw new AppError(
			'not_allowed',
			'This invitation went to another e-mail address than yours. Sign in with the address it was sent to.',
		);
	}
	const isUsedByThem = found.state === 'accepted' && found.memberRole !== null;
	if (found.state !== 'open' && !isUsedByThem) throw new AppError('gone', OVER[found.state]);
	if (found.memberRole === null) return null;

	const { db, now } = deps;
	const nowMs = now().getTime();
	await db
		.update(invitations)
		.set({ acceptedAtMs: nowMs })
		.where(and(eq(invitations.id, found.id), isOpenAt(nowMs)));
	await chooseAccount(deps, { person: input.person, accountId: found.accountId });
	return { id: found.accountId, name: found.accountName, role: found.memberRole };
}

const ASK = 'Ask for a new one.';
const OVER: Readonly<Record<Exclude<InvitationState, 'open'>, string>> = {
	accepted: `This invitation was used already. ${ASK}`,
	revoked: `This invitation was taken back. ${ASK}`,
	expired: `This invitation has ended. ${ASK}`,
};

async function join(deps: Pick<Deps, 'db' | 'now' | 'newId' | 'studio'>, input: Accepting, found: Found) {
	const { db } = deps;
	const { userId, sessionId } = input.person;
	const { accountId, role } = found;
	const nowMs = deps.now().getTime();
	const actor: Actor = { userId, accountId, via: { kind: 'session', sessionId } };
	const entry = { action: 'member.joined', targetId: userId, facts: { role, invitation: found.id } } as const;
	await db.batch([
		// Null where the invitation does not hold any more: the column refuses it, and with it everything below.
		db.insert(memberships).values({
			accountId: accountIdWhileInvited(deps, { ...input.person, invitationId: found.id, nowMs }),
			userId,
			role,
			createdAtMs: nowMs,
		}),
		...statementStatements(deps, { userId, textVersion: input.statementVersion }),
		db.update(invitations).set({ acceptedAtMs: nowMs }).where(eq(invitations.id, found.id)),
		db
			.update(sessions)
			.set({ accountId })
			.where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId))),
		auditStatement(deps, { actor, whence: input.whence }, entry),
	]);
}

function accountIdWhileInvited(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	invited: { userId: string; sessionId: string; invitationId: string; nowMs: number },
): SQL<string> {
	const one = { one: sql`1` };
	const isPerson = and(
		eq(users.id, invited.userId),
		eq(users.emailVerified, true),
		sql`lower(${users.email}) = ${invitations.email}`,
	);
	// Session times are written by the machine's clock, so they are compared with it, not with a moved one.
	const isSignedIn = and(
		eq(sessions.id, invited.sessionId),
		eq(sessions.userId, invited.userId),
		gt(sessions.expiresAt, new Date()),
	);
	const members = db.$count(memberships, eq(memberships.accountId, invitations.accountId));
	const account = db
		.select({ accountId: invitations.accountId })
		.from(invitations)
		.where(
			and(
				eq(invitations.id, invited.invitationId),
				isOpenAt(invited.nowMs),
				exists(db.select(one).from(users).where(isPerson)),
				exists(db.select(one).from(sessions).where(isSignedIn)),
				sql`${members} < ${studio.tenancy.membersMax}`,
			),
		);
	return sql<string>`${account}`;
}

/** The invitation holds, so it is the account that is full, or the session that ended meanwhile. */
function noPlaceLeft({ studio }: Pick<Deps, 'studio'>, found: Found, cause: unknown): AppError {
	const { word, membersMax } = studio.tenancy;
	if (found.memberCount < membersMax) {
		return new AppError('not_signed_in', 'The session ended meanwhile. Sign in again.', { cause });
	}
	return new AppError('conflict', `The ${word} has ${membersMax} people, and that is the most. Ask its owner.`, {
		cause,
		details: { membersMax },
	});
}
