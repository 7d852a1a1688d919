import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/** How many are named; more would not help whoever reads it. */
const VIOLATIONS_SHOWN_MAX = 20;

/**
 * What the ledger alone cannot see: credits of a pack or a plan that nobody paid for, a purchase that granted nothing, and one
 * that granted something else, or to somebody else (P1, P4). Answers sentences that begin with an id.
 */
export async function auditPurchases({ db }: Pick<Deps, 'db'>): Promise<string[]> {
	const rows = await withD1Retry(() =>
		db.all<{ id: string; told: string }>(sql`
			select b.id, 'credits that were bought, without a purchase' as told
			from credit_buckets b left join purchases p on p.id = b.purchase_id
			where b.source in ('pack', 'plan') and p.id is null
			union all
			select p.id, printf('granted %d of %d credits', coalesce(b.granted, 0), p.credits)
			from purchases p left join credit_buckets b on b.purchase_id = p.id
			where b.id is null or b.granted <> p.credits
			union all
			select p.id, 'granted to another account than paid'
			from purchases p join credit_buckets b on b.purchase_id = p.id
			where b.account_id <> p.account_id or b.id <> 'grant:stripe:' || p.id
			limit ${VIOLATIONS_SHOWN_MAX}`),
	);
	return rows.map(({ id, told }) => `${id}: ${told}`);
}
