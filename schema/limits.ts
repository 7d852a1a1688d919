import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';

/**
 * How often something was done within a window of time. One more than `max` breaks the CHECK, and with it the batch it stands
 * in: what is refused is neither done nor counted.
 */
export const rateWindows = sqliteTable(
	'rate_windows',
	{
		/** HMAC of what is limited and for whom: neither an address nor a network can be read from it. */
		key: text().notNull(),
		startsAtMs: integer('starts_at_ms').notNull(),
		endsAtMs: integer('ends_at_ms').notNull(),
		count: integer().notNull(),
		max: integer().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.key, t.startsAtMs], name: 'rate_windows_pk' }),
		check('within_limit', sql`${t.count} <= ${t.max}`),
		index('rate_windows_ended').on(t.endsAtMs),
	],
);

/** One welcome a person, as far as their address tells: an HMAC of it, and the account that got the credits. */
export const welcomeGrants = sqliteTable('welcome_grants', {
	personHash: text('person_hash').primaryKey(),
	accountId: text('account_id')
		.notNull()
		.references(() => accounts.id),
	createdAtMs: integer('created_at_ms').notNull(),
});
