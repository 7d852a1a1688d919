import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** One row a sweep: the newest finished one tells that deletion is alive. */
export const sweeps = sqliteTable(
	'sweeps',
	{
		id: text().primaryKey(),
		startedAtMs: integer('started_at_ms').notNull(),
		finishedAtMs: integer('finished_at_ms'),
		sourcesDeleted: integer('sources_deleted').notNull().default(0),
		sourcesLate: integer('sources_late').notNull().default(0),
		rendersExpired: integer('renders_expired').notNull().default(0),
		failures: integer().notNull().default(0),
	},
	(t) => [index('sweeps_finished').on(t.finishedAtMs)],
);
