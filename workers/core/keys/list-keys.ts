import { asc, desc, eq, sql } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import { isAllowed, type Permission } from '../../../studios/roles';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { isMakersMembership, isRunning } from './live-keys';

/** Live keys are 20 at most and come first; of those that ended, as many of the newest as there is room for. */
const LISTED_MAX = 100;

export interface ListedKey {
	id: string;
	name: string;
	ending: string;
	scopes: Permission[];
	/** Those of its scopes that its maker's role does not include any more, so that it cannot use them. */
	dormantScopes: Permission[];
	state: 'live' | 'expired' | 'revoked' | 'maker_left';
	maker: { id: string; name: string };
	createdAt: string;
	expiresAt: string;
	/** To the hour. */
	lastUsedAt: string | null;
	revokedAt: string | null;
}

/** An account's keys, those that can be used first, then the newest; without the keys themselves, which nobody holds. */
export async function listKeys(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ actor }: { actor: Actor },
): Promise<ListedKey[]> {
	const nowMs = now().getTime();
	const isLive = sql<number>`(${isRunning(nowMs)} and ${memberships.role} is not null)`;
	const rows = await db
		.select({ key: apiKeys, makerName: users.name, role: memberships.role })
		.from(apiKeys)
		.innerJoin(users, eq(users.id, apiKeys.userId))
		.leftJoin(memberships, isMakersMembership())
		.where(eq(apiKeys.accountId, actor.accountId))
		.orderBy(desc(isLive), desc(apiKeys.createdAtMs), asc(apiKeys.id))
		.limit(LISTED_MAX);
	return rows.map(({ key, makerName, role }) => ({
		id: key.id,
		name: key.name,
		ending: key.ending,
		scopes: key.scopes,
		dormantScopes: role === null ? key.scopes : key.scopes.filter((scope) => !isAllowed(role, scope)),
		state: stateOf(key, role !== null, nowMs),
		maker: { id: key.userId, name: makerName },
		createdAt: new Date(key.createdAtMs).toISOString(),
		expiresAt: new Date(key.expiresAtMs).toISOString(),
		lastUsedAt: timeOf(key.lastUsedAtMs),
		revokedAt: timeOf(key.revokedAtMs),
	}));
}

function stateOf(key: typeof apiKeys.$inferSelect, isMakerHere: boolean, nowMs: number): ListedKey['state'] {
	if (key.revokedAtMs !== null) return 'revoked';
	if (key.expiresAtMs <= nowMs) return 'expired';
	return isMakerHere ? 'live' : 'maker_left';
}

function timeOf(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
