import { asc, eq, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Role } from '../../../studios/roles';
import type { Actor } from '../actor';
import type { Deps } from '../deps';

export interface ListedMember {
	/** The person's. */
	id: string;
	name: string;
	email: string;
	role: Role;
	joinedAt: string;
	isYou: boolean;
}

/** Who belongs to the account, the owner first, in one D1 statement; how many may. */
export async function listMembers(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ actor }: { actor: Actor },
): Promise<{ items: ListedMember[]; membersMax: number }> {
	const rows = await db
		.select({
			id: users.id,
			name: users.name,
			email: users.email,
			role: memberships.role,
			joinedAtMs: memberships.createdAtMs,
		})
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(eq(memberships.accountId, actor.accountId))
		.orderBy(sql`${memberships.role} <> 'owner'`, asc(memberships.createdAtMs), asc(users.id));
	const items = rows.map(({ joinedAtMs, ...row }) => ({
		...row,
		joinedAt: new Date(joinedAtMs).toISOString(),
		isYou: row.id === actor.userId,
	}));
	return { items, membersMax: studio.tenancy.membersMax };
}
