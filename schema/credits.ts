import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';
import { renders } from './renders';

/*
 * The ledger. D1 has no interactive transaction, so every rule is a CHECK, UNIQUE or REFERENCES: a broken one makes
 * the whole batch roll back, while a WHERE that matches nothing would not. Postings are only ever inserted.
 */

export const creditAccounts = sqliteTable(
	'credit_accounts',
	{
		id: text()
			.primaryKey()
			.references(() => accounts.id),
		posted: integer().notNull().default(0),
		held: integer().notNull().default(0),
	},
	(t) => [
		check('held_not_negative', sql`${t.held} >= 0`),
		check('held_within_posted', sql`${t.posted} - ${t.held} >= 0`),
	],
);

/** Ids are deterministic (`grant:welcome:acc_…`, `capture:rnd_…`), so a repeated command cannot post twice. */
export const creditEntries = sqliteTable(
	'credit_entries',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => creditAccounts.id),
		amount: integer().notNull(),
		kind: text({ enum: ['grant', 'capture'] }).notNull(),
		source: text({ enum: ['promo', 'plan', 'pack', 'refund'] }).notNull(),
		renderId: text('render_id'),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		check('entry_not_zero', sql`${t.amount} <> 0`),
		check('entry_sign_fits_kind', sql`(${t.kind} = 'grant') = (${t.amount} > 0)`),
		index('credit_entries_account').on(t.accountId, t.createdAtMs),
	],
);

export const creditHolds = sqliteTable(
	'credit_holds',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => creditAccounts.id),
		amount: integer().notNull(),
		renderId: text('render_id').notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [check('hold_positive', sql`${t.amount} > 0`), index('credit_holds_account').on(t.accountId)],
);

/** One row a hold: its primary key is what makes "captured XOR released, once" true under any race. */
export const creditHoldResolutions = sqliteTable('credit_hold_resolutions', {
	holdId: text('hold_id')
		.primaryKey()
		.references(() => creditHolds.id),
	kind: text({ enum: ['captured', 'released'] }).notNull(),
	createdAtMs: integer('created_at_ms').notNull(),
});

/** What an Idempotency-Key first asked for, and which render answered it. */
export const idempotencyKeys = sqliteTable(
	'idempotency_keys',
	{
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		key: text().notNull(),
		requestHash: text('request_hash').notNull(),
		/** The order's rows stand or fall together: a render that was not written breaks this reference, and the batch. */
		renderId: text('render_id')
			.notNull()
			.references(() => renders.id),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [primaryKey({ columns: [t.accountId, t.key], name: 'idempotency_keys_pk' })],
);
