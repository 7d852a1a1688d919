import { and, eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import { isAllowed, type Permission, type Role } from '../../../studios/roles';
import type { Deps } from '../deps';
import { secretHashOf } from './key-secret';
import { isMakersMembership, isRunning } from './live-keys';

/** Whom a key acts for, and what it may at this moment. */
export interface ResolvedKey {
	keyId: string;
	/** Its maker, in whose name it acts. */
	userId: string;
	account: { id: string; name: string };
	role: Role;
	may: ReadonlySet<Permission>;
	/** To the hour; null before its first use. */
	lastUsedAtMs: number | null;
}

/**
 * Reads a presented key in one D1 statement, and in none for what cannot be a key. Null, without a difference, for one that is unknown,
 * revoked, expired, or whose maker has left. What it may is what it was given and its maker's role includes now, so a
 * demotion counts with the next request.
 */
export async function resolveKey(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { key: string },
): Promise<ResolvedKey | null> {
	if (!studio.tenancy.hasApiKeys) return null;
	const secretHash = await secretHashOf(input.key);
	if (secretHash === null) return null;
	const [row] = await db
		.select({
			keyId: apiKeys.id,
			userId: apiKeys.userId,
			scopes: apiKeys.scopes,
			lastUsedAtMs: apiKeys.lastUsedAtMs,
			accountId: accounts.id,
			accountName: accounts.name,
			role: memberships.role,
		})
		.from(apiKeys)
		.innerJoin(memberships, isMakersMembership())
		.innerJoin(accounts, eq(accounts.id, apiKeys.accountId))
		.where(and(eq(apiKeys.secretHash, secretHash), isRunning(now().getTime())))
		.limit(1);
	if (row === undefined) return null;
	const { keyId, userId, scopes, role, lastUsedAtMs } = row;
	return {
		keyId,
		userId,
		account: { id: row.accountId, name: row.accountName },
		role,
		may: new Set(scopes.filter((scope) => isAllowed(role, scope))),
		lastUsedAtMs,
	};
}
