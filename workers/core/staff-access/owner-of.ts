import { and, eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/** Whom to tell about an account: its owner's address, and its name. Null when it has none (any more). */
export async function ownerOf(
	{ db }: Pick<Deps, 'db'>,
	accountId: string,
): Promise<{ email: string; accountName: string } | null> {
	const [owner] = await withD1Retry(() =>
		db
			.select({ email: users.email, accountName: accounts.name })
			.from(memberships)
			.innerJoin(users, eq(users.id, memberships.userId))
			.innerJoin(accounts, eq(accounts.id, memberships.accountId))
			.where(and(eq(memberships.accountId, accountId), eq(memberships.role, 'owner')))
			.limit(1),
	);
	return owner ?? null;
}
