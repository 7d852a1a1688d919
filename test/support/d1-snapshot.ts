type Row = Record<string, string | number | null>;
export type Snapshot = ReadonlyMap<string, readonly Row[]>;

/** Every row of every table, as it stands now: what Time Travel keeps of this moment. */
export async function snapshotD1(d1: D1Database): Promise<Snapshot> {
	const { results } = await d1
		.prepare(
			"select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not glob '[_d]*'",
		)
		.all<{ name: string }>();
	const rows = new Map<string, readonly Row[]>();
	for (const { name } of results) rows.set(name, (await d1.prepare(`select * from "${name}"`).all<Row>()).results);
	return rows;
}

/** The database as it was then, and nothing of what came later. */
export async function restoreD1(d1: D1Database, snapshot: Snapshot): Promise<void> {
	const inserts = [...snapshot].flatMap(([table, rows]) =>
		rows.map((row) => {
			const columns = Object.keys(row).map((name) => `"${name}"`);
			const marks = columns.map(() => '?');
			return d1
				.prepare(`insert into "${table}" (${columns.join(', ')}) values (${marks.join(', ')})`)
				.bind(...Object.values(row));
		}),
	);
	const deletes = [...snapshot.keys()].map((table) => d1.prepare(`delete from "${table}"`));
	// In one transaction, so that rows which refer to each other may come in any order.
	await d1.batch([d1.prepare('pragma defer_foreign_keys = on'), ...deletes, ...inserts]);
}
