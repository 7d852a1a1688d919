import { readFile } from 'node:fs/promises';

import type { D1Database } from '@cloudflare/workers-types';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_splitSqlQuery } from 'wrangler';

import { applyMigrations } from '../../scripts/edge/migrate';
import { fromRoot } from '../../scripts/root';

/* A database that was in use before people belonged to practices: its rows have to be there after the next migration. */

const FIRST = '0000_first.sql';
const ROWS = [
	`insert into users (id, name, email, created_at, updated_at) values ('ada', 'Ada', 'ada@practice.test', 1, 1)`,
	`insert into users (id, name, email, created_at, updated_at) values ('bob', 'Bob', 'bob@practice.test', 1, 1)`,
	`insert into accounts values ('acc_ada', 'ada', 'Ada’s practice', 5), ('acc_bob', 'bob', 'Bob’s practice', 6)`,
	`insert into credit_accounts (id, posted) values ('acc_ada', 60), ('acc_bob', 60)`,
	`insert into credit_entries values ('grant:welcome:acc_ada', 'acc_ada', 60, 'grant', 'promo', null, 5)`,
	`insert into subjects values ('sub_1', 'acc_ada', 'M-1', 7)`,
	`insert into sessions (id, user_id, token, expires_at, created_at, updated_at) values ('s', 'ada', 't', 9, 1, 1)`,
];

let miniflare: Miniflare;
let db: D1Database;
beforeAll(async () => {
	miniflare = new Miniflare(
		convertV4MiniflareOptions({ modules: true, script: 'export default {}', d1Databases: ['DB'] }),
	);
	db = await miniflare.getD1Database('DB');
	await db.prepare('create table d1_migrations (id integer primary key autoincrement, name text unique)').run();
	const first = unstable_splitSqlQuery(await readFile(fromRoot('migrations', FIRST), 'utf8'));
	await db.batch([...first, ...ROWS].map((statement) => db.prepare(statement)));
	await db.prepare('insert into d1_migrations (name) values (?)').bind(FIRST).run();
});
afterAll(() => miniflare.dispose());

async function all(query: string): Promise<Record<string, unknown>[]> {
	return (await db.prepare(query).all()).results;
}

test('a database in use keeps its accounts, and whom one belonged to owns it as a member', async () => {
	expect(await applyMigrations(db)).not.toContain(FIRST);

	expect(await all('select id, name, phone, created_at_ms from accounts order by id')).toEqual([
		{ id: 'acc_ada', name: 'Ada’s practice', phone: null, created_at_ms: 5 },
		{ id: 'acc_bob', name: 'Bob’s practice', phone: null, created_at_ms: 6 },
	]);
	expect(await all('select account_id, user_id, role from memberships order by user_id')).toEqual([
		{ account_id: 'acc_ada', user_id: 'ada', role: 'owner' },
		{ account_id: 'acc_bob', user_id: 'bob', role: 'owner' },
	]);
	expect(await all('select account_id, reference from subjects')).toEqual([
		{ account_id: 'acc_ada', reference: 'M-1' },
	]);
	expect(await all('select posted from credit_accounts')).toEqual([{ posted: 60 }, { posted: 60 }]);
	expect(await all('select account_id from sessions')).toEqual([{ account_id: null }]);
	expect(await all('pragma foreign_key_check')).toEqual([]);
});

test('its references still hold: nothing for an account that never was, and no account goes from under its rows', async () => {
	const orphan = db.prepare(`insert into subjects values ('sub_2', 'acc_never', 'M-2', 8)`);
	await expect(orphan.run()).rejects.toThrow(/FOREIGN KEY/);
	await expect(db.prepare(`delete from accounts where id = 'acc_ada'`).run()).rejects.toThrow(/FOREIGN KEY/);
	const second = db.prepare(`insert into memberships values ('acc_ada', 'bob', 'owner', 8)`);
	await expect(second.run()).rejects.toThrow(/UNIQUE/);
});
