import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';
import { subjects } from './consents';
import { assets } from './renders';

/** Links that show something to whoever holds them. What they show is judged anew each time one is opened. */
export const shares = sqliteTable(
	'shares',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id').references(() => subjects.id),
		assetId: text('asset_id')
			.notNull()
			.references(() => assets.id),
		/** `asset`: it alone; `smile`: what else its order made, too. */
		shows: text({ enum: ['asset', 'smile'] }).notNull(),
		/** HMAC of the token; the link itself is shown once and stored nowhere. */
		tokenHash: text('token_hash').notNull().unique(),
		/** scrypt; null: none is asked for. */
		passcodeHash: text('passcode_hash'),
		createdBy: text('created_by').notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		expiresAtMs: integer('expires_at_ms').notNull(),
		revokedAtMs: integer('revoked_at_ms'),
		/** How often it was opened by others than the account's own people: a number, and nothing about whom. */
		views: integer().notNull().default(0),
	},
	(t) => [
		check('share_ends_after_it_begins', sql`${t.expiresAtMs} > ${t.createdAtMs}`),
		check('views_not_negative', sql`${t.views} >= 0`),
		index('shares_asset').on(t.assetId),
		index('shares_account').on(t.accountId, t.createdAtMs),
		index('shares_over').on(t.expiresAtMs),
	],
);

/** Copies that the practice posted elsewhere, noted so that they can be taken down when the consent ends. */
export const postings = sqliteTable(
	'postings',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id').references(() => subjects.id),
		assetId: text('asset_id')
			.notNull()
			.references(() => assets.id),
		place: text({
			enum: ['website', 'instagram', 'facebook', 'tiktok', 'youtube', 'google', 'print', 'other'],
		}).notNull(),
		/* Words are sealed under the subject's key, or the account's where there is none. */
		address: text().notNull(),
		postedAtMs: integer('posted_at_ms').notNull(),
		notedBy: text('noted_by').notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		/** When somebody noted that it is gone, who, and how that was seen. */
		removedAtMs: integer('removed_at_ms'),
		removedBy: text('removed_by'),
		proof: text(),
	},
	(t) => [
		check('removed_with_a_proof', sql`(${t.removedAtMs} is null) = (${t.proof} is null)`),
		check('removed_by_somebody', sql`(${t.removedAtMs} is null) = (${t.removedBy} is null)`),
		index('postings_asset').on(t.assetId),
		index('postings_account').on(t.accountId, t.createdAtMs),
	],
);
