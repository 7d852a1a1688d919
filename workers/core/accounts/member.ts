import { and, eq, exists, ne, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import type { Deps } from '../deps';

export type GivenRole = Exclude<Role, 'owner'>;

export interface Member {
	name: string;
	email: string;
	role: Role;
	accountName: string;
}

/** One member with what a mail to them says; null for who does not belong to the account. One D1 statement. */
export async function findMember(
	{ db }: Pick<Deps, 'db'>,
	{ accountId, userId }: { accountId: string; userId: string },
): Promise<Member | null> {
	const [row] = await db
		.select({ name: users.name, email: users.email, role: memberships.role, accountName: accounts.name })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.innerJoin(accounts, eq(accounts.id, memberships.accountId))
		.where(and(eq(memberships.accountId, accountId), eq(memberships.userId, userId)));
	return row ?? null;
}

/** A membership's row unless it is the owner's: nothing but a transfer changes that one. */
export function isNonOwner(member: { accountId: string; userId: string }): SQL | undefined {
	return and(
		eq(memberships.accountId, member.accountId),
		eq(memberships.userId, member.userId),
		ne(memberships.role, 'owner'),
	);
}

/** True while such a row is there. */
export function hasNonOwner({ db }: Pick<Deps, 'db'>, member: { accountId: string; userId: string }, also?: SQL): SQL {
	return exists(
		db
			.select({ one: sql`1` })
			.from(memberships)
			.where(and(isNonOwner(member), also)),
	);
}
