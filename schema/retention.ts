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
		/** Due, unreachable, and kept because of a legal hold. */
		sourcesHeld: integer('sources_held').notNull().default(0),
		rendersExpired: integer('renders_expired').notNull().default(0),
		failures: integer().notNull().default(0),
	},
	(t) => [index('sweeps_finished').on(t.finishedAtMs), index('sweeps_age').on(t.startedAtMs)],
);

/** Where the sweep stopped in something that it looks through slice by slice: one row a walk, begun anew each day. */
export const walks = sqliteTable('walks', {
	name: text({ enum: ['orphans', 'tombstones', 'statutory'] }).primaryKey(),
	/** Where the next slice begins; null when the walk has ended. */
	cursor: text(),
	begunAtMs: integer('begun_at_ms').notNull(),
	endedAtMs: integer('ended_at_ms'),
	/** Of this walk so far. */
	looked: integer().notNull().default(0),
	/** Of those, the ones that had to be deleted. */
	found: integer().notNull().default(0),
});
