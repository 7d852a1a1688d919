import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Mail to send. Whom it goes to and what it says are sealed, and emptied once it was sent or given up. */
export const mails = sqliteTable(
	'mails',
	{
		/** Also Resend's idempotency key: sent twice is sent once. */
		id: text().primaryKey(),
		kind: text().notNull(),
		state: text({ enum: ['queued', 'sent', 'failed'] }).notNull(),
		/** AES-256-GCM of address and values, base64url; null once it is over. */
		sealed: text(),
		tries: integer().notNull().default(0),
		createdAtMs: integer('created_at_ms').notNull(),
		/** Past this it is not worth sending: a code that has ended, an invitation that is over. */
		uselessAtMs: integer('useless_at_ms').notNull(),
		triedAtMs: integer('tried_at_ms').notNull().default(0),
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [
		check('sealed_while_queued', sql`(${t.state} = 'queued') = (${t.sealed} is not null)`),
		index('mails_queued').on(t.state, t.triedAtMs),
		index('mails_ended').on(t.endedAtMs),
	],
);
