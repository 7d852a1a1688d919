import { and, eq, sql, type SQL } from 'drizzle-orm';

import { policyAcceptances, policyVersions } from '../../../schema/policy';
import { firstVersion } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { textHashOf } from './policy-text';

type Surface = (typeof policyAcceptances.$inferInsert)['surface'];
type PolicyDeps = Pick<Deps, 'db' | 'now' | 'studio'>;

/** The newest version in force; before the registry holds any, the code's first one. */
function versionInForce({ now, studio }: Pick<Deps, 'now' | 'studio'>, { isMaterial = false } = {}): SQL {
	const only = isMaterial ? sql`and v.is_material = 1` : sql``;
	return sql`coalesce((select v.version from ${policyVersions} v where v.effective_at_ms <= ${now().getTime()} ${only}
		order by v.version desc limit 1), ${firstVersion(studio.policy).version})`;
}

/**
 * True at the moment a statement runs while this person has accepted the last version that asked for it, or one after it (DD-04). For
 * the insert of what no work may be done without.
 */
export function hasAccepted(deps: Pick<Deps, 'now' | 'studio'>, userId: SQL | string): SQL {
	return hasAcceptance(userId, versionInForce(deps, { isMaterial: true }));
}

/** The same of the version in force, whether it asked or not: by going on to use it one accepts it too (DD-44). */
export function hasUsed(deps: Pick<Deps, 'now' | 'studio'>, userId: SQL | string): SQL {
	return hasAcceptance(userId, versionInForce(deps));
}

function hasAcceptance(userId: SQL | string, since: SQL): SQL {
	return sql`exists (select 1 from ${policyAcceptances} pa where pa.user_id = ${userId} and pa.version >= ${since})`;
}

/** A material version that is announced and does not hold yet, or null: what the notice on every page is about. */
export function comingVersion(): SQL<string | null> {
	return sql<string | null>`(select v.version from ${policyVersions} v
		where v.effective_at_ms is null and v.is_material = 1 and (v.told_through is not null or v.notified_at_ms is not null)
		order by v.version limit 1)`;
}

/** Records, within a caller's batch, that a person accepts the version in force; of the same twice, the first counts. */
export async function acceptanceStatement(
	{ db, now, studio }: PolicyDeps,
	{ userId, surface, only }: { userId: string; surface: Surface; only?: string },
) {
	const nowMs = now().getTime();
	const first = firstVersion(studio.policy);
	const inForce = sql`(select version, text_hash from ${policyVersions} where effective_at_ms <= ${nowMs}
		union all select ${first.version}, ${await textHashOf(studio, first)}
			where not exists (select 1 from ${policyVersions} where effective_at_ms <= ${nowMs})
		order by version desc limit 1)`;
	const statement = db
		.insert(policyAcceptances)
		.select(
			sql`select ${userId} || '.' || f.version, ${userId}, f.version, f.text_hash, ${surface}, ${nowMs}
				from ${inForce} f where ${only === undefined ? sql`true` : sql`f.version = ${only}`}`,
		)
		.onConflictDoNothing();
	// Not the statement itself: whoever awaits it would run it.
	return { statement };
}

/** A person accepts a version that they have read. Refused, with nothing stored, when another one is in force by now. */
export async function acceptPolicy(deps: PolicyDeps, input: { userId: string; version: string }): Promise<void> {
	const { userId, version } = input;
	const { statement } = await acceptanceStatement(deps, { userId, surface: 'web', only: version });
	await statement;
	const [row] = await deps.db
		.select({ id: policyAcceptances.id })
		.from(policyAcceptances)
		.where(and(eq(policyAcceptances.userId, userId), eq(policyAcceptances.version, version)));
	if (row !== undefined) return;
	throw new AppError('conflict', 'Another version of the policy is in force. Read that one, then accept it.');
}

/** Records the first use under a version that asked for nothing. */
export async function notePolicyUse(deps: PolicyDeps, { userId }: { userId: string }): Promise<void> {
	const { statement } = await acceptanceStatement(deps, { userId, surface: 'use' });
	await statement;
}

/** Why a batch guarded by `hasAccepted` was refused, when that is the reason; else null. One D1 statement. */
export async function refusalOfPolicy(deps: PolicyDeps, { userId }: { userId: string }): Promise<AppError | null> {
	const [row] = await deps.db
		.select({
			isAccepted: sql<number>`${hasAccepted(deps, userId)}`,
			version: sql<string>`${versionInForce(deps)}`,
		})
		.from(sql`(select 1)`);
	if (row === undefined || row.isAccepted === 1) return null;
	return new AppError(
		'policy_not_accepted',
		'The privacy policy has changed, and this goes on once you have accepted it. Nothing was done. Read it under Privacy.',
		{ details: { version: row.version } },
	);
}
