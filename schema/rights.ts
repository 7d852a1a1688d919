import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const RIGHTS = [
	'access',
	'correct',
	'erase',
	'restrict',
	'object',
	'transfer_safeguards',
	'child',
	'other',
] as const;

/** A request by somebody without an account, or in words: a patient, a parent. With the clock that the law sets (DS-33). */
export const rightsRequests = sqliteTable(
	'rights_requests',
	{
		id: text().primaryKey(),
		/** Who asked while signed in. Without a reference: it is emptied when they are erased, and the request is answered all the same. */
		userId: text('user_id'),
		right: text({ enum: RIGHTS }).notNull(),
		/** `unproved`: the address has not been shown to be theirs, which it has to be within a week. */
		state: text({ enum: ['unproved', 'open', 'answered', 'refused', 'lapsed'] }).notNull(),
		/** Address, name and words, under the request's own key in the vault. */
		sealed: text().notNull(),
		/** What was answered, sealed likewise. */
		answerSealed: text('answer_sealed'),
		/** SHA-256 of what the mailed link carries, base64url. `moved:` and its id while every link has ended. */
		tokenHash: text('token_hash').notNull().unique(),
		receivedAtMs: integer('received_at_ms').notNull(),
		provedAtMs: integer('proved_at_ms'),
		dueAtMs: integer('due_at_ms').notNull(),
		/** Two months more at most, and why, in words that the person is told. */
		extendedAtMs: integer('extended_at_ms'),
		extensionReason: text('extension_reason'),
		/** When operators were warned that a week is left. */
		alarmedAtMs: integer('alarmed_at_ms'),
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [
		check('extended_with_a_reason', sql`(${t.extendedAtMs} is null) = (${t.extensionReason} is null)`),
		check('ended_has_a_time', sql`(${t.state} in ('answered', 'refused', 'lapsed')) = (${t.endedAtMs} is not null)`),
		index('rights_requests_due').on(t.state, t.dueAtMs),
		index('rights_requests_ended').on(t.endedAtMs),
		index('rights_requests_user').on(t.userId, t.receivedAtMs),
	],
);

/** A copy of everything held about a person and the accounts they own, made once and gone a day later. */
export const exports = sqliteTable(
	'exports',
	{
		id: text().primaryKey(),
		userId: text('user_id').notNull(),
		/** The account whose data is in it with theirs; null: theirs alone. */
		accountId: text('account_id'),
		state: text({ enum: ['queued', 'ready', 'failed', 'gone'] }).notNull(),
		objectKey: text('object_key').notNull().unique(),
		byteLength: integer('byte_length'),
		requestedAtMs: integer('requested_at_ms').notNull(),
		readyAtMs: integer('ready_at_ms'),
		/** From this on it cannot be fetched, and the sweep deletes it. */
		deleteAtMs: integer('delete_at_ms').notNull(),
		tries: integer().notNull().default(0),
		triedAtMs: integer('tried_at_ms').notNull().default(0),
	},
	(t) => [
		check(
			'ready_has_bytes',
			sql`${t.state} <> 'ready' or (${t.byteLength} is not null and ${t.readyAtMs} is not null)`,
		),
		index('exports_user').on(t.userId, t.requestedAtMs),
		index('exports_state').on(t.state, t.deleteAtMs),
	],
);
