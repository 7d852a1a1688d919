import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Append-only and hash-chained: `seq` is the previous one plus one, so two writers cannot fork the chain. */
export const receipts = sqliteTable(
	'receipts',
	{
		seq: integer().primaryKey(),
		id: text().notNull().unique(),
		accountId: text('account_id').notNull(),
		previousHash: text('previous_hash').notNull(),
		hash: text().notNull(),
		/** The exact bytes that were signed, as canonical JSON. */
		body: text().notNull(),
		keyId: text('key_id').notNull(),
		signature: text().notNull(),
		issuedAtMs: integer('issued_at_ms').notNull(),
	},
	(t) => [index('receipts_account').on(t.accountId)],
);
