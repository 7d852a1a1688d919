import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';
import { subjects } from './consents';
import { renders } from './renders';

/** What was said about a file when it was exported, found again by the file's hash (N12). */
export const fileStatements = sqliteTable(
	'file_statements',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id').references(() => subjects.id),
		renderId: text('render_id').references(() => renders.id),
		/** SHA-256 of the file as it was exported, hex. */
		fileHash: text('file_hash').notNull(),
		/** The signed statement, canonical JSON; it names no patient. */
		statement: text().notNull(),
		createdBy: text('created_by').notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		uniqueIndex('file_statements_file').on(t.accountId, t.fileHash),
		index('file_statements_hash').on(t.fileHash),
		index('file_statements_render').on(t.renderId),
		index('file_statements_subject').on(t.subjectId),
	],
);
