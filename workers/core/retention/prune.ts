import { lte, sql, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

import { sessions, verifications } from '../../../schema/users';
import { retentionMs } from '../../../studios/policy/policy';
import { inOneBatch } from '../credits/post-entry';
import type { Database, Deps } from '../deps';
import { PRUNE_RULES } from './prune-rules';

/** Of each table in a minute: D1 deletes so many within milliseconds, and half a million of them a day. */
export const PRUNED_AT_ONCE_MAX = 500;

/**
 * Removes the rows whose time is over, by what the policy promises of their class and by nothing else, so that the page and the
 * sweep cannot differ (DD-37). One batch, one statement a table, each through an index, at most 500 rows each: what is more goes a
 * minute later.
 */
export async function prune({ db, studio }: Pick<Deps, 'db' | 'studio'>, input: { dueMs: number }): Promise<void> {
	const { dueMs } = input;
	// These end by the world's clock, which a clock moved forward locally must not end early. Their time is given when they begin.
	const endedByMs = Math.min(dueMs, Date.now());
	const forgottenBy = new Date(endedByMs - retentionMs(studio.policy, 'limits'));
	await db.batch(
		inOneBatch([
			deleteSome(db, sessions, lte(sessions.expiresAt, new Date(endedByMs))),
			deleteSome(db, verifications, lte(verifications.expiresAt, forgottenBy)),
			...PRUNE_RULES.map(({ dataClass, table, isDue }) =>
				deleteSome(db, table, isDue(dueMs - retentionMs(studio.policy, dataClass))),
			),
		]),
	);
}

function deleteSome(db: Database, table: SQLiteTable, condition: SQL | undefined) {
	return db
		.delete(table)
		.where(sql`rowid in (select rowid from ${table} where ${condition} limit ${PRUNED_AT_ONCE_MAX})`);
}
