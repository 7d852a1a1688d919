import { readFile } from 'node:fs/promises';

import type { D1Database } from '@cloudflare/workers-types';
import { drizzle } from 'drizzle-orm/d1';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_splitSqlQuery } from 'wrangler';

import { applyMigrations } from '../../scripts/edge/migrate';
import { fromRoot } from '../../scripts/root';
import { auditLedger } from '../../workers/core/credits/audit-ledger';
import { channelsOf } from '../../workers/core/consents/channels';
import { captureCredits } from '../../workers/core/credits/capture-credits';
import { releaseCredits } from '../../workers/core/credits/release-credits';
import { sealLedger } from '../../workers/core/credits/seal-ledger';
import { toCredits } from '../../workers/core/money';

/* Databases that were in use before a migration: their rows have to be there after it. */

const FIRST = '0000_first.sql';
const SECOND = '0001_people-and-practices.sql';

/** From before people belonged to practices. */
const ROWS = [
	`insert into users (id, name, email, created_at, updated_at) values ('ada', 'Ada', 'ada@practice.test', 1, 1)`,
	`insert into users (id, name, email, created_at, updated_at) values ('bob', 'Bob', 'bob@practice.test', 1, 1)`,
	`insert into accounts values ('acc_ada', 'ada', 'Ada’s practice', 5), ('acc_bob', 'bob', 'Bob’s practice', 6)`,
	`insert into credit_accounts (id, posted) values ('acc_ada', 60), ('acc_bob', 60)`,
	`insert into credit_entries values ('grant:welcome:acc_ada', 'acc_ada', 60, 'grant', 'promo', null, 5),
		('grant:welcome:acc_bob', 'acc_bob', 60, 'grant', 'promo', null, 6)`,
	`insert into subjects values ('sub_1', 'acc_ada', 'M-1', 7)`,
	`insert into sessions (id, user_id, token, expires_at, created_at, updated_at) values ('s', 'ada', 't', 9, 1, 1)`,
];

/**
 * From before the ledger had buckets: `acc_busy` has two grants, then a hold charged, one given back in the millisecond it was
 * made in, one charged that came from the second grant, and an open one; `acc_new` has its welcome, `acc_empty` nothing.
 */
const LEDGER = [
	`insert into accounts (id, name, created_at_ms) values ('acc_busy', 'Busy', 1), ('acc_new', 'New', 1), ('acc_empty', 'Empty', 1)`,
	`insert into credit_accounts (id, posted, held) values ('acc_busy', 41, 10), ('acc_new', 60, 0), ('acc_empty', 0, 0)`,
	`insert into credit_entries values
		('grant:welcome:acc_busy', 'acc_busy', 60, 'grant', 'promo', null, 10),
		('grant:gift:acc_busy', 'acc_busy', 25, 'grant', 'promo', null, 20),
		('capture:rnd_1', 'acc_busy', -24, 'capture', 'promo', 'rnd_1', 40),
		('capture:rnd_3', 'acc_busy', -20, 'capture', 'promo', 'rnd_3', 60),
		('grant:welcome:acc_new', 'acc_new', 60, 'grant', 'promo', null, 10)`,
	`insert into credit_holds values
		('hold:rnd_1', 'acc_busy', 24, 'rnd_1', 15),
		('hold:rnd_2', 'acc_busy', 7, 'rnd_2', 30),
		('hold:rnd_3', 'acc_busy', 20, 'rnd_3', 50),
		('hold:rnd_4', 'acc_busy', 10, 'rnd_4', 70)`,
	`insert into credit_hold_resolutions values
		('hold:rnd_1', 'captured', 40), ('hold:rnd_2', 'released', 30), ('hold:rnd_3', 'captured', 60)`,
];

const BEFORE_CHANNELS = [FIRST, SECOND, '0002_buckets-and-billing.sql', '0003_policy-executed.sql'];

/** From before consents had channels, by the purposes that were signed. */
const SIGNED: Readonly<Record<string, string[]>> = {
	cns_all: ['show_in_room', 'patient_copy', 'website', 'social_media'],
	cns_copy: ['patient_copy'],
	cns_none: [],
	cns_social: ['show_in_room', 'social_media'],
};
const CONSENTS = [
	`insert into accounts (id, name, created_at_ms) values ('acc_1', 'One', 1)`,
	`insert into subjects (id, account_id, reference, created_at_ms) values ('sub_1', 'acc_1', 'M-1', 1)`,
	...Object.entries(SIGNED).map(
		([id, purposes]) => `insert into consents (id, account_id, subject_id, state, text_version, purposes,
			told_of_revocation, told_treatment_not_conditioned, told_of_redisclosure, created_at_ms)
			values ('${id}', 'acc_1', 'sub_1', 'active', '1', '${JSON.stringify(purposes)}', 1, 1, 1, 1)`,
	),
];

let miniflare: Miniflare;
let db: D1Database;
let ledger: D1Database;
let consents: D1Database;
beforeAll(async () => {
	miniflare = new Miniflare(
		convertV4MiniflareOptions({
			modules: true,
			script: 'export default {}',
			d1Databases: ['DB', 'LEDGER', 'CONSENTS'],
		}),
	);
	db = await miniflare.getD1Database('DB');
	ledger = await miniflare.getD1Database('LEDGER');
	await bringTo(db, [FIRST], ROWS);
	await bringTo(ledger, [FIRST, SECOND], LEDGER);
	consents = await miniflare.getD1Database('CONSENTS');
	await bringTo(consents, BEFORE_CHANNELS, CONSENTS);
});
afterAll(() => miniflare.dispose());

