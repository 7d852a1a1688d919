import { sql } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import type { Actor, Whence } from '../actor';
import type { Deps } from '../deps';
import { type AuditFacts, toAuditRow } from './audit-statement';

/** A reader's reads within this time are one entry: a row for each page they turn would bury what they look for. */
export const READ_TRACE_MINUTES = 60;

/** That somebody reads the record, or what `entry` says they read, once an hour for each account and reader. */
export function readTraceStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	who: { actor: Actor; whence: Whence },
	entry: Pick<AuditFacts, 'action' | 'targetId'> = { action: 'audit.read' },
) {
	const { db } = deps;
	const row = toAuditRow(deps, who, entry);
	const sinceMs = row.createdAtMs - READ_TRACE_MINUTES * 60_000;
	// By the person first, whose entries are few; the plus keeps SQLite from reading the account's.
	const isTraced = sql`exists (select 1 from ${auditEntries} t where t.user_id = ${row.userId}
		and t.created_at_ms > ${sinceMs} and t.action = ${row.action} and t.target_id is ${row.targetId} and +t.account_id = ${row.accountId})`;
	return db.insert(auditEntries).select(
		db
			.select({
				id: sql<string>`${row.id}`.as('id'),
				accountId: sql<string | null>`${row.accountId}`.as('account_id'),
				userId: sql<string>`${row.userId}`.as('user_id'),
				keyId: sql<string | null>`${row.keyId}`.as('key_id'),
				action: sql<string>`${row.action}`.as('action'),
				targetId: sql<string | null>`${row.targetId}`.as('target_id'),
				facts: sql<Record<string, string>>`'{}'`.as('facts'),
				reason: sql<string | null>`null`.as('reason'),
				network: sql<string | null>`${row.network}`.as('network'),
				country: sql<string | null>`${row.country}`.as('country'),
				browser: sql<string | null>`${row.browser}`.as('browser'),
				createdAtMs: sql<number>`${row.createdAtMs}`.as('created_at_ms'),
			})
			.from(sql`(select 1)`)
			.where(sql`not ${isTraced}`),
	);
}
