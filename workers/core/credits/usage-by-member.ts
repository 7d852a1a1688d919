import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { usageFromMs } from './read-usage';

/** More than any studio's members and those who were; a stop, not a page. */
const MEMBERS_MAX = 200;

export interface MemberUsage {
	userId: string;
	/** Null for who is no user any more. */
	name: string | null;
	credits: number;
	works: number;
}

/**
 * Who ordered what was charged in the last `days` days, today included, most credits first. Whoever ordered with a key counts as
 * the person who made it; a charge that was given back counts for nobody. One D1 statement.
 */
export async function usageByMember(
	deps: Pick<Deps, 'db' | 'now'>,
	{ accountId, days }: { accountId: string; days: number },
): Promise<MemberUsage[]> {
	const fromMs = usageFromMs(deps, days);
	return withD1Retry(() =>
		deps.db.all<MemberUsage>(sql`
			select r.requested_by as userId, max(u.name) as name, sum(e.amount) as credits, count(*) as works
			from credit_entries e
			join renders r on r.id = e.render_id
			left join users u on u.id = r.requested_by
			where e.account_id = ${accountId} and e.created_at_ms >= ${fromMs} and e.kind = 'capture'
				and not exists (select 1 from credit_entries x where x.resolves_id = e.id)
			group by r.requested_by
			order by credits desc, userId
			limit ${MEMBERS_MAX}`),
	);
}
