import { and, asc, inArray, lte } from 'drizzle-orm';

import { rightsRequests } from '../../../schema/rights';
import { retentionMs } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { destroyDataKey } from '../vault/data-key';

/** Each costs the vault a call, of which an invocation has a thousand for everything. */
export const REQUESTS_AT_ONCE_MAX = 20;

/**
 * Removes requests about rights that ended as long ago as the policy says, their keys first: what breaks off in between leaves
 * nothing that could be read, and is done again. At most 20 at once; returns how many are gone.
 */
export async function eraseDueRequests(
	deps: Pick<Deps, 'db' | 'vault' | 'studio'>,
	{ dueMs }: { dueMs: number },
): Promise<number> {
	const { db, studio } = deps;
	const due = await db
		.select({ id: rightsRequests.id })
		.from(rightsRequests)
		.where(
			and(
				lte(rightsRequests.endedAtMs, dueMs - retentionMs(studio.policy, 'request')),
				isNotHeld(rightsRequests.userId),
			),
		)
		.orderBy(asc(rightsRequests.endedAtMs))
		.limit(REQUESTS_AT_ONCE_MAX);
	const ids = due.map(({ id }) => id);
	if (ids.length === 0) return 0;
	for (const id of ids) await destroyDataKey(deps, id);
	await db.delete(rightsRequests).where(inArray(rightsRequests.id, ids));
	return ids.length;
}
