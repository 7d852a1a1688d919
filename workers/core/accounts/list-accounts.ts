import { and, asc, eq, isNull } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { memberships } from '../../../schema/memberships';
import type { Role } from '../../../studios/roles';
import type { Deps } from '../deps';

export interface ListedAccount {
	id: string;
	name: string;
	role: Role;
	joinedAt: string;
}

/** What a person belongs to, the oldest first. */
export async function listAccounts({ db }: Pick<Deps, 'db'>, input: { userId: string }): Promise<ListedAccount[]> {
	const rows = await db
		.select({ id: accounts.id, name: accounts.name, role: memberships.role, joinedAtMs: memberships.createdAtMs })
		.from(memberships)
		.innerJoin(accounts, eq(accounts.id, memberships.accountId))
		.where(and(eq(memberships.userId, input.userId), isNull(accounts.erasedAtMs)))
		.orderBy(asc(memberships.createdAtMs), asc(accounts.id));
	return rows.map(({ joinedAtMs, ...row }) => ({ ...row, joinedAt: new Date(joinedAtMs).toISOString() }));
}
