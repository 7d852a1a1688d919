import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What owns photos, renders and credits: a practice, a workspace or a person's own. Who may act in it: `memberships`. */
export const accounts = sqliteTable('accounts', {
	id: text().primaryKey(),
	name: text().notNull(),
	/* The profile; every field optional (DD-06). */
	phone: text(),
	website: text(),
	address: text(),
	/** The upload that is shown as the logo; without a reference, for uploads refer to accounts. */
	logoUploadId: text('logo_upload_id'),
	createdAtMs: integer('created_at_ms').notNull(),
});
