import { and, eq, sql, type SQL } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps, MailDeps } from '../deps';
import { AppError, notFound } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { changedMeanwhile } from './change-role';
import { findMember, hasNonOwner, isNonOwner, type GivenRole } from './member';
import { OWNED_ACCOUNTS_MAX } from './open-account';
import { hasStanding, refusalOfStanding } from './standing';

/** What an owner is afterwards, in every studio: whoever led the work goes on with it, and decides about nobody any more. */
export const ROLE_AFTER_OWNER: GivenRole = 'clinician';

/**
 * Makes another member the owner and the owner a clinician, both in one batch, and mails both. Refused: somebody who
 * is no member (not found), the owner themselves, and who owns as many accounts as one person may.
 */
export async function transferOwnership(
	deps: MailDeps,
	input: { actor: Actor; whence: Whence; byName: string; userId: string; reason?: string | undefined },
): Promise<{ id: string; role: 'owner' }> {
	const { actor, whence, userId, reason } = input;
	const target = { accountId: actor.accountId, userId };
	const member = await findMember(deps, target);
	if (member === null) throw notFound('member');
	if (member.role === 'owner') throw new AppError('conflict', 'This is the owner already. Choose another member.');

	const mails = await mailBoth(deps, { ...input, member });
	const isFrom = and(
		eq(memberships.accountId, actor.accountId),
		eq(memberships.userId, actor.userId),
		eq(memberships.role, 'owner'),
	);
	// Only an owner stands for this, so the first update finds the one whose place the second takes.
	const mayTransfer = sql`${hasStanding(deps, actor, 'members:write')} and ${hasNonOwner(deps, target)}
		and ${mayOwnMore(deps, userId)}`;
	const facts = { from: member.role, ownerBefore: actor.userId };
	const entry = { action: 'ownership.transferred', targetId: userId, facts, reason } as const;
	try {
		await deps.db.batch([
			auditGateStatement(deps, { actor, whence }, entry, mayTransfer),
			deps.db.update(memberships).set({ role: ROLE_AFTER_OWNER }).where(isFrom),
			deps.db.update(memberships).set({ role: 'owner' }).where(isNonOwner(target)),
			...mails.flatMap(({ statements }) => statements),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (
			(await refusalOfStanding(deps, actor, 'members:write')) ??
			(await refusalOfOwning(deps, userId, cause)) ??
			changedMeanwhile(cause)
		);
	}
	for (const { mailId } of mails) await tellMail(deps, mailId);
	return { id: userId, role: 'owner' };
}

function mayOwnMore({ db }: Pick<Deps, 'db'>, userId: string): SQL {
	const owned = db.$count(memberships, and(eq(memberships.userId, userId), eq(memberships.role, 'owner')));
	return sql`${owned} < ${OWNED_ACCOUNTS_MAX}`;
}

async function refusalOfOwning(deps: Pick<Deps, 'db'>, userId: string, cause: unknown): Promise<AppError | null> {
	const [row] = await deps.db.select({ may: sql<number>`${mayOwnMore(deps, userId)}` }).from(sql`(select 1)`);
	if (row?.may === 1) return null;
	return new AppError(
		'conflict',
		`This member owns ${OWNED_ACCOUNTS_MAX} already, and that is the most. Choose another one.`,
		{ cause, details: { ownedMax: OWNED_ACCOUNTS_MAX } },
	);
}

async function mailBoth(
	deps: MailDeps,
	input: { actor: Actor; byName: string; member: { name: string; email: string; accountName: string } },
) {
	const { name: ownerName, email, accountName } = input.member;
	const event = {
		what: 'ownership_transferred',
		atMs: deps.now().getTime(),
		accountName,
		byName: input.byName,
		ownerName,
	} as const;
	const [before] = await deps.db.select({ email: users.email }).from(users).where(eq(users.id, input.actor.userId));
	const addresses = before === undefined ? [email] : [before.email, email];
	return Promise.all(addresses.map((to) => mailStatements(deps, { kind: 'security', to, event })));
}
