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

/** True while no hold lies on whom these columns of a row name: for statements that delete (R5). */
export function isNotHeld(...columns: readonly AnyColumn[]): SQL {
	return sql`not exists (select 1 from ${legalHolds} lh where lh.released_at_ms is null and lh.target_id in (${sql.join([...columns], sql`, `)}))`;
}
