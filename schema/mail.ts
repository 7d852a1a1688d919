import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const MAIL_CLASSES = ['transactional', 'security', 'product_updates', 'announcements'] as const;

/** Mail to send. Whom it goes to and what it says are sealed, and emptied once it was sent or given up. */
export const mails = sqliteTable(
	'mails',
	{
		/** Also Resend's idempotency key: sent twice is sent once. */
		id: text().primaryKey(),
		kind: text().notNull(),
		/** Whether it may be left out, and by which switch. */
		mailClass: text('mail_class', { enum: MAIL_CLASSES }).notNull().default('transactional'),
		/** The person it goes to, where they have an account: the two classes that can be refused ask their ledger. */
		userId: text('user_id'),
		/** HMAC of the address: what bounced or was complained about is found by it. */
		addressHash: text('address_hash'),
		/** Resend's id of it, by which their notices find it. */
		providerId: text('provider_id'),
		/** `suppressed`: not sent, because the address bounced or complained, or the person does not want this class. */
		state: text({ enum: ['queued', 'sent', 'failed', 'suppressed'] }).notNull(),
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
		index('mails_provider').on(t.providerId),
	],
);

/** A verified notice of Resend's about one mail, recorded before it is answered. */
export const mailEvents = sqliteTable(
	'mail_events',
	{
		/** `svix-id`: the same notice twice is one. */
		id: text().primaryKey(),
		type: text().notNull(),
		providerId: text('provider_id').notNull(),
		/** Of a bounce: `Permanent`, `Transient` or `Undetermined`. */
		bounceType: text('bounce_type'),
		receivedAtMs: integer('received_at_ms').notNull(),
		doneAtMs: integer('done_at_ms'),
	},
	(t) => [index('mail_events_open').on(t.doneAtMs, t.receivedAtMs), index('mail_events_age').on(t.receivedAtMs)],
);

/** Addresses that nothing more is sent to, or no more of what they did not ask for. */
export const mailSuppressions = sqliteTable(
	'mail_suppressions',
	{
		addressHash: text('address_hash').primaryKey(),
		/** `bounced`: nothing reaches it, so nothing is sent. `complained`: nothing but security. */
		reason: text({ enum: ['bounced', 'complained'] }).notNull(),
		sinceMs: integer('since_ms').notNull(),
	},
	(t) => [index('mail_suppressions_age').on(t.sinceMs)],
);
