import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';
import { consents, subjects } from './consents';

export const uploads = sqliteTable(
	'uploads',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id').references(() => subjects.id),
		consentId: text('consent_id').references(() => consents.id),
		/** `source`: a photo to work on; `logo`: what an account shows of itself, kept while it does; `paper`: what a consent was signed on. */
		kind: text({ enum: ['source', 'logo', 'paper'] }).notNull(),
		state: text({ enum: ['awaiting', 'ready', 'deleting', 'deleted', 'rejected', 'expired'] }).notNull(),
		objectKey: text('object_key').notNull().unique(),
		contentType: text('content_type').notNull(),
		declaredBytes: integer('declared_bytes').notNull(),
		byteLength: integer('byte_length'),
		width: integer(),
		height: integer(),
		createdAtMs: integer('created_at_ms').notNull(),
		putExpiresAtMs: integer('put_expires_at_ms').notNull(),
		/** When the bytes must be unreachable and gone. Its clock starts at creation, and once more at the first terminal render. */
		deleteAtMs: integer('delete_at_ms').notNull(),
		deleteClock: text('delete_clock', { enum: ['creation', 'render', 'request'] }).notNull(),
		deletedAtMs: integer('deleted_at_ms'),
		/** When its deletion was last tried; the sweep goes on with what waited longest, so nothing holds up the rest. */
		triedAtMs: integer('tried_at_ms').notNull().default(0),
		receiptId: text('receipt_id').notNull(),
	},
	(t) => [
		check('deleted_has_a_time', sql`(${t.state} = 'deleted') = (${t.deletedAtMs} is not null)`),
		index('uploads_due').on(t.state, t.deleteAtMs),
		index('uploads_tried').on(t.state, t.triedAtMs),
		index('uploads_abandoned').on(t.state, t.putExpiresAtMs),
		index('uploads_consent').on(t.consentId),
		index('uploads_account').on(t.accountId),
		// Papers are few among photos, and those that were checked are looked for in every sweep.
		index('uploads_papers')
			.on(t.kind, t.state, t.deleteAtMs)
			.where(sql`${t.kind} = 'paper'`),
	],
);
