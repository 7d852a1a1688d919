import { and, eq, exists, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import { sessions } from '../../../schema/users';
import { rolesAllowed, type Permission } from '../../../studios/roles';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { isNotErased } from '../erasure/is-not-erased';
import { AppError } from '../errors';

/**
 * True at the moment a statement runs while the actor still may: a member whose role allows it, with a session that runs or
 * a key that was not revoked (A1). For writes that were decided on a moment before, and for reads that go on for long.
 */
export function hasStanding({ db, now }: Pick<Deps, 'db' | 'now'>, actor: Actor, permission: Permission): SQL {
	const membership = db
		.select({ one: sql`1` })
		.from(memberships)
		.where(
			and(
				eq(memberships.accountId, actor.accountId),
				eq(memberships.userId, actor.userId),
				inArray(memberships.role, [...rolesAllowed(permission)]),
			),
		);
	return sql`(${exists(membership)} and ${isNotErased(sql`${actor.accountId}`)} and ${hasCredential({ db, now }, actor)})`;
}

function hasCredential({ db, now }: Pick<Deps, 'db' | 'now'>, { userId, via }: Actor): SQL {
	if (via.kind === 'session') return isSignedIn({ db }, { userId, sessionId: via.sessionId });
	return exists(
		db
			.select({ one: sql`1` })
			.from(apiKeys)
			.where(and(eq(apiKeys.id, via.keyId), isNull(apiKeys.revokedAtMs), gt(apiKeys.expiresAtMs, now().getTime()))),
	);
}

/** True at the moment a statement runs while this session of this person runs. */
export function isSignedIn({ db }: Pick<Deps, 'db'>, person: { userId: string; sessionId: string }): SQL {
	return exists(
		db
			.select({ one: sql`1` })
			.from(sessions)
			.where(
				and(
					eq(sessions.id, person.sessionId),
					eq(sessions.userId, person.userId),
					// better-auth writes session times with the machine's clock, so they are compared with it, not with a moved one.
					gt(sessions.expiresAt, new Date()),
				),
			),
	);
}

/** The account's id while the actor has standing, else null, which a column that refuses null turns into a failed batch. */
export function accountIdWhile(
	deps: Pick<Deps, 'db' | 'now'>,
	actor: Actor,
	permission: Permission,
	{ and: also }: { and?: SQL } = {},
): SQL<string> {
	const standing = hasStanding(deps, actor, permission);
	return sql<string>`(select ${actor.accountId} where ${standing}${also === undefined ? sql`` : sql` and ${also}`})`;
}

/** Why a guarded write was refused, when standing is the reason; null when it is not. One D1 statement. */
export async function refusalOfStanding(
	deps: Pick<Deps, 'db' | 'now'>,
	actor: Actor,
	permission: Permission,
): Promise<AppError | null> {
	const [row] = await deps.db
		.select({ stands: sql<number>`${hasStanding(deps, actor, permission)}` })
		.from(sql`(select 1)`);
	if (row?.stands === 1) return null;
	return new AppError(
		'not_allowed',
		'You may not do this any more: your role was changed, you were removed, or you signed out meanwhile. Nothing was done.',
	);
}

/** Why a write guarded by `isSignedIn` was refused, when that is the reason; null when it is not. One D1 statement. */
export async function refusalOfSession(
	deps: Pick<Deps, 'db'>,
	person: { userId: string; sessionId: string },
): Promise<AppError | null> {
	const [row] = await deps.db.select({ runs: sql<number>`${isSignedIn(deps, person)}` }).from(sql`(select 1)`);
	if (row?.runs === 1) return null;
	return new AppError('not_signed_in', 'The session ended meanwhile. Nothing was done. Sign in again.');
}
