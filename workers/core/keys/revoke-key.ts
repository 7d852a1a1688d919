import { and, eq, isNull, sql } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { auditEntries } from '../../../schema/audit';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { toAuditRow } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/**
 * Ends a key at once: the next request with it is refused, and what it has begun writes nothing more. Whoever may make keys may
 * revoke any of the account's. Revoked twice stays as it was, with one audit entry.
 */
export async function revokeKey(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; keyId: string },
): Promise<{ id: string; revokedAt: string }> {
	const { db } = deps;
	const { actor, keyId } = input;
	const isOurs = and(eq(apiKeys.id, keyId), eq(apiKeys.accountId, actor.accountId));
	// Both statements carry the same guard: where it holds for neither, neither writes.
	const mayEnd = and(isOurs, isNull(apiKeys.revokedAtMs), hasStanding(deps, actor, 'keys:write'));
	const entry = toAuditRow(deps, input, { action: 'key.revoked', targetId: keyId });
	const [, [ended]] = await db.batch([
		db.insert(auditEntries).select(
			db
				.select({
					id: sql<string>`${entry.id}`.as('id'),
					accountId: apiKeys.accountId,
					userId: sql<string>`${entry.userId}`.as('user_id'),
					keyId: sql<string | null>`${entry.keyId}`.as('key_id'),
					action: sql<string>`${entry.action}`.as('action'),
					targetId: sql<string>`${entry.targetId}`.as('target_id'),
					facts: sql<Record<string, string>>`${JSON.stringify(entry.facts)}`.as('facts'),
					reason: sql<null>`null`.as('reason'),
					network: sql<string | null>`${entry.network}`.as('network'),
					country: sql<string | null>`${entry.country}`.as('country'),
					browser: sql<string | null>`${entry.browser}`.as('browser'),
					createdAtMs: sql<number>`${entry.createdAtMs}`.as('created_at_ms'),
				})
				.from(apiKeys)
				.where(mayEnd),
		),
		db
			.update(apiKeys)
			.set({ revokedAtMs: entry.createdAtMs })
			.where(mayEnd)
			.returning({ revokedAtMs: apiKeys.revokedAtMs }),
	]);
	const revokedAtMs = ended?.revokedAtMs ?? (await explainNothing(deps, actor, isOurs));
	return { id: keyId, revokedAt: new Date(revokedAtMs).toISOString() };
}

/** When it had ended already; throws where there is no such key here, or where the actor may not any more. */
async function explainNothing(
	deps: Pick<Deps, 'db' | 'now'>,
	actor: Actor,
	isOurs: ReturnType<typeof and>,
): Promise<number> {
	const [known] = await deps.db.select({ revokedAtMs: apiKeys.revokedAtMs }).from(apiKeys).where(isOurs);
	if (known === undefined) throw notFound('key');
	if (known.revokedAtMs !== null) return known.revokedAtMs;
	throw (await refusalOfStanding(deps, actor, 'keys:write')) ?? new Error('a live key was not revoked');
}
