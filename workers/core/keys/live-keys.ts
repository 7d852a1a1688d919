import { and, eq, gt, isNull, lte, sql, type SQL } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';

/**
 * The membership that a key rests on: its maker's, if it began before the key did. Somebody who was removed and comes back
 * later does not bring old keys back to life.
 */
export function isMakersMembership() {
	return and(
		eq(memberships.accountId, apiKeys.accountId),
		eq(memberships.userId, apiKeys.userId),
		lte(memberships.createdAtMs, apiKeys.createdAtMs),
	);
}

/** Neither revoked nor expired. */
export function isRunning(nowMs: number) {
	return and(isNull(apiKeys.revokedAtMs), gt(apiKeys.expiresAtMs, nowMs));
}

/** How many keys of an account can be used at this moment. */
export function countLiveKeys(accountId: string, nowMs: number): SQL {
	return sql`(select count(*) from ${apiKeys} join ${memberships} on ${isMakersMembership()}
		where ${apiKeys.accountId} = ${accountId} and ${isRunning(nowMs)})`;
}
