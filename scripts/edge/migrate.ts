import { readFile, readdir } from 'node:fs/promises';

import type { D1Database } from '@cloudflare/workers-types';
import { unstable_splitSqlQuery } from 'wrangler';

import { fromRoot } from '../root';

/** Named and shaped as `wrangler d1 migrations apply` keeps it, so both see the same history. */
const HISTORY = `CREATE TABLE IF NOT EXISTS d1_migrations (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT UNIQUE,
	applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies what is not applied yet, each migration in one batch; answers the names that it applied. */
export async function applyMigrations(db: D1Database): Promise<string[]> {
	await db.prepare(HISTORY).run();
	const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
	const done = new Set(results.map((row) => row.name));
	const names = (await readdir(fromRoot('migrations'))).filter((name) => name.endsWith('.sql')).toSorted();
	const fresh = names.filter((name) => !done.has(name));
	for (const name of fresh) {
		const statements = unstable_splitSqlQuery(await readFile(fromRoot('migrations', name), 'utf8'));
		await db.batch([
			...statements.map((statement) => db.prepare(statement)),
			db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
		]);
	}
	return fresh;
}
