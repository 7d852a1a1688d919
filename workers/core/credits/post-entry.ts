import { eq, sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { creditAccounts, creditBuckets, creditEntries, creditParts, type ENTRY_KINDS } from '../../../schema/credits';
import type { Database } from '../deps';

export type Statement = BatchItem<'sqlite'>;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface EntryDraft {
	id: SQL;
	accountId: SQL;
	kind: EntryKind;
	/** What is asked for. `p.posted` and `p.held` are the sums of the parts, `a` is the account's row. */
	amount: SQL;
	/** Rows of `bucket_id, posted, held`: how it falls on buckets. Read twice, at one instant. */
	parts: SQL;
	/** What it adds to what is owed, by the same names; nothing unless told. */
	owed?: SQL;
	renderId?: SQL;
	purchaseId?: SQL;
	causeId?: SQL;
	resolvesId?: SQL;
	/** Without it the entry is written or the batch fails; with it nothing is written where it does not hold. */
	when?: SQL;
	nowMs: number;
}

/**
 * One entry of the ledger as statements for one batch: the entry, its parts, then the buckets' and the account's sums. The list
 * is whole: leaving one out unbalances the ledger. The entry takes the account's next number, and the three after it act on
 * the entry that has that number, so that an entry which was not written moves nothing. An account that does not exist has no
 * next number, and NOT NULL fails the batch (`lacks(cause, 'credit_entries.seq')`).
 */
export function postEntry(db: Database, draft: EntryDraft): Statement[] {
	const { accountId, kind, parts, nowMs } = draft;
	const none = sql`null`;
	const newest = sql`from credit_entries e where e.account_id = ${accountId}
		and e.seq = (select seq + 1 from credit_accounts where id = ${accountId})`;
	const isOfNewest = sql`x.bucket_id = ${creditBuckets.id} and x.entry_id = (select e.id ${newest})`;
	const partOf = (column: SQL) => sql`(select ${column} from credit_parts x where ${isOfNewest})`;
	const changeOf = (column: SQL) => sql`coalesce((select ${column} ${newest}), 0)`;
	return [
		db.insert(creditEntries).select(sql`
			select ${draft.id}, ${accountId}, a.seq + 1, ${kind}, ${draft.amount}, p.posted, p.held, ${draft.owed ?? sql`0`},
				a.posted - a.held + p.posted - p.held, ${draft.renderId ?? none}, ${draft.purchaseId ?? none},
				${draft.causeId ?? none}, ${draft.resolvesId ?? none}, ${nowMs}
			from (select coalesce(sum(posted), 0) as posted, coalesce(sum(held), 0) as held from (${parts})) p
			left join credit_accounts a on a.id = ${accountId}
			where ${draft.when ?? sql`true`}`),
		db.insert(creditParts).select(sql`
			select n.id, x.bucket_id, x.posted, x.held from (select e.id ${newest}) n join (${parts}) x
			where x.posted <> 0 or x.held <> 0`),
		db
			.update(creditBuckets)
			.set({
				remaining: sql`${creditBuckets.remaining} + ${partOf(sql`x.posted`)}`,
				held: sql`${creditBuckets.held} + ${partOf(sql`x.held`)}`,
			})
			.where(
				sql`${creditBuckets.id} in (select x.bucket_id from credit_parts x where x.entry_id = (select e.id ${newest}))`,
			),
		db
			.update(creditAccounts)
			.set({
				posted: sql`${creditAccounts.posted} + ${changeOf(sql`e.posted`)}`,
				held: sql`${creditAccounts.held} + ${changeOf(sql`e.held`)}`,
				owed: sql`${creditAccounts.owed} + ${changeOf(sql`e.owed`)}`,
				seq: sql`coalesce((select e.seq ${newest}), ${creditAccounts.seq})`,
			})
			.where(eq(creditAccounts.id, accountId)),
	];
}

/**
 * Which buckets an amount comes from: rows of `bucket_id, take`. Soonest-ending first, bought ones last; `first` before all
 * others, also when its time is over and no sweep has ended it yet: what ends is not taken back from other buckets as well.
 * Where less is left than `amount`, it is all that is left.
 */
export function takeFrom(input: { accountId: SQL; amount: SQL; nowMs: number; first?: SQL }): SQL {
	const { accountId, amount, nowMs, first } = input;
	const isFirst = first === undefined ? sql`false` : sql`id = ${first}`;
	return sql`
		select id as bucket_id, min(free, ${amount} - before) as take
		from (
			select id, remaining - held as free, coalesce(sum(remaining - held) over (
				order by ${isFirst} desc, source = 'pack', coalesce(expires_at_ms, 9e15), created_at_ms, id
				rows between unbounded preceding and 1 preceding), 0) as before
			from credit_buckets
			where account_id = ${accountId} and remaining > 0 and remaining > held and (expires_at_ms is null or expires_at_ms > ${nowMs} or ${isFirst})
		)
		where before < ${amount}`;
}

/** D1 takes no empty batch; the types say so, and a list that came out empty is a bug. */
export function inOneBatch(statements: readonly Statement[]): [Statement, ...Statement[]] {
	const [first, ...rest] = statements;
	if (first === undefined) throw new RangeError('a batch needs a statement');
	return [first, ...rest];
}
