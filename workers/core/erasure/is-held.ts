import { and, inArray, isNull, sql, type AnyColumn, type SQL } from 'drizzle-orm';

import { legalHolds } from '../../../schema/erasures';
import { memberships } from '../../../schema/memberships';
import type { Database } from '../deps';
import { CHILD } from './legs';

/** Whether a legal hold lies on one of these people, accounts or subjects (DD-17). At most 90 ids. */
export async function isHeld(db: Database, ids: readonly string[]): Promise<boolean> {
	const [held] = await db
		.select({ id: legalHolds.id })
		.from(legalHolds)
		.where(and(isNull(legalHolds.releasedAtMs), inArray(legalHolds.targetId, [...ids])))
		.limit(1);
	return held !== undefined;
}

/**
 * Whether a hold stands in the way of a row of `erasures`: one on whom it is about, on their account or who owns it, on a patient of an
 * account that goes, on an account of a person who goes, and on the person whom an account goes with, who may not be its member any
 * more.
 */
export function isErasureHeld(): SQL {
	return sql`exists (select 1 from ${legalHolds} lh where lh.released_at_ms is null and (
		lh.target_id in (erasures.target_id, erasures.account_id)
		or lh.target_id in (select m.user_id from ${memberships} m where m.account_id = erasures.account_id and m.role = 'owner')
		or exists (select 1 from subjects s
			where erasures.kind = 'account' and s.id = lh.target_id and s.account_id = erasures.target_id)
		or exists (select 1 from ${memberships} m where erasures.kind = 'person'
			and m.account_id = lh.target_id and m.user_id = erasures.target_id and m.role = 'owner')
		or exists (select 1 from erasures parent join erasure_legs l on l.erasure_id = parent.id
			where parent.target_id = lh.target_id and l.leg = '${sql.raw(CHILD)}' || erasures.id)))`;
}

/**
 * The ids that holds name, and the accounts of the people among them, for what is theirs lies there: a subquery, in parentheses.
 * `cross` has SQLite begin with the few holds, and not with all owners.
 */
export function heldIds(): SQL {
	return sql`(select lh.target_id from ${legalHolds} lh where lh.released_at_ms is null
		union select m.account_id from ${legalHolds} lh cross join ${memberships} m on m.user_id = lh.target_id and m.role = 'owner'
			where lh.released_at_ms is null)`;
}

/**
 * True while no hold lies on whom these columns of a row name: for statements that delete (R5). The holds are read once a statement
 * and not once a row.
 */
export function isNotHeld(...columns: readonly AnyColumn[]): SQL {
	const isFree = sql.join(
		columns.map((column) => sql`coalesce(${column}, '') not in ${heldIds()}`),
		sql` and `,
	);
	// While there is no hold, which is nearly always, no row is looked up for one.
	return sql`(not ${isAnyHold()} or (${isFree}))`;
}

/** Whether there is a hold at all: asked once a statement. */
export function isAnyHold(): SQL {
	return sql`exists (select 1 from ${legalHolds} lh where lh.released_at_ms is null)`;
}
