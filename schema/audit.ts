import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';

/**
 * Privileged reads and changes: who, what, when, from where and why. Rows are only ever inserted, in the same batch as what
 * they tell of, and removed by the sweep when their time is over.
 */
export const auditEntries = sqliteTable(
	'audit_entries',
	{
		id: text().primaryKey(),
		/** The account whose owner may read it; null: about the person alone, who may. */
		accountId: text('account_id').references(() => accounts.id),
		/** Who did it. Without a reference: it outlives a person who goes. */
		userId: text('user_id').notNull(),
		/** The API key it was done with. */
		keyId: text('key_id'),
		action: text().notNull(),
		/** The id of what it was done to: a person, a key, an invitation. */
		targetId: text('target_id'),
		/** What changed, in words of ours and ids: a role, a scope; never what somebody typed. */
		facts: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
		/** What the person gave as the reason. */
		reason: text(),
		/** The network, not the address: an IPv4 /24 or an IPv6 /48. */
		network: text(),
		country: text(),
		browser: text(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		index('audit_entries_account').on(t.accountId, t.createdAtMs),
		index('audit_entries_user').on(t.userId, t.createdAtMs),
		index('audit_entries_age').on(t.createdAtMs),
	],
);
