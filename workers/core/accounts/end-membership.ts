import { and, eq, isNull } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import type { Deps } from '../deps';
import { isNonOwner } from './member';

/**
 * Takes somebody out of an account, never its owner, and ends the API keys they made there: should they be invited again
 * some day, an old key must not come back to life with them.
 */
export function endMembershipStatements(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	member: { accountId: string; userId: string },
) {
	const ofThem = and(eq(apiKeys.accountId, member.accountId), eq(apiKeys.userId, member.userId));
	return [
		db.delete(memberships).where(isNonOwner(member)),
		db
			.update(apiKeys)
			.set({ revokedAtMs: now().getTime() })
			.where(and(ofThem, isNull(apiKeys.revokedAtMs))),
	] as const;
}
