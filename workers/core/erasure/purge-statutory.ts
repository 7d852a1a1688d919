import { and, asc, isNotNull, lte, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { erasures } from '../../../schema/erasures';
import type { Deps } from '../deps';
import { log } from '../log';
import { isNotHeld } from './is-held';

/** Of one table in one statement; an account with more is gone on with an hour later. */
const ROWS_AT_ONCE_MAX = 1_000;
const ACCOUNTS_AT_ONCE_MAX = 3;

/** What hangs on an erased account by its number, each before what it refers to. */
const CHILDREN = [
	['credit_parts', sql`entry_id in (select id from credit_entries where account_id = `],
	['credit_seals', sql`(account_id = `],
	['credit_entries', sql`(account_id = `],
	['credit_buckets', sql`(account_id = `],
	['credit_accounts', sql`(id = `],
	['purchases', sql`(account_id = `],
	['welcome_grants', sql`(account_id = `],
	['audit_entries', sql`(account_id = `],
] as const;

/**
 * Removes what the law had kept of accounts that were erased longer ago than it asks (DS-25): the ledger, what was paid, and last the
 * number itself. Bounded, and resumable: a row goes only when nothing refers to it. Of an account that still lives nothing is touched,
 * however old it is.
 */
export async function purgeStatutory(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ dueMs }: { dueMs: number },
): Promise<{ accounts: number }> {
	const { retention } = studio.policy.data.billing;
	if (retention.mode !== 'statutory') throw new Error('what was paid has no statutory retention');
	const due = await db
		.select({ id: accounts.id })
		.from(accounts)
		.where(
			and(
				isNotNull(accounts.erasedAtMs),
				lte(accounts.erasedAtMs, yearsBefore(dueMs, retention.years)),
				// One that a hold still keeps has more than its number.
				sql`not exists (select 1 from ${erasures} er where er.target_id = ${accounts.id} and er.state <> 'certified')`,
				isNotHeld(accounts.id),
			),
		)
		.orderBy(asc(accounts.erasedAtMs))
		.limit(ACCOUNTS_AT_ONCE_MAX);
	let purged = 0;
	for (const { id } of due) {
		let isWhole = true;
		for (const [table, own] of CHILDREN) {
			const { meta } = await db.run(
				sql`delete from ${sql.identifier(table)} where rowid in (
					select rowid from ${sql.identifier(table)} where ${own}${id}) limit ${ROWS_AT_ONCE_MAX})`,
			);
			isWhole = meta.changes < ROWS_AT_ONCE_MAX;
			// What is left of it is referred to by the next.
			if (!isWhole) break;
		}
		if (!isWhole) continue;
		await db.delete(accounts).where(and(sql`${accounts.id} = ${id}`, isNotNull(accounts.erasedAtMs)));
		purged += 1;
	}
	if (purged > 0) log('statutory_purged', { accounts: purged });
	return { accounts: purged };
}

function yearsBefore(ms: number, years: number): number {
	const at = new Date(ms);
	at.setUTCFullYear(at.getUTCFullYear() - years);
	return at.getTime();
}
