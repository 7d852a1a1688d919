import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import type { Permission } from '../studios/roles';
import { accounts } from './accounts';
import { users } from './users';

/** A key acts for its account, and never with more than its maker's role allows at that moment. */
export const apiKeys = sqliteTable(
	'api_keys',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		/** Who made it: when they leave, it stops. */
		userId: text('user_id')
			.notNull()
			.references(() => users.id),
		name: text().notNull(),
		/** SHA-256 of the whole key, base64url. The key has 256 random bits, so there is nothing to guess from it. */
		secretHash: text('secret_hash').notNull().unique(),
		/** The last four characters, to tell keys apart. */
		ending: text().notNull(),
		scopes: text({ mode: 'json' }).$type<Permission[]>().notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		expiresAtMs: integer('expires_at_ms').notNull(),
		/** To the hour: a write a request would cost more than it tells. */
		lastUsedAtMs: integer('last_used_at_ms'),
		revokedAtMs: integer('revoked_at_ms'),
	},
	(t) => [
		check('key_expires_after_it_was_made', sql`${t.expiresAtMs} > ${t.createdAtMs}`),
		index('api_keys_account').on(t.accountId, t.createdAtMs),
	],
);
