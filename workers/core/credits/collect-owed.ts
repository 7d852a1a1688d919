import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { eachByItself } from './each-by-itself';
import { inOneBatch, postEntry, takeFrom } from './post-entry';

/**
 * Pays what accounts owe from credits that came since, at most `limit` accounts; answers how many were looked at. An account
 * that owes can hold nothing until then.
 */
export async function collectOwed(deps: Pick<Deps, 'db' | 'now'>, { limit }: { limit: number }): Promise<number> {
	const { db, now } = deps;
	const owing = await withD1Retry(() =>
		db.all<{ id: string }>(sql`
			select a.id from credit_accounts a where a.owed > 0 and exists (select 1 from credit_buckets b
				where b.account_id = a.id and b.remaining > 0 and b.remaining > b.held and (b.expires_at_ms is null or b.expires_at_ms > ${now().getTime()}))
			order by random() limit ${limit}`),
	);
	await eachByItself(owing, ({ id }) => collectOwedOf(deps, { accountId: id }));
	return owing.length;
}

/** The same of one account: for whoever has just bought, so that no order of theirs is refused until the sweep comes by. */
export async function collectOwedOf(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ accountId: id }: { accountId: string },
): Promise<void> {
	const nowMs = now().getTime();
	const accountId = sql`${id}`;
	const amount = sql`(select owed from credit_accounts where id = ${id})`;
	const statements = postEntry(db, {
		id: sql`'repayment:' || ${id} || ':' || (a.seq + 1)`,
		accountId,
		kind: 'repayment',
		amount: sql`-p.posted`,
		parts: sql`select bucket_id, -take as posted, 0 as held from (${takeFrom({ accountId, amount, nowMs })})`,
		owed: sql`p.posted`,
		when: sql`p.posted < 0`,
		nowMs,
	});
	await withD1Retry(() => db.batch(inOneBatch(statements)));
}
