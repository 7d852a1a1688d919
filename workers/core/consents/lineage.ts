import { sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';

/** Of `uploads`: a paper that somebody has compared is the signed consent itself, which proves what was allowed; it shows no face. */
export function isNotProof(): SQL {
	return sql`not exists (select 1 from ${consents} p
		where p.paper_upload_id = ${uploads.id} and p.checked_at_ms is not null)`;
}
