import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What was true of one class of data when it was looked at. Counts and ages of a whole studio, nothing of one account. */
export const evidencePoints = sqliteTable(
	'evidence_points',
	{
		/** A class of the policy (`studios/policy/policy.ts`), or what is measured beside those (`workers/core/evidence/evidence-class.ts`). */
		dataClass: text('data_class').notNull(),
		atMs: integer('at_ms').notNull(),
		/** What the policy promised then; null where it promises no time. */
		promiseMs: integer('promise_ms'),
		/** How many of which the clock runs; 10,000 means as many or more. */
		held: integer().notNull(),
		/** Age of the oldest one that is still here, by what starts its clock; null when there is none. */
		oldestAgeMs: integer('oldest_age_ms'),
		/** Of those, the ones that should be gone. */
		late: integer().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.dataClass, t.atMs], name: 'evidence_points_pk' }),
		index('evidence_points_age').on(t.atMs),
	],
);
