import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A breach of personal data, with the clock of Art. 33 (72 hours from when it became known) and whom it affects (DS-39). */
export const incidents = sqliteTable(
	'incidents',
	{
		id: text().primaryKey(),
		/** In the operator's words, without a person's name. */
		title: text().notNull(),
		/** What of it: classes of the policy, a JSON list. */
		dataClasses: text('data_classes', { mode: 'json' }).$type<string[]>().notNull(),
		/** The window in which what was there, or was used, is affected. */
		fromMs: integer('from_ms').notNull(),
		untilMs: integer('until_ms').notNull(),
		knownAtMs: integer('known_at_ms').notNull(),
		/** 72 hours later. */
		reportByMs: integer('report_by_ms').notNull(),
		/** What the authority and those affected are told, in the operator's words (Art. 33(3), 34(2)); null until it is written. */
		happened: text(),
		consequences: text(),
		measures: text(),
		advice: text(),
		/** The newest alarm about the 72 hours. */
		alarmedAtMs: integer('alarmed_at_ms'),
		reportedAtMs: integer('reported_at_ms'),
		/** Why later than that, or why not at all. */
		reportReason: text('report_reason'),
		/** When everybody affected had been written to. */
		toldAtMs: integer('told_at_ms'),
		closedAtMs: integer('closed_at_ms'),
	},
	(t) => [
		check('a_window', sql`${t.untilMs} >= ${t.fromMs}`),
		check(
			'closed_when_reported',
			sql`${t.closedAtMs} is null or ${t.reportedAtMs} is not null or ${t.reportReason} is not null`,
		),
		index('incidents_open').on(t.closedAtMs, t.reportByMs),
	],
);

/** Who was written to about an incident, each once, and whether the mail reached them (Art. 34). */
export const incidentNotices = sqliteTable(
	'incident_notices',
	{
		incidentId: text('incident_id')
			.notNull()
			.references(() => incidents.id),
		userId: text('user_id').notNull(),
		/** When its mail was written. */
		toldAtMs: integer('told_at_ms').notNull(),
		/** The mail, without a reference: it leaves long before. Null for a notice from before this was kept. */
		mailId: text('mail_id'),
		/**
		 * `taken`: the processor took it and nothing came back, which alone counts as told; `returned`: it bounced; `suppressed`: not sent,
		 * the address is dead; `failed`: given up. Null while it is under way.
		 */
		mailEnd: text('mail_end', { enum: ['taken', 'returned', 'suppressed', 'failed'] }),
	},
	(t) => [
		primaryKey({ columns: [t.incidentId, t.userId], name: 'incident_notices_pk' }),
		index('incident_notices_mail').on(t.mailId),
	],
);

/** An operator looks at one render of somebody's: for a reason, for half an hour, and its owner is told (N20). */
export const staffAccesses = sqliteTable(
	'staff_accesses',
	{
		id: text().primaryKey(),
		accountId: text('account_id').notNull(),
		renderId: text('render_id').notNull(),
		reason: text().notNull(),
		grantedAtMs: integer('granted_at_ms').notNull(),
		expiresAtMs: integer('expires_at_ms').notNull(),
		/** How often it was used. */
		looks: integer().notNull().default(0),
	},
	(t) => [
		check('access_ends', sql`${t.expiresAtMs} > ${t.grantedAtMs}`),
		index('staff_accesses_account').on(t.accountId, t.grantedAtMs),
		index('staff_accesses_age').on(t.grantedAtMs),
	],
);
