import { asc, and, eq, or, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Deps } from '../deps';
import { isWholeSignIn } from './whole-sign-in';

/**
 * What is added to a session before it is stored: the account it acts in, the one that its person belongs to for longest. Notes
 * the time of the sign-in too, unless a second factor is still to come (DS-04). One round trip.
 */
export async function beginSession<Session extends { userId: string }>(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	session: Session,
	path: string | null,
): Promise<{ data: Session & { accountId: string | null } }> {
	const needsNothingMore = or(eq(users.twoFactorEnabled, false), isWholeSignIn(path) ? sql`true` : sql`false`);
	const [[oldest]] = await db.batch([
		db
			.select({ accountId: memberships.accountId })
			.from(memberships)
			.where(eq(memberships.userId, session.userId))
			.orderBy(asc(memberships.createdAtMs), asc(memberships.accountId))
			.limit(1),
		db
			.update(users)
			.set({ lastSignInAtMs: now().getTime() })
			.where(and(eq(users.id, session.userId), needsNothingMore)),
	]);
	return { data: { ...session, accountId: oldest?.accountId ?? null } };
}
