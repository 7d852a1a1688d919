import { and, inArray, isNull, sql, type AnyColumn, type SQL } from 'drizzle-orm';

import { legalHolds } from '../../../schema/erasures';
import type { Database } from '../deps';

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
 * True while no hold lies on whom these columns of a row name: for statements that delete (R5). The holds are read once a statement
 * and not once a row.
 */
export function isNotHeld(...columns: readonly AnyColumn[]): SQL {
	const held = sql`(select lh.target_id from ${legalHolds} lh where lh.released_at_ms is null)`;
	return sql.join(
		columns.map((column) => sql`coalesce(${column}, '') not in ${held}`),
		sql` and `,
	);
}
