import { eq, isNull, lt, ne, or, sql } from 'drizzle-orm';

import { creditAccounts, creditEntries, creditHoldResolutions, creditHolds } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/** How many accounts or postings of each kind of fault are named; more would not help whoever reads it. */
const VIOLATIONS_SHOWN_MAX = 20;

/**
 * Recomputes the ledger from its postings, of one instant: `posted` is the sum of the entries, `held` the sum of the
 * unresolved holds, nothing is overdrawn, and captures and captured holds match one to one in amount and account.
 */
export async function auditLedger({ db }: Pick<Deps, 'db'>): Promise<{ accounts: number; violations: string[] }> {
	const [counted, unbalanced, uncharged, unheld] = await withD1Retry(() =>
		db.batch([
			db.select({ accounts: sql<number>`count(*)` }).from(creditAccounts),
			unbalancedAccounts(db),
			capturesWithoutEntry(db),
			entriesWithoutCapture(db),
		]),
	);
	const violations = [
		...unbalanced.map(
			({ id, posted, entries, held, holds }) =>
				`${id}: posted ${posted} and entries ${entries}, held ${held} and open holds ${holds}`,
		),
		...uncharged.map(({ id }) => `${id}: captured without an entry of the same account and amount`),
		...unheld.map(({ id }) => `${id}: charged without a captured hold of the same account and amount`),
	];
	return { accounts: counted[0]?.accounts ?? 0, violations };
}

function unbalancedAccounts(db: Deps['db']) {
	const entered = db
		.select({ accountId: creditEntries.accountId, sum: sql<number>`sum(${creditEntries.amount})`.as('entered_sum') })
		.from(creditEntries)
		.groupBy(creditEntries.accountId)
		.as('entered');
	const open = db
		.select({ accountId: creditHolds.accountId, sum: sql<number>`sum(${creditHolds.amount})`.as('open_sum') })
		.from(creditHolds)
		.leftJoin(creditHoldResolutions, eq(creditHoldResolutions.holdId, creditHolds.id))
		.where(isNull(creditHoldResolutions.holdId))
		.groupBy(creditHolds.accountId)
		.as('open');
	const entries = sql<number>`coalesce(${entered.sum}, 0)`;
	const holds = sql<number>`coalesce(${open.sum}, 0)`;
	return db
		.select({
			id: creditAccounts.id,
			posted: creditAccounts.posted,
			held: creditAccounts.held,
			// Named, because drizzle reads the rows of a batch by column name.
			entries: entries.as('entries'),
			holds: holds.as('holds'),
		})
		.from(creditAccounts)
		.leftJoin(entered, eq(entered.accountId, creditAccounts.id))
		.leftJoin(open, eq(open.accountId, creditAccounts.id))
		.where(
			or(
				ne(creditAccounts.posted, entries),
				ne(creditAccounts.held, holds),
				lt(creditAccounts.held, 0),
				lt(creditAccounts.posted, creditAccounts.held),
			),
		)
		.limit(VIOLATIONS_SHOWN_MAX);
}

function capturesWithoutEntry(db: Deps['db']) {
	return db
		.select({ id: creditHolds.id })
		.from(creditHolds)
		.where(
			sql`exists (select 1 from ${creditHoldResolutions}
					where ${creditHoldResolutions.holdId} = ${creditHolds.id} and ${creditHoldResolutions.kind} = 'captured')
				and not exists (select 1 from ${creditEntries} where ${isChargeOfHold})`,
		)
		.limit(VIOLATIONS_SHOWN_MAX);
}

function entriesWithoutCapture(db: Deps['db']) {
	return db
		.select({ id: creditEntries.id })
		.from(creditEntries)
		.where(
			sql`${creditEntries.kind} = 'capture' and 1 <> (select count(*) from ${creditHolds}
				join ${creditHoldResolutions} on ${creditHoldResolutions.holdId} = ${creditHolds.id}
				where ${creditHoldResolutions.kind} = 'captured' and ${isChargeOfHold})`,
		)
		.limit(VIOLATIONS_SHOWN_MAX);
}

const isChargeOfHold = sql`${creditEntries.kind} = 'capture' and ${creditEntries.renderId} = ${creditHolds.renderId}
	and ${creditEntries.accountId} = ${creditHolds.accountId} and ${creditEntries.amount} = -${creditHolds.amount}`;
