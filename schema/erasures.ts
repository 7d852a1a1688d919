import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What somebody asked to have erased, and how far it has got: `requested → executing → verifying → certified`, or `blocked`. */
export const erasures = sqliteTable(
	'erasures',
	{
		/** 128 random bits: whoever has it may see how far the erasure is, for its person cannot sign in any more. */
		id: text().primaryKey(),
		kind: text({ enum: ['person', 'account', 'subject'] }).notNull(),
		/** The id of the person, account or subject. Without a reference: it outlives them. */
		targetId: text('target_id').notNull(),
		/** The account that a subject belongs to, or that goes itself; null for a person. */
		accountId: text('account_id'),
		state: text({ enum: ['requested', 'executing', 'verifying', 'certified', 'blocked'] }).notNull(),
		/** The leg that could not be done, by name; it is tried again. */
		blockedLeg: text('blocked_leg'),
		requestedAtMs: integer('requested_at_ms').notNull(),
		/** When the policy says that it is done by. */
		dueAtMs: integer('due_at_ms').notNull(),
		/** When it was last worked on; the sweep goes on with what waited longest. */
		triedAtMs: integer('tried_at_ms').notNull().default(0),
		finishedAtMs: integer('finished_at_ms'),
		receiptId: text('receipt_id').notNull().unique(),
		/** The mail that says that it is done, sealed as a queued one: by then nobody knows the address any more. Null once it is queued. */
		doneMail: text('done_mail'),
	},
	(t) => [
		check('certified_without_a_mail', sql`${t.state} <> 'certified' or ${t.doneMail} is null`),
		check('certified_has_a_time', sql`(${t.state} = 'certified') = (${t.finishedAtMs} is not null)`),
		check('blocked_names_its_leg', sql`(${t.state} = 'blocked') = (${t.blockedLeg} is not null)`),
		uniqueIndex('erasures_target').on(t.targetId),
		index('erasures_open').on(t.state, t.triedAtMs),
		index('erasures_finished').on(t.finishedAtMs),
	],
);

/** One place that an erasure has to empty. The receipt is signed when none of them is open. */
export const erasureLegs = sqliteTable(
	'erasure_legs',
	{
		erasureId: text('erasure_id')
			.notNull()
			.references(() => erasures.id),
		leg: text().notNull(),
		state: text({ enum: ['open', 'deleted', 'nothing_held', 'kept', 'scheduled'] }).notNull(),
		/** How many things were found and deleted. */
		deleted: integer().notNull().default(0),
		tries: integer().notNull().default(0),
		/** When the place was last read again. */
		checkedAtMs: integer('checked_at_ms'),
	},
	(t) => [primaryKey({ columns: [t.erasureId, t.leg], name: 'erasure_legs_pk' })],
);

/** What the law forbids to delete for now (DD-17): sweep and erasure pass it by, and the evidence says how many there are. */
export const legalHolds = sqliteTable(
	'legal_holds',
	{
		id: text().primaryKey(),
		targetKind: text('target_kind', { enum: ['person', 'account', 'subject'] }).notNull(),
		targetId: text('target_id').notNull(),
		/** The matter's own number or name, in the operator's words and without a person's. */
		matter: text().notNull(),
		placedAtMs: integer('placed_at_ms').notNull(),
		releasedAtMs: integer('released_at_ms'),
	},
	(t) => [
		uniqueIndex('legal_holds_open')
			.on(t.targetId, t.matter)
			.where(sql`${t.releasedAtMs} is null`),
	],
);
