import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { users } from './users';

/**
 * The life of each version of a studio's policy: seen in the code, told of, in force. What it says stands in `studios/`; its
 * hash is held here, so that a text which changed under the same version is found out.
 */
export const policyVersions = sqliteTable(
	'policy_versions',
	{
		/** The version's name in `studios/`: `2026-11-21`. */
		version: text().primaryKey(),
		textHash: text('text_hash').notNull(),
		/** Whether people are told and asked again. */
		isMaterial: integer('is_material', { mode: 'boolean' }).notNull(),
		/** How long people know of it before it holds; 0 for the first version and for changes that are not material. */
		noticeMs: integer('notice_ms').notNull(),
		/** Not before this, whatever the notice. */
		plannedAtMs: integer('planned_at_ms').notNull(),
		firstSeenAtMs: integer('first_seen_at_ms').notNull(),
		/** The last person whose notice was queued, so that telling goes on where it stopped; null before the first and after the last. */
		toldThrough: text('told_through'),
		/** When everybody had been told. */
		notifiedAtMs: integer('notified_at_ms'),
		effectiveAtMs: integer('effective_at_ms'),
	},
	(t) => [
		// C10: no path can put a version in force before its notice is over.
		check(
			'noticed_before_it_holds',
			sql`${t.effectiveAtMs} is null or (${t.notifiedAtMs} is not null and ${t.effectiveAtMs} - ${t.notifiedAtMs} >= ${t.noticeMs})`,
		),
		check('not_before_its_day', sql`${t.effectiveAtMs} is null or ${t.effectiveAtMs} >= ${t.plannedAtMs}`),
		index('policy_versions_effective').on(t.effectiveAtMs),
	],
);

/** Who accepted which version of the policy, when and where (DD-04, DD-44). Never changed, only added to. */
export const policyAcceptances = sqliteTable(
	'policy_acceptances',
	{
		/** `<user id>.<version>`: the same acceptance twice is one. */
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		version: text().notNull(),
		textHash: text('text_hash').notNull(),
		/** `use`: by going on to use a version that was not material. */
		surface: text({ enum: ['sign_up', 'web', 'use'] }).notNull(),
		acceptedAtMs: integer('accepted_at_ms').notNull(),
	},
	(t) => [index('policy_acceptances_user').on(t.userId)],
);
