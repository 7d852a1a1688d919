import { and, eq, isNotNull, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { memberships } from '../../../schema/memberships';
import type { Deps } from '../deps';
import { AppError } from '../errors';

export const RESTRICTED =
	'Processing is restricted here: everything is stored, and nothing else is done with it. Who asked for it can lift it under Privacy.';

/** Whose data a step would work on. `subjectId` is null where it shows nobody. */
export interface Worked {
	accountId: string;
	subjectId?: string | null;
}

/** True at the moment a statement runs while neither the account nor the person in the picture is restricted (Art. 18, DS-32). */
export function isUnrestricted({ accountId, subjectId = null }: Worked): SQL {
	const account = sql`exists (select 1 from ${accounts} ra where ra.id = ${accountId} and ra.restricted_at_ms is not null)`;
	const subject = sql`exists (select 1 from ${subjects} rs where rs.id = ${subjectId} and rs.restricted_at_ms is not null)`;
	return subjectId === null ? sql`(not ${account})` : sql`(not ${account} and not ${subject})`;
}

/**
 * Refuses (`processing_restricted`) where the account or the person in the picture is restricted: asked before anything is sent
 * to a processor, shown to others or told to anybody. One D1 statement.
 */
export async function requireUnrestricted({ db }: Pick<Deps, 'db'>, worked: Worked): Promise<void> {
	const refusal = await refusalOfRestriction({ db }, worked);
	if (refusal !== null) throw refusal;
}

/** Why a batch guarded by `isUnrestricted` was refused, when that is the reason; else null. One D1 statement. */
export async function refusalOfRestriction({ db }: Pick<Deps, 'db'>, worked: Worked): Promise<AppError | null> {
	const [row] = await db.select({ isFree: sql<number>`${isUnrestricted(worked)}` }).from(sql`(select 1)`);
	return row?.isFree === 1 ? null : restricted();
}

export function restricted(cause?: unknown): AppError {
	return new AppError('processing_restricted', RESTRICTED, { cause });
}

/**
 * Whether a person owns an account that is restricted: then nobody outside is told of them, and no mail goes to them that they
 * do not need. One D1 statement.
 */
export async function isPersonRestricted({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }): Promise<boolean> {
	const [row] = await db
		.select({ id: accounts.id })
		.from(memberships)
		.innerJoin(accounts, eq(accounts.id, memberships.accountId))
		.where(and(eq(memberships.userId, userId), eq(memberships.role, 'owner'), isNotNull(accounts.restrictedAtMs)))
		.limit(1);
	return row !== undefined;
}
