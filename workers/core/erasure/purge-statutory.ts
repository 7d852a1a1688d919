import { and, asc, gt, isNotNull, lte, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { erasures } from '../../../schema/erasures';
import type { ProductPolicy } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { log } from '../log';
import type { Slice } from '../retention/walk';
import { isNotHeld } from './is-held';

/** Of one table in one statement; an account with more is gone on with an hour later. */
const ROWS_AT_ONCE_MAX = 1_000;

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

/** Tries one account; one that fails is logged and counted by whoever calls, and the walk goes on behind it. */
type Attempt = (action: () => Promise<unknown>, ids: { accountId: string }) => Promise<void>;

/**
 * Removes what the law had kept of an account that was erased longer ago than it asks (DS-25): the ledger, what was paid, and last the
 * number itself. A slice of a walk by numbers, one account each, so that one which fails holds up none of the others. Bounded, and
 * resumable: a row goes only when nothing refers to it. Of an account that still lives nothing is touched, however old it is.
 */
export async function purgeStatutory(
	deps: Pick<Deps, 'db' | 'studio'>,
	{ dueMs, cursor }: { dueMs: number; cursor: string | null },
	attempt: Attempt,
): Promise<Slice> {
	const accountId = await nextDue(deps, dueMs, cursor ?? '');
	if (accountId === null) return { looked: 0, found: 0, cursor: null };
	const slice: Slice = { looked: 1, found: 0, cursor: accountId };
	await attempt(
		async () => {
			if (await purgeAccount(deps, accountId)) slice.found = 1;
			// The rest of it comes next.
			else slice.cursor = cursor ?? '';
		},
		{ accountId },
	);
	return slice;
}

/** A row of `accounts` whose erasure has ended, for one that a hold still keeps has more than its number, and that no hold keeps. */
export function isPurgeable(): SQL {
	return sql`not exists (select 1 from ${erasures} er where er.target_id = ${accounts.id} and er.state <> 'certified')
		and ${isNotHeld(accounts.id)}`;
}

/** Of whoever was erased then or earlier the law asks nothing any more: as many years by the calendar. */
export function statutoryBefore({ data: { billing } }: Pick<ProductPolicy, 'data'>, dueMs: number): number {
	if (billing.retention.mode !== 'statutory') throw new Error('what was paid has no statutory retention');
	const at = new Date(dueMs);
	at.setUTCFullYear(at.getUTCFullYear() - billing.retention.years);
	return at.getTime();
}

async function nextDue(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	dueMs: number,
	after: string,
): Promise<string | null> {
	const [due] = await db
		.select({ id: accounts.id })
		.from(accounts)
		.where(
			and(
				gt(accounts.id, after),
				isNotNull(accounts.erasedAtMs),
				lte(accounts.erasedAtMs, statutoryBefore(studio.policy, dueMs)),
				isPurgeable(),
			),
		)
		.orderBy(asc(accounts.id))
		.limit(1);
	return due?.id ?? null;
}

/** False when there is more of it than one try takes. */
async function purgeAccount({ db }: Pick<Deps, 'db'>, id: string): Promise<boolean> {
	for (const [table, own] of CHILDREN) {
		const { meta } = await db.run(
			sql`delete from ${sql.identifier(table)} where rowid in (
				select rowid from ${sql.identifier(table)} where ${own}${id}) limit ${ROWS_AT_ONCE_MAX})`,
		);
		// What is left of it is referred to by the next.
		if (meta.changes >= ROWS_AT_ONCE_MAX) return false;
	}
	await db.delete(accounts).where(and(sql`${accounts.id} = ${id}`, isNotNull(accounts.erasedAtMs)));
	log('statutory_purged', { accounts: 1 });
	return true;
}