/** A database that stands at these migrations, in use. */
async function bringTo(empty: D1Database, names: readonly string[], rows: readonly string[]): Promise<void> {
	await empty.prepare('create table d1_migrations (id integer primary key autoincrement, name text unique)').run();
	for (const name of names) {
		const statements = unstable_splitSqlQuery(await readFile(fromRoot('migrations', name), 'utf8'));
		await empty.batch(statements.map((statement) => empty.prepare(statement)));
		await empty.prepare('insert into d1_migrations (name) values (?)').bind(name).run();
	}
	await empty.batch(rows.map((row) => empty.prepare(row)));
}

async function all(query: string, from = db): Promise<Record<string, unknown>[]> {
	return (await from.prepare(query).all()).results;
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
	const orphan = db.prepare(
		`insert into subjects (id, account_id, reference, created_at_ms) values ('sub_2', 'acc_never', 'M-2', 8)`,
	);
	await expect(orphan.run()).rejects.toThrow(/FOREIGN KEY/);
	await expect(db.prepare(`delete from accounts where id = 'acc_ada'`).run()).rejects.toThrow(/FOREIGN KEY/);
	const second = db.prepare(`insert into memberships values ('acc_ada', 'bob', 'owner', 8)`);
	await expect(second.run()).rejects.toThrow(/UNIQUE/);
});

test('a ledger in use keeps its balances, in one bucket for each account that was granted anything', async () => {
	expect(await applyMigrations(ledger)).not.toContain(SECOND);

	expect(await all('select id, posted, held, owed, seq, sealed_seq from credit_accounts order by id', ledger)).toEqual([
		{ id: 'acc_busy', posted: 41, held: 10, owed: 0, seq: 9, sealed_seq: 0 },
		{ id: 'acc_empty', posted: 0, held: 0, owed: 0, seq: 0, sealed_seq: 0 },
		{ id: 'acc_new', posted: 60, held: 0, owed: 0, seq: 1, sealed_seq: 0 },
	]);
	const buckets = await all(
		'select account_id, source, granted, remaining, held, expires_at_ms from credit_buckets order by account_id',
		ledger,
	);
	expect(buckets).toEqual([
		{ account_id: 'acc_busy', source: 'promo', granted: 85, remaining: 41, held: 10, expires_at_ms: null },
		{ account_id: 'acc_new', source: 'promo', granted: 60, remaining: 60, held: 0, expires_at_ms: null },
	]);
	expect(await all('pragma foreign_key_check', ledger)).toEqual([]);
});

test('its entries are numbered as they happened, with what each changed, what it ended and what could be spent', async () => {
	const entries = await all(
		`select seq, id, amount, posted, held, balance, resolves_id, created_at_ms as at from credit_entries
			where account_id = 'acc_busy' order by seq`,
		ledger,
	);
	const rows: [
		id: string,
		amount: number,
		posted: number,
		held: number,
		balance: number,
		ends: string | null,
		at: number,
	][] = [
		['grant:welcome:acc_busy', 60, 60, 0, 60, null, 10],
		['hold:rnd_1', 24, 0, 24, 36, null, 15],
		['grant:gift:acc_busy', 25, 25, 0, 61, null, 20],
		['hold:rnd_2', 7, 0, 7, 54, null, 30],
		['release:rnd_2', 7, 0, -7, 61, 'hold:rnd_2', 30],
		['capture:rnd_1', 24, -24, -24, 61, 'hold:rnd_1', 40],
		['hold:rnd_3', 20, 0, 20, 41, null, 50],
		['capture:rnd_3', 20, -20, -20, 41, 'hold:rnd_3', 60],
		['hold:rnd_4', 10, 0, 10, 31, null, 70],
	];
	expect(entries).toEqual(
		rows.map(([id, amount, posted, held, balance, ends, at], index) => {
			return { seq: index + 1, id, amount, posted, held, balance, resolves_id: ends, at };
		}),
	);
	const parts = await all(
		`select p.entry_id, p.posted, p.held from credit_parts p join credit_entries e on e.id = p.entry_id
			where e.account_id = 'acc_busy' order by e.seq`,
		ledger,
	);
	expect(parts).toEqual(rows.map(([id, , posted, held]) => ({ entry_id: id, posted, held })));
});

test('it is sound, and what was set aside before can be charged and given back afterwards', async () => {
	const deps = { db: drizzle(ledger), now: () => new Date(100) };
	expect((await auditLedger(deps)).violations).toEqual([]);

	const hold = { holdId: 'hold:rnd_4', accountId: 'acc_busy', renderId: 'rnd_4', amount: toCredits(10) };
	await captureCredits(deps, hold);
	await captureCredits(deps, { ...hold, holdId: 'hold:rnd_1', renderId: 'rnd_1', amount: toCredits(24) });
	await releaseCredits(deps, { ...hold, holdId: 'hold:rnd_2', amount: toCredits(7) });

	expect(await all(`select posted, held, seq from credit_accounts where id = 'acc_busy'`, ledger)).toEqual([
		{ posted: 31, held: 0, seq: 10 },
	]);
	await sealLedger(deps, { limit: 10 });
	expect(await auditLedger(deps)).toEqual({ accounts: 3, sealed: 11, violations: [] });
});

test('consents in use keep what they allowed, as channels', async () => {
	await applyMigrations(consents);
	const rows = await all('select id, channels, narrowed_at_ms from consents order by id', consents);
	expect(rows).toEqual(
		Object.entries(SIGNED).map(([id, purposes]) => ({
			id,
			channels: JSON.stringify(channelsOf(purposes)),
			narrowed_at_ms: null,
		})),
	);
	expect(rows[0]?.['channels']).toBe('["room","download","share","publish"]');
	expect(await all('pragma foreign_key_check', consents)).toEqual([]);
});
