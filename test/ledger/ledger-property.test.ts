import { assert, asyncProperty } from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { openSqliteD1 } from '../../bench/ledger/sqlite-d1';
import { checkRun, figures, runs } from '../core/credits/ledger-run';
import { parametersOf } from '../support/property-parameters';

/*
 * As test/core/credits/ledger-property.test.ts, and as many as make 100,000 commands: on Node's own SQLite behind D1's shape, where
 * a call takes microseconds and not a way to another thread and back. Statements, constraints and transactions are the same.
 */

const RUNS = 400;
const MINUTES_MAX = 10;

const database = await openSqliteD1(':memory:');
afterAll(() => database.close());

/** A run leaves nothing, so that the next one's audits read its own entries alone. */
function forget(): void {
	const tables = ['credit_seals', 'credit_parts', 'credit_entries', 'credit_buckets', 'credit_accounts', 'accounts'];
	database.sqlite.exec(tables.map((table) => `delete from ${table};`).join(' '));
}

test(
	'100,000 racing commands under 50,000 faults leave what the rules say',
	{ timeout: MINUTES_MAX * 60_000 },
	async () => {
		const { PROPERTY_SEED: seed = '', PROPERTY_RUNS: asked = '' } = process.env;
		const parameters = parametersOf('ledger property on SQLite', RUNS, { seed, runs: asked });
		const started = performance.now();
		const property = asyncProperty(runs({ racing: 80, waves: 6 }), async ([waves, planned]) => {
			expect(await checkRun(database.d1, waves, planned)).toEqual([]);
			forget();
		});
		await assert(property, parameters);
		const faults = figures.before + figures.after;
		const seconds = Math.round((performance.now() - started) / 1000);
		console.log(`ledger property on SQLite: ${JSON.stringify({ ...figures, faults, seconds })}, 0 violations`);
		if (parameters.numRuns < RUNS) return;
		expect(figures.commands).toBeGreaterThanOrEqual(100_000);
		expect(faults).toBeGreaterThanOrEqual(50_000);
	},
);
