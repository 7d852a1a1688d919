import { sql, type SQL } from 'drizzle-orm';

import { creditAccounts } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { verifyChains } from './verify-chains';

/** How many violations of each kind are named; more would not help whoever reads it. */
const VIOLATIONS_SHOWN_MAX = 20;

export interface LedgerAudit {
	accounts: number;
	/** Entries whose seal was computed anew and found as stored. */
	sealed: number;
	violations: string[];
}

/**
 * Recomputes the ledger from its entries, of one instant: every sum of accounts and buckets, the running balance, that entries
 * and parts agree, that what ends something ends what it names, that no purchase gives back more than it granted. Then the
 * chain of each account, entry by entry (L1, L2, L3, L5).
 */
export async function auditLedger(deps: Pick<Deps, 'db'>): Promise<LedgerAudit> {
	const { db } = deps;
	const checks = Object.entries(CHECKS).map(([what, query]) =>
		db
			.select({ id: sql<string>`id`, told: sql<string>`${sql.raw(`'${what}'`)} || ' (' || told || ')'`.as('told') })
			.from(sql`(${query})`)
			.limit(VIOLATIONS_SHOWN_MAX),
	);
	const [counted, ...found] = await withD1Retry(() =>
		db.batch([db.select({ accounts: sql<number>`count(*)` }).from(creditAccounts), ...checks]),
	);
	const violations = found.flat().map(({ id, told }) => `${id}: ${told}`);
	const { sealed, broken } = await verifyChains(deps);
	const breaks = broken.map(({ accountId, seq }) => `${accountId}: the chain is broken (entry ${seq})`);
	return {
		accounts: counted[0]?.accounts ?? 0,
		sealed,
		violations: [...violations, ...breaks.slice(0, VIOLATIONS_SHOWN_MAX)],
	};
}

/** Each selects `id, told` of what is wrong: nothing, in a sound ledger. */
const CHECKS: Readonly<Record<string, SQL>> = {
	'the account is not the sum of its entries': sql`
		select a.id, printf('posted %d/%d, held %d/%d, owed %d/%d, entries %d/%d',
			a.posted, coalesce(e.posted, 0), a.held, coalesce(e.held, 0), a.owed, coalesce(e.owed, 0), a.seq, coalesce(e.count, 0)) as told
		from credit_accounts a left join (
			select account_id, sum(posted) as posted, sum(held) as held, sum(owed) as owed, count(*) as count, max(seq) as last
			from credit_entries group by account_id
		) e on e.account_id = a.id
		where a.posted <> coalesce(e.posted, 0) or a.held <> coalesce(e.held, 0) or a.owed <> coalesce(e.owed, 0)
			or a.seq <> coalesce(e.count, 0) or a.seq <> coalesce(e.last, 0)`,
	'the account is not the sum of its buckets': sql`
		select a.id, printf('posted %d/%d, held %d/%d', a.posted, coalesce(b.remaining, 0), a.held, coalesce(b.held, 0)) as told
		from credit_accounts a left join (
			select account_id, sum(remaining) as remaining, sum(held) as held from credit_buckets group by account_id
		) b on b.account_id = a.id
		where a.posted <> coalesce(b.remaining, 0) or a.held <> coalesce(b.held, 0)`,
	'the bucket is not the sum of its parts': sql`
		select b.id, printf('remaining %d/%d, held %d/%d', b.remaining, coalesce(x.posted, 0), b.held, coalesce(x.held, 0)) as told
		from credit_buckets b left join (
			select bucket_id, sum(posted) as posted, sum(held) as held from credit_parts group by bucket_id
		) x on x.bucket_id = b.id
		where b.remaining <> coalesce(x.posted, 0) or b.held <> coalesce(x.held, 0)`,
	overdrawn: sql`
		select id, printf('posted %d, held %d, owed %d', posted, held, owed) as told from credit_accounts
		where held < 0 or posted < held or owed < 0
		union all
		select id, printf('remaining %d, held %d', remaining, held) from credit_buckets where held < 0 or remaining < held`,
	'the entry is not the sum of its parts': sql`
		select e.id, printf('posted %d/%d, held %d/%d', e.posted, coalesce(x.posted, 0), e.held, coalesce(x.held, 0)) as told
		from credit_entries e left join (
			select p.entry_id, sum(p.posted) as posted, sum(p.held) as held, sum(b.account_id <> o.account_id) as strangers
			from credit_parts p join credit_buckets b on b.id = p.bucket_id join credit_entries o on o.id = p.entry_id group by p.entry_id
		) x on x.entry_id = e.id
		where e.posted <> coalesce(x.posted, 0) or e.held <> coalesce(x.held, 0) or coalesce(x.strangers, 0) > 0`,
	'the running balance is broken': sql`
		select id, printf('%d/%d', balance, running) as told from (
			select id, balance, sum(posted - held) over (partition by account_id order by seq) as running from credit_entries
		) where balance <> running`,
	'it ends what it does not fit': sql`
		select e.id, coalesce(h.id, 'nothing') as told from credit_entries e left join credit_entries h on h.id = e.resolves_id
		where (e.kind in ('capture', 'release') and (h.kind is not 'hold' or h.amount <> e.amount or h.render_id is not e.render_id))
			or (e.kind = 'return' and (h.kind is not 'capture' or h.amount <> e.amount or h.render_id is not e.render_id))
			or (e.kind = 'reinstatement' and (h.kind is null or h.kind not in ('reversal', 'loss') or h.amount <> e.amount))
			or (e.kind in ('thaw', 'loss') and h.id is not null and (h.kind <> 'freeze' or h.held <> -e.held))
			or (h.id is not null and (h.account_id <> e.account_id or h.seq >= e.seq))
			or (e.resolves_id is not null and h.id is null)`,
	'the purchase gave back more than it granted': sql`
		select b.purchase_id as id, printf('%d of %d', e.gone, b.granted) as told
		from credit_buckets b join (
			select purchase_id, sum(case kind when 'reinstatement' then -amount else amount end) as gone from credit_entries
			where purchase_id is not null and kind in ('reversal', 'loss', 'reinstatement') group by purchase_id
		) e on e.purchase_id = b.purchase_id
		where e.gone > b.granted or e.gone < 0`,
	'the chain has another length': sql`
		select a.id, printf('%d of %d entries', coalesce(s.count, 0), a.sealed_seq) as told
		from credit_accounts a left join (
			select account_id, count(*) as count, max(seq) as last from credit_seals group by account_id
		) s on s.account_id = a.id
		where a.sealed_seq <> coalesce(s.count, 0) or a.sealed_seq <> coalesce(s.last, 0) or a.sealed_seq > a.seq`,
};
