import { and, eq, sql, type SQL } from 'drizzle-orm';

import { invitations, memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { GivenRole } from '../accounts/member';
import { lacksAccount } from '../accounts/open-cap';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import type { AccessDeps, Deps } from '../deps';
import { AppError } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { INVITATION_DAYS, isOpenAt, isPending } from './invitation-state';
import { hashOfToken, invitationUrl, newInvitationToken } from './invitation-token';
import type { ListedInvitation } from './list-invitations';

const DAY_MS = 86_400_000;

/**
 * Mails somebody a link that lets them join, for seven days and once. The same address again replaces what was sent before: the
 * link in the older mail is dead. Whether anybody here has that address is not looked at. Refused, with nothing
 * stored or sent: where people work alone, an address that belongs to it already, when members and open invitations fill
 * it, and beyond the studio's rate.
 */
export async function inviteMember(
	deps: AccessDeps,
	input: {
		actor: Actor;
		whence: Whence;
		account: { name: string };
		/** The actor's name, for the mail. */
		byName: string;
		/** In lower case. */
		email: string;
		role: GivenRole;
	},
): Promise<ListedInvitation> {
	const { db } = deps;
	const { actor, whence, email, role } = input;
	requireTeam(deps);
	const token = newInvitationToken();
	const nowMs = deps.now().getTime();
	const row = {
		id: deps.newId('invitation'),
		email,
		role,
		tokenHash: await hashOfToken(token),
		invitedBy: actor.userId,
		createdAtMs: nowMs,
		expiresAtMs: nowMs + INVITATION_DAYS * DAY_MS,
	};
	const mail = await mailStatements(deps, {
		kind: 'invitation',
		to: email,
		accountName: input.account.name,
		inviterName: input.byName,
		role,
		url: invitationUrl(deps.appOrigin, token),
		days: INVITATION_DAYS,
	});
	const limits: Limit[] = [
		{ what: 'invite', by: 'account', value: actor.accountId },
		{ what: 'invite', by: 'address', value: email },
		// One person may own several accounts, and whoever signs up again another.
		{ what: 'invite', by: 'network', value: whence.network },
	];
	const isSame = and(eq(invitations.accountId, actor.accountId), eq(invitations.email, email), isPending());
	const entry = { action: 'member.invited', targetId: row.id, facts: { role } } as const;
	try {
		await db.batch([
			db.update(invitations).set({ revokedAtMs: nowMs }).where(isSame),
			db.insert(invitations).values({ ...row, accountId: accountWithRoom(deps, { actor, email, nowMs }) }),
			auditStatement(deps, { actor, whence }, entry),
			...mail.statements,
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!lacksAccount(cause, 'invitations')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw (await refusalOfStanding(deps, actor, 'members:write')) ?? (await whyNot(deps, { actor, email, cause }));
	}
	await tellMail(deps, mail.mailId);
	return {
		id: row.id,
		email,
		role,
		state: 'open',
		invitedBy: { id: actor.userId, name: input.byName },
		createdAt: new Date(nowMs).toISOString(),
		expiresAt: new Date(row.expiresAtMs).toISOString(),
	};
}

function requireTeam({ studio }: Pick<Deps, 'studio'>): void {
	if (studio.tenancy.membersMax > 1) return;
	throw new AppError('not_allowed', `A ${studio.tenancy.word} is for one person, so nobody can be invited to it.`);
}

/**
 * The account's id while there is a place for this address, counted when the row is written: every open invitation holds one, so
 * that whoever accepts finds it free.
 */
function accountWithRoom(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	{ actor, email, nowMs }: { actor: Actor; email: string; nowMs: number },
): SQL<string> {
	const { db, studio } = deps;
	const members = db.$count(memberships, eq(memberships.accountId, actor.accountId));
	const open = db.$count(invitations, and(eq(invitations.accountId, actor.accountId), isOpenAt(nowMs)));
	const hasRoom = sql`(${members} + ${open}) < ${studio.tenancy.membersMax}`;
	return accountIdWhile(deps, actor, 'members:write', { and: sql`${hasRoom} and not ${belongs(deps, actor, email)}` });
}

function belongs({ db }: Pick<Deps, 'db'>, { accountId }: Actor, email: string): SQL {
	const member = db
		.select({ one: sql`1` })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(and(eq(memberships.accountId, accountId), sql`lower(${users.email}) = ${email}`));
	return sql`exists ${member}`;
}

/** The inviter sees the list of members anyway, so that one of them has this address is no secret. */
async function whyNot(
	deps: Pick<Deps, 'db' | 'studio'>,
	{ actor, email, cause }: { actor: Actor; email: string; cause: unknown },
): Promise<AppError> {
	const { word, membersMax } = deps.studio.tenancy;
	const [row] = await deps.db.select({ belongs: sql<number>`${belongs(deps, actor, email)}` }).from(sql`(select 1)`);
	if (row?.belongs === 1) {
		return new AppError('conflict', `Somebody with this address belongs to the ${word} already.`, { cause });
	}
	return new AppError(
		'conflict',
		`A ${word} has ${membersMax} people at most, open invitations included. Remove somebody, or revoke an invitation.`,
		{ cause, details: { membersMax } },
	);
}
