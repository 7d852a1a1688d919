import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';

import { erasures } from '../../../schema/erasures';

/** True while nobody asked to erase the person, account or subject of this id; by the unique index on whom an erasure is about. */
export function isNotErased(id: SQLWrapper): SQL {
	return sql`not exists (select 1 from ${erasures} er where er.target_id = ${id})`;
}
