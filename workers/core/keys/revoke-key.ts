import { and, eq, exists, isNull, sql, type SQL } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/**
 * Ends a key at once: the next request with it is refused, and what it has begun writes nothing more. Whoever may make keys may
 * revoke any of the account's. Revoked twice stays as it was, with one audit entry.
 */
export async function revokeKey(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; keyId: string; reason?: string | undefined },
): Promise<{ id: string; revokedAt: string }> {
	const { db } = deps;
	const { actor, keyId, reason } = input;
	const isOurs = and(eq(apiKeys.id, keyId), eq(apiKeys.accountId, actor.accountId));
	const running = db
		.select({ one: sql`1` })
		.from(apiKeys)
		.where(and(isOurs, isNull(apiKeys.revokedAtMs)));
	const mayEnd = sql`${exists(running)} and ${hasStanding(deps, actor, 'keys:write')}`;
	const revokedAtMs = deps.now().getTime();
	try {
		await db.batch([
			auditGateStatement(deps, input, { action: 'key.revoked', targetId: keyId, reason }, mayEnd),
			db.update(apiKeys).set({ revokedAtMs }).where(isOurs),
		]);
		return { id: keyId, revokedAt: new Date(revokedAtMs).toISOString() };
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const endedAtMs = await whyNot(deps, actor, isOurs, cause);
		return { id: keyId, revokedAt: new Date(endedAtMs).toISOString() };
	}
}

/** When it had ended already; throws where there is no such key here, or where the actor may not any more. */
async function whyNot(
	deps: Pick<Deps, 'db' | 'now'>,
	actor: Actor,
	isOurs: SQL | undefined,
	cause: unknown,
): Promise<number> {
	const [known] = await deps.db.select({ revokedAtMs: apiKeys.revokedAtMs }).from(apiKeys).where(isOurs);
	if (known === undefined) throw notFound('key');
	if (known.revokedAtMs !== null) return known.revokedAtMs;
	throw (await refusalOfStanding(deps, actor, 'keys:write')) ?? cause;
}
