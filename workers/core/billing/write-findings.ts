import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { Finding } from './comparison';

/** Notes what a day's comparison found, each once. As one parameter, since a row has six columns and D1 takes a hundred parameters. */
export async function writeFindings(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ run, day }: { run: string; day: string },
	findings: readonly Finding[],
): Promise<void> {
	if (findings.length === 0) return;
	await withD1Retry(() =>
		db.run(sql`
			insert into reconciliation_findings (run, day, kind, object_id, is_repaired, created_at_ms)
			select ${run}, ${day}, value ->> 'kind', value ->> 'objectId', value ->> 'isRepaired', ${now().getTime()}
			from json_each(${JSON.stringify(findings)}) where true
			on conflict do nothing`),
	);
}
