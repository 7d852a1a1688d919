import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import { applyMigrations } from '../../scripts/edge/migrate';

/** What D1 takes in one statement (developers.cloudflare.com/d1/platform/limits). */
const PARAMETERS_MAX = 100;

/** A statement as it was given, with what was bound. */
export interface Recorded {
	readonly sql: string;
	readonly values: readonly SQLInputValue[];
}

export interface SqliteD1 {
	/** Speaks as D1 does, as far as drizzle asks it to: prepare, bind, run, all, raw and batch, each batch one transaction. */
	readonly d1: D1Database;
	readonly sqlite: DatabaseSync;
	close: () => void;
}

class Prepared {
	readonly sql: string;
	readonly values: readonly SQLInputValue[];
	readonly #store: Store;

	constructor(store: Store, sql: string, values: readonly SQLInputValue[] = []) {
		this.#store = store;
		this.sql = sql;
		this.values = values;
	}

	bind(...values: unknown[]): Prepared {
		if (values.length > PARAMETERS_MAX) throw new Error(`D1_ERROR: too many SQL variables (${values.length})`);
		return new Prepared(this.#store, this.sql, values.map(toInput));
	}

	execute(isArrays: boolean): unknown[] {
		return this.#store.execute(this.sql, this.values, isArrays);
	}

	async all() {
		return this.#store.alone(() => resultOf(this.execute(false)));
	}

	run() {
		return this.all();
	}

	async raw() {
		return this.#store.alone(() => this.execute(true));
	}
}

/** As D1 does: a truth becomes a number, and what SQLite does not know is refused. */
function toInput(value: unknown): SQLInputValue {
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (value === null || typeof value === 'string' || typeof value === 'number') return value;
	if (value instanceof Uint8Array) return value;
	throw new TypeError(`D1_TYPE_ERROR: Type '${typeof value}' not supported`);
}

function resultOf(results: unknown[]) {
	return { results, success: true as const, meta: {} };
}

class Store {
	readonly sqlite: DatabaseSync;
	/** The ledger's texts are few: what differs is bound. */
	readonly #statements = new Map<string, StatementSync>();

	readonly #onBatch: ((batch: Recorded[]) => void) | undefined;

	constructor(path: string, onBatch?: (batch: Recorded[]) => void) {
		this.sqlite = new DatabaseSync(path);
		this.#onBatch = onBatch;
	}

	prepare(sql: string): Prepared {
		return new Prepared(this, sql);
	}

	execute(sql: string, values: readonly SQLInputValue[], isArrays: boolean): unknown[] {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.sqlite.prepare(sql);
			this.#statements.set(sql, statement);
		}
		statement.setReturnArrays(isArrays);
		return statement.all(...values);
	}

	/** One round trip: others come in between, as over a network, and SQLite's refusals read as D1's. */
	async alone<T>(action: () => T): Promise<T> {
		await Promise.resolve();
		try {
			return action();
		} catch (cause) {
			const message = cause instanceof Error ? cause.message : String(cause);
			throw new Error(`D1_ERROR: ${message}: SQLITE_CONSTRAINT`, { cause });
		}
	}

	batch(statements: readonly Prepared[]) {
		return this.alone(() => {
			this.sqlite.exec('BEGIN IMMEDIATE');
			try {
				const results = statements.map((statement) => resultOf(statement.execute(false)));
				this.sqlite.exec('COMMIT');
				this.#onBatch?.(statements.map(({ sql, values }) => ({ sql, values })));
				return results;
			} catch (cause) {
				// Some refusals have ended the transaction already.
				if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
				throw cause;
			}
		});
	}
}

/**
 * A plain SQLite of Node's own at `path` with every migration applied, behind the shape of D1. Its write-ahead log is not synced
 * with every commit: what is measured is whether the ledger adds up, not whether the disk does. `onBatch` is told of each batch
 * that was committed.
 */
export async function openSqliteD1(path: string, onBatch?: (batch: Recorded[]) => void): Promise<SqliteD1> {
	const store = new Store(path, onBatch);
	store.sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
	// What drizzle's driver and the migrations call is there; the rest of D1's interface nobody here asks for.
	const d1 = store as unknown as D1Database;
	await applyMigrations(d1);
	return { d1, sqlite: store.sqlite, close: () => store.sqlite.close() };
}
