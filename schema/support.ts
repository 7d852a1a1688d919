import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Somebody asks for help. Address, subject and words are sealed under the ticket's own key in the vault. */
export const tickets = sqliteTable(
	'tickets',
	{
		id: text().primaryKey(),
		/** The person who was signed in; without a reference, emptied when they are erased. */
		userId: text('user_id'),
		/** Address, subject, and what the mailed link carries, so that each mail can carry it. */
		sealed: text().notNull(),
		/** The address under `LOOKUP_KEY`: whoever writes without an account is found by it when they want everything gone. */
		addressHash: text('address_hash').notNull(),
		/**
		 * SHA-256 of what the mailed link carries, base64url: with it the ticket is read and answered. `moved:` and its id while every link
		 * has ended.
		 */
		tokenHash: text('token_hash').notNull().unique(),
		/** `waiting`: for us; `answered`: for them. */
		state: text({ enum: ['waiting', 'answered', 'closed'] }).notNull(),
		openedAtMs: integer('opened_at_ms').notNull(),
		changedAtMs: integer('changed_at_ms').notNull(),
		/** The clock of its two years; null again when it is opened once more (DS-29). */
		closedAtMs: integer('closed_at_ms'),
	},
	(t) => [
		check('closed_has_a_time', sql`(${t.state} = 'closed') = (${t.closedAtMs} is not null)`),
		index('tickets_state').on(t.state, t.changedAtMs),
		index('tickets_user').on(t.userId),
		index('tickets_address').on(t.addressHash),
		index('tickets_closed').on(t.closedAtMs),
	],
);

export const ticketMessages = sqliteTable(
	'ticket_messages',
	{
		id: text().primaryKey(),
		ticketId: text('ticket_id')
			.notNull()
			.references(() => tickets.id, { onDelete: 'cascade' }),
		author: text({ enum: ['person', 'operator'] }).notNull(),
		/** The words. */
		sealed: text().notNull(),
		writtenAtMs: integer('written_at_ms').notNull(),
	},
	(t) => [index('ticket_messages_ticket').on(t.ticketId, t.writtenAtMs)],
);
