import type { DatabaseSync } from 'node:sqlite';

const ROWS_AT_ONCE = 500;

/**
 * Copies whole tables into D1, in the order given. Miniflare's D1 takes milliseconds for each statement that Node prepares there, so
 * rows are made in a SQLite here and travel as JSON, hundreds a statement.
 */
export async function copyRows(from: DatabaseSync, to: D1Database, tables: readonly string[]): Promise<void> {
	for (const table of tables) {
		const columns = from
			.prepare('SELECT name FROM pragma_table_info(?)')
			.all(table)
			.map(({ name }) => String(name));
		const select = from.prepare(`SELECT ${columns.join(', ')} FROM ${table}`);
		select.setReturnArrays(true);
		const rows: unknown[] = select.all();
		const values = columns.map((_, index) => `value ->> ${index}`).join(', ');
		const insert = to.prepare(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(?)`);
		for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
			await insert.bind(JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE))).run();
		}
	}
}
