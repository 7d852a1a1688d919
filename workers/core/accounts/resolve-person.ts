import { and, eq, gt, isNull, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { creditAccounts } from '../../../schema/credits';
import { memberships } from '../../../schema/memberships';
import { sessions, users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import type { Deps } from '../deps';
import { isNotErased } from '../erasure/is-not-erased';
import { comingVersion, hasAccepted, hasUsed } from '../policy/accept-policy';

/** A signed-in person, and the account that the session acts in. */
export interface Person {
	userId: string;
	sessionId: string;
	name: string;
	email: string;
	hasSecondFactor: boolean;
	/** When they last proved who they are, by the machine's clock: at sign-in or since. */
	provedAtMs: number;
	/** Null before one was chosen, and once they are no member of it any more. */
	account: { id: string; name: string; role: Role } | null;
	/** One was chosen, and they are no member of it any more. */
	isAccountLost: boolean;
	/** Processing is restricted in that account (Art. 18). */
	isRestricted: boolean;
	/** Of that account. */
	credits: { available: number; held: number };
	/** How many accounts they belong to. */
	accountCount: number;
	/** Whether the last version of the policy that asks was accepted, whether the one in force is noted, and which is announced. */
	policy: { isAccepted: boolean; isUseNoted: boolean; announced: string | null };
}

/**
 * Who a session token belongs to, with what every page's header shows, in one D1 statement; null when it is unknown or
 * over. The membership is read each time, so a role that is taken away is gone with the next request.
 */
export async function resolvePerson(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { sessionToken: string },
): Promise<Person | null> {
	const { db, now } = deps;
	const userId = sql`${users.id}`;
	const [row] = await db
		.select({
			userId: users.id,
			sessionId: sessions.id,
			name: users.name,
			email: users.email,
			hasSecondFactor: users.twoFactorEnabled,
			signedInAt: sessions.createdAt,
			confirmedAtMs: sessions.confirmedAtMs,
			chosenId: sessions.accountId,
			accountId: accounts.id,
			accountName: accounts.name,
			restrictedAtMs: accounts.restrictedAtMs,
			role: memberships.role,
			available: freeCredits(now().getTime()),
			held: creditAccounts.held,
			accountCount: sql<number>`(select count(*) from ${memberships} m where m.user_id = ${users.id})`,
			isAccepted: sql<number>`${hasAccepted(deps, userId)}`,
			isUseNoted: sql<number>`${hasUsed(deps, userId)}`,
			announced: comingVersion(),
		})
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.leftJoin(memberships, and(eq(memberships.accountId, sessions.accountId), eq(memberships.userId, users.id)))
		.leftJoin(accounts, and(eq(accounts.id, memberships.accountId), isNull(accounts.erasedAtMs)))
		.leftJoin(creditAccounts, eq(creditAccounts.id, accounts.id))
		// better-auth writes session times with the machine's clock, so they are compared with it, not with a moved one.
		// Who asked to be erased is nobody here any more, also while a processor is still to forget them.
		.where(
			and(eq(sessions.token, input.sessionToken), gt(sessions.expiresAt, new Date()), isNotErased(sql`${users.id}`)),
		)
		.limit(1);
	if (row === undefined) return null;
	const { sessionId, name, email, hasSecondFactor, accountCount } = row;
	const account = toAccount(row);
	return {
		userId: row.userId,
		sessionId,
		name,
		email,
		hasSecondFactor,
		provedAtMs: Math.max(row.signedInAt.getTime(), row.confirmedAtMs ?? 0),
		account,
		isAccountLost: row.chosenId !== null && account === null,
		isRestricted: account !== null && row.restrictedAtMs !== null,
		credits: { available: row.available, held: row.held ?? 0 },
		accountCount,
		policy: { isAccepted: row.isAccepted === 1, isUseNoted: row.isUseNoted === 1, announced: row.announced },
	};
}

/** What can be spent, as `readBalance` says it: of buckets that have not ended, and nothing while something is owed. */
function freeCredits(nowMs: number) {
	return sql<number>`case when ${creditAccounts.owed} > 0 then 0 else (
		select coalesce(sum(b.remaining - b.held), 0) from credit_buckets b
		where b.account_id = ${creditAccounts.id} and b.remaining > 0 and (b.expires_at_ms is null or b.expires_at_ms > ${nowMs})
	) end`;
}

/** A left join's columns are null one by one for the compiler; an account and its member are there together or not at all. */
function toAccount(row: {
	accountId: string | null;
	accountName: string | null;
	role: Role | null;
}): Person['account'] {
	const { accountId, accountName, role } = row;
	if (accountId === null || accountName === null || role === null) return null;
	return { id: accountId, name: accountName, role };
}
