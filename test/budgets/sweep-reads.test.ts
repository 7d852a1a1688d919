import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { jobDeps } from '../../bench/sweep/job-deps';
import { noteRowsRead, type RowsRead } from '../../bench/sweep/rows-read';
import { NOW_MS, seed } from '../../bench/sweep/seed';
import { applyMigrations } from '../../scripts/edge/migrate';
import { sweep } from '../../workers/core/retention/sweep';

/** Rows that D1 reads to find one that is due, and how far that may differ among ten times as many. */
const FINDING_MAX = 1.2;
const FLAT_MAX = 1.05;
const SWEEPS = 2;

function worker(name: string) {
	return {
		name,
		compatibilityDate: '2026-08-01',
		modules: [{ type: 'ESModule' as const, path: 'empty.js', contents: 'export default {};' }],
		d1Databases: { DB: name },
	};
}

/** The question which photos' hour has come. */
function isFinding(sql: string): boolean {
	return /^select "id" from "uploads" where .*"delete_at_ms" <= /s.test(sql);
}

let miniflare: Miniflare;
beforeAll(() => {
	miniflare = new Miniflare(
		convertV4MiniflareOptions({
			telemetry: { enabled: false },
			cf: false,
			workers: [worker('thousand'), worker('ten-thousand')],
		}),
	);
});
afterAll(() => miniflare.dispose());

async function readsPerPhoto(name: string, due: number): Promise<{ all: number; finding: number }> {
	const d1 = await miniflare.getD1Database('DB', name);
	await applyMigrations(d1);
	await seed(d1, { due, notDue: due });
	const read: RowsRead = new Map();
	const deps = await jobDeps(noteRowsRead(d1, read));
	let deleted = 0;
	for (let times = 0; times < SWEEPS; times += 1) {
		const { sourcesDeleted, failures } = await sweep(deps, { scheduledAtMs: NOW_MS });
		expect(failures).toBe(0);
		deleted += sourcesDeleted;
	}
	expect(deleted).toBeGreaterThanOrEqual(SWEEPS * 50);
	// What measures counts what is held, on purpose: once an hour, and 10,000 rows of a kind at most.
	const statements = [...read].filter(([sql]) => !sql.includes('evidence_points') && !sql.includes('column1'));
	const sum = (some: typeof statements) => some.reduce((total, [, { rows }]) => total + rows, 0) / deleted;
	return { all: sum(statements), finding: sum(statements.filter(([sql]) => isFinding(sql))) };
}

test('a due photo is found by reading little more than itself, among a thousand as among ten thousand', async () => {
	const few = await readsPerPhoto('thousand', 1_000);
	const many = await readsPerPhoto('ten-thousand', 10_000);
	console.info(
		`rows read per photo deleted: ${few.all.toFixed(2)} and ${many.all.toFixed(2)}, to find it ${few.finding}`,
	);
	expect(few.finding).toBeGreaterThan(0);
	expect(few.finding).toBeLessThanOrEqual(FINDING_MAX);
	expect(many.finding).toBeLessThanOrEqual(FINDING_MAX);
	expect(many.all / few.all).toBeLessThanOrEqual(FLAT_MAX);
}, 180_000);
