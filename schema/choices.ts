import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const CHOICE_PURPOSES = [
	'analytics',
	'advertising',
	'error_reports',
	'product_updates',
	'announcements',
] as const;

/**
 * What somebody allowed or refused beyond what the service needs: one append-only ledger for tags in the browser, for what the
 * server tells Meta, for both classes of mail that are not needed, and for names in error reports. The newest row counts.
 */
export const choices = sqliteTable(
	'choices',
	{
		id: text().primaryKey(),
		/** Of the cookie that holds the choice, random; null where it was made in the settings or by a link in a mail. */
		visitorId: text('visitor_id'),
		/** The person who was signed in. Without a reference: it is emptied when they are erased, and the row stays as the proof. */
		userId: text('user_id'),
		purpose: text({ enum: CHOICE_PURPOSES }).notNull(),
		choice: text({ enum: ['granted', 'denied'] }).notNull(),
		regime: text({ enum: ['eea', 'uk', 'ch', 'california', 'us', 'elsewhere'] }).notNull(),
		/** Whether the browser sent `Sec-GPC: 1` then. */
		hasGpc: integer('has_gpc', { mode: 'boolean' }).notNull(),
		/** Of the words that were shown. */
		textVersion: text('text_version').notNull(),
		/** `signal`: the browser's own; `mail`: a link or a button in a mail. */
		surface: text({ enum: ['banner', 'preferences', 'settings', 'sign_up', 'mail', 'signal'] }).notNull(),
		madeAtMs: integer('made_at_ms').notNull(),
	},
	(t) => [
		index('choices_visitor').on(t.visitorId, t.purpose, t.madeAtMs),
		index('choices_user').on(t.userId, t.purpose, t.madeAtMs),
		index('choices_age').on(t.madeAtMs),
	],
);

/** What Meta is to be told by the server, if the person allowed it; decided again when it is sent. */
export const conversions = sqliteTable(
	'conversions',
	{
		/** Meta's `event_id`, minted once, so that the tag in the browser and the server tell of the same thing. */
		id: text().primaryKey(),
		userId: text('user_id').notNull(),
		name: text({ enum: ['CompleteRegistration', 'Purchase'] }).notNull(),
		/** Without tax; null where nothing was paid. */
		valueCents: integer('value_cents'),
		currency: text(),
		happenedAtMs: integer('happened_at_ms').notNull(),
		state: text({ enum: ['queued', 'sent', 'dropped'] }).notNull(),
		triedAtMs: integer('tried_at_ms').notNull().default(0),
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [index('conversions_queued').on(t.state, t.triedAtMs), index('conversions_age').on(t.happenedAtMs)],
);
