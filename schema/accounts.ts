import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What owns photos, renders and credits: a practice, a workspace or a person's own. Who may act in it: `memberships`. */
export const accounts = sqliteTable(
	'accounts',
	{
		id: text().primaryKey(),
		name: text().notNull(),
		/* The profile; every field optional (DD-06). */
		phone: text(),
		website: text(),
		address: text(),
		/** The upload that is shown as the logo; without a reference, for uploads refer to accounts. */
		logoUploadId: text('logo_upload_id'),
		/** Where it advertises, whose rules decide what may be published; null: nobody has said so yet. */
		jurisdiction: text({ enum: ['US-CA', 'US-TX', 'US', 'EU', 'UK', 'AU', 'CA'] }),
		createdAtMs: integer('created_at_ms').notNull(),
		/** Art. 18: while it is set, what the account holds is stored and nothing else is done with it. */
		restrictedAtMs: integer('restricted_at_ms'),
		/** From when on it is only a number that what was paid hangs on, until the law lets that go too. */
		erasedAtMs: integer('erased_at_ms'),
	},
	(t) => [
		// Few are, and the law's years are counted from it.
		index('accounts_erased')
			.on(t.erasedAtMs)
			.where(sql`${t.erasedAtMs} is not null`),
	],
);
