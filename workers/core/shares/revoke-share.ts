import { and, eq, isNull } from 'drizzle-orm';

import { shares } from '../../../schema/shares';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/** Ends one's own link at once. Repeating it answers the same; somebody else's is not found. */
export async function revokeShare(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { actor: Actor; shareId: string },
): Promise<{ id: string; revokedAt: string }> {
	const { db } = deps;
	const { actor, shareId } = input;
	const own = and(eq(shares.id, shareId), eq(shares.accountId, actor.accountId));
	await db
		.update(shares)
		.set({ revokedAtMs: deps.now().getTime() })
		.where(and(own, isNull(shares.revokedAtMs), hasStanding(deps, actor, 'assets:share')));
	const [row] = await db.select({ revokedAtMs: shares.revokedAtMs }).from(shares).where(own);
	if (row === undefined) throw notFound('link');
	if (row.revokedAtMs === null) throw (await refusalOfStanding(deps, actor, 'assets:share')) ?? notFound('link');
	return { id: shareId, revokedAt: new Date(row.revokedAtMs).toISOString() };
}
