import { sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';

/** Of `uploads`: the paper that a consent was recorded from. It proves what was allowed and stays as long as the consent's row does. */
export function isCheckedPaper(): SQL {
	return sql`exists (select 1 from ${consents} p
		where p.id = ${uploads.consentId} and p.paper_upload_id = ${uploads.id} and p.checked_at_ms is not null)`;
}
