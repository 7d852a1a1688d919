import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { drizzle } from 'drizzle-orm/d1';

import { dental } from '../../studios/dental';
import { newId } from '../../workers/core/ids';
import { startRender } from '../../workers/core/renders/start-render';
import { openSqliteD1, type Recorded } from '../ledger/sqlite-d1';
import { quantile } from '../row';
import { ORDERS_PER_PRACTICE, seedPractices, TOOL } from './seed-practices';
import { orderInput } from './order-body';

const PRACTICES = 240;

export interface PlainSqlite {
	readonly perSecond: number;
	readonly p99Ms: number;
	readonly orders: number;
}

/**
 * What the same writes cost a plain SQLite on this machine: orders are placed once by the shipped code, over Node's SQLite, and
 * what it wrote is written again, statement by statement, into a copy of the database as it was before. Only that is timed.
 */
export async function writePlainly(): Promise<PlainSqlite> {
	const folder = await mkdtemp(join(tmpdir(), 'afterglow-orders-'));
	try {
		const copy = join(folder, 'copy.sqlite');
		const batches = await recordOrders(join(folder, 'orders.sqlite'), copy);
		const sqlite = new DatabaseSync(copy);
		try {
			sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
			return replay(sqlite, batches);
		} finally {
			sqlite.close();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** What the orders wrote, a batch each; the database at `copy` is as it was before them. */
async function recordOrders(path: string, copy: string): Promise<Recorded[][]> {
	const batches: Recorded[][] = [];
	const { d1, sqlite, close } = await openSqliteD1(path, (batch) => batches.push(batch));
	try {
		const practices = await seedPractices(d1, PRACTICES);
		sqlite.prepare('VACUUM INTO ?').run(copy);
		batches.length = 0;
		const deps = {
			db: drizzle(d1),
			now: () => new Date(),
			newId,
			studio: dental,
			queue: { send: () => Promise.resolve() },
			lookupKey: 'a lookup key of the bench, 32 characters or more',
			vault: {
				store: keysInMemory(),
				wrapping: { current: 'a vault key of the bench', before: null },
				opened: new Map(),
			},
		};
		for (let order = 0; order < ORDERS_PER_PRACTICE; order += 1) {
			for (const { actor, uploadId } of practices) {
				const input = orderInput(uploadId);
				await startRender(deps, { actor, network: null, key: `bench-${order}`, tool: TOOL, input });
			}
		}
		return batches;
	} finally {
		close();
	}
}

/** Keys are read and made beside the database, and only what the database writes is timed. */
function keysInMemory() {
	const keys = new Map<string, string>();
	return {
		create: async (name: string, text: string) => !keys.has(name) && keys.set(name, text).has(name),
		read: async (name: string) => keys.get(name) ?? null,
		remove: () => Promise.reject(new Error('nothing is erased here')),
		list: () => Promise.reject(new Error('nothing is listed here')),
		change: () => Promise.reject(new Error('nothing is rotated here')),
		replace: () => Promise.reject(new Error('nothing is replaced here')),
	};
}

function replay(sqlite: DatabaseSync, batches: readonly Recorded[][]): PlainSqlite {
	const prepared = new Map<string, StatementSync>();
	for (const { sql } of batches.flat()) if (!prepared.has(sql)) prepared.set(sql, sqlite.prepare(sql));
	const millis: number[] = [];
	const startedAt = performance.now();
	for (const batch of batches) {
		const batchAt = performance.now();
		sqlite.exec('BEGIN IMMEDIATE');
		for (const { sql, values } of batch) prepared.get(sql)?.run(...values);
		sqlite.exec('COMMIT');
		millis.push(performance.now() - batchAt);
	}
	const seconds = (performance.now() - startedAt) / 1000;
	return { perSecond: batches.length / seconds, p99Ms: quantile(millis, 0.99), orders: batches.length };
}
