import { assert, asyncProperty } from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { openSqliteD1 } from '../../bench/ledger/sqlite-d1';
import { checkRun, figures, runs } from '../core/credits/ledger-run';
import { parametersOf } from '../support/property-parameters';

/*
 * As test/core/credits/ledger-property.test.ts, with as many commands as there is time for: on Node's own SQLite behind D1's shape,
 * where a call takes microseconds and not a way to another thread and back. Statements, constraints and transactions are the same.
 */

const RUNS = 110;
const COMMANDS_MIN = 25_000;
const FAULTS_MIN = 12_500;
const MINUTES_MAX = 10;

/** Half of the 50,000 commands; two files are two halves, so that both cores of a small machine have one. */
export function testHalf(half: string): void {
	test(
		`25,000 racing commands under 12,500 faults leave what the rules say (${half})`,
		{ timeout: MINUTES_MAX * 60_000 },
		async () => {
			const { PROPERTY_SEED: seed = '', PROPERTY_RUNS: asked = '' } = process.env;
			const name = `ledger property on SQLite, ${half}`;
			const parameters = parametersOf(name, RUNS, { seed, runs: asked });
			const database = await openSqliteD1(':memory:');
			afterAll(() => database.close());
			const before = { ...figures };
			const started = performance.now();
			const property = asyncProperty(runs({ racing: 80, waves: 6 }), async ([waves, planned]) => {
				expect(await checkRun(database.d1, waves, planned)).toEqual([]);
				forget(database.sqlite);
			});
			await assert(property, parameters);
			const commands = figures.commands - before.commands;
			const faults = figures.before + figures.after - before.before - before.after;
			const seconds = Math.round((performance.now() - started) / 1000);
			console.log(`${name}: ${JSON.stringify({ commands, faults, seconds, inAll: figures })}, 0 violations`);
			if (parameters.numRuns < RUNS) return;
			expect(commands).toBeGreaterThanOrEqual(COMMANDS_MIN);
			expect(faults).toBeGreaterThanOrEqual(FAULTS_MIN);
		},
	);
}

/** A run leaves nothing, so that the next one's audits read its own entries alone. */
function forget(sqlite: { exec: (sql: string) => void }): void {
	const tables = ['credit_seals', 'credit_parts', 'credit_entries', 'credit_buckets', 'credit_accounts', 'accounts'];
	sqlite.exec(tables.map((table) => `delete from ${table};`).join(' '));
}
