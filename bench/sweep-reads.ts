import type { D1Database } from '@cloudflare/workers-types';
import { Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { z } from 'zod';

import { applyMigrations } from '../scripts/edge/migrate';
import { fromRoot } from '../scripts/root';
import { runTool } from '../scripts/run-tool';
import { atMost, type Row } from './row';
import { MEBIBYTE, peakDuring, runtimePids } from './runtime-memory';
import { NOT_DUE_TIMES, NOW_MS, seed } from './sweep/seed';

const DUE = [1_000, 10_000] as const;
/** What an outage of weeks would leave; objects are counted and not stored. */
const MILLION = 1_000_000;
const SECONDS_MAX = 15;
const READS_MAX = 1.2;
/** How far the larger sweep's figure may lie from the smaller one's and still be called flat. */
const FLAT_MAX = 1.05;
const WORKER = 'sweep';
/** What D1 allows one invocation of a Worker (developers.cloudflare.com/d1/platform/limits). */
const STATEMENTS_MAX = 1_000;

const Report = z.object({
	deleted: z.number(),
	sweeps: z.number(),
	tookMs: z.number(),
	statements: z.array(z.object({ sql: z.string(), calls: z.number(), rows: z.number() })),
});
type Report = z.infer<typeof Report>;

/**
 * Rows that D1 reads for each row of the least deletion there is: no receipt, no marking, one index, a hundred at a time.
 * What the sweep's own figure is held against.
 */
async function bareReads(db: D1Database): Promise<number> {
	await db.batch([
		db.prepare('CREATE TABLE bare_due (id TEXT PRIMARY KEY, state TEXT NOT NULL, delete_at_ms INTEGER NOT NULL)'),
		db.prepare('INSERT INTO bare_due SELECT id, state, delete_at_ms FROM uploads'),
		db.prepare('CREATE INDEX bare_due_due ON bare_due (state, delete_at_ms)'),
	]);
	const { meta, results } = await db
		.prepare(
			`DELETE FROM bare_due WHERE rowid IN (SELECT rowid FROM bare_due WHERE state = 'ready' AND delete_at_ms <= ?
			ORDER BY delete_at_ms LIMIT 100) RETURNING id`,
		)
		.bind(NOW_MS)
		.all();
	await db.prepare('DROP TABLE bare_due').run();
	return meta.rows_read / results.length;
}

async function sweepAll(
	due: number,
	notDue = due * NOT_DUE_TIMES,
): Promise<{ report: Report; bare: number; peakBytes: number }> {
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			host: '127.0.0.1',
			port: 0,
			cf: false,
			telemetry: { enabled: false },
			handleStructuredLogs: () => undefined,
			workers: [
				{
					name: WORKER,
					compatibilityDate: '2026-08-01',
					compatibilityFlags: ['nodejs_compat'],
					modulesRoot: fromRoot('dist', 'bench-sweep'),
					modules: [{ type: 'ESModule', path: fromRoot('dist', 'bench-sweep', 'worker.js') }],
					d1Databases: ['DB'],
				},
			],
		}),
	);
	try {
		await miniflare.ready;
		const db = await miniflare.getD1Database('DB', WORKER);
		await applyMigrations(db);
		await seed(db, { due, notDue });
		const bare = await bareReads(db);
		const worker = await miniflare.getWorker(WORKER);
		let told: unknown;
		const work = async () => {
			const answer = await worker.fetch(`http://bench/?limit=${SECONDS_MAX * 1000}`);
			if (!answer.ok) throw new Error(`The sweep of the bench failed: ${(await answer.text()).slice(0, 500)}`);
			told = await answer.json();
		};
		const [pid] = process.platform === 'linux' ? await runtimePids() : [];
		const peakBytes = pid === undefined ? Number.NaN : await peakDuring(pid, work);
		if (pid === undefined) await work();
		return { report: Report.parse(told), bare, peakBytes };
	} finally {
		await miniflare.dispose();
	}
}

/** The statements that read most, on stderr: where to look when the budget is not met. */
function sayBreakdown(due: number, { deleted, sweeps, statements }: Report): void {
	const lines = statements
		.filter(({ rows }) => rows > 0)
		.toSorted((a, b) => b.rows - a.rows)
		.map(({ sql, calls, rows }) => {
			const short = sql.replaceAll(/\s+/g, ' ').slice(0, 150);
			return `  ${(rows / deleted).toFixed(2).padStart(7)} a photo  ${String(calls).padStart(6)} calls  ${short}`;
		});
	process.stderr.write(`${due} due photos, ${deleted} deleted in ${sweeps} sweeps, rows read:\n${lines.join('\n')}\n`);
}

/** Rows that D1 reads for each photo the sweep deletes, receipt included, while most photos are not due. */
export async function run(): Promise<Row[]> {
	await runTool('wrangler', 'wrangler', [
		'deploy',
		'--dry-run',
		'--config',
		'bench/sweep/wrangler.toml',
		'--outdir',
		fromRoot('dist', 'bench-sweep'),
	]);
	const rows: Row[] = [];
	const perPhoto: number[] = [];
	for (const due of DUE) {
		const { report, bare } = await sweepAll(due);
		sayBreakdown(due, report);
		const read = report.statements.reduce((sum, { rows: count }) => sum + count, 0) / report.deleted;
		const statements = report.statements.reduce((sum, { calls }) => sum + calls, 0) / report.sweeps;
		perPhoto.push(read);
		rows.push({
			what: `rows read per photo deleted, ${report.deleted} of ${due} due`,
			figure: read,
			unit: 'rows',
			comparedWith: `bare DELETE … RETURNING, ${bare.toFixed(1)} rows`,
			ratio: read / bare,
			budget: atMost(READS_MAX, read),
		});
		rows.push({
			what: `D1 statements of one sweep among ${due * (1 + NOT_DUE_TIMES)} photos`,
			figure: statements,
			unit: 'statements',
			budget: atMost(STATEMENTS_MAX, statements),
		});
	}
	const [few = Number.NaN, many = Number.NaN] = perPhoto;
	const growth = many / few;
	rows.push({
		what: 'rows read, growth with ten times as many',
		figure: growth,
		unit: '×',
		budget: { text: 'flat', isMet: growth <= FLAT_MAX },
	});
	return [...rows, ...(await sweepMillion())];
}

/** As many as an outage of weeks leaves: what a photo costs then, for as long as the bench may take. */
async function sweepMillion(): Promise<Row[]> {
	const { report, peakBytes } = await sweepAll(MILLION, 0);
	sayBreakdown(MILLION, report);
	const of = `${report.deleted} of ${MILLION} due`;
	const read = report.statements.reduce((sum, { rows }) => sum + rows, 0);
	const found = report.statements.filter(({ sql }) => isFinding(sql)).reduce((sum, { rows }) => sum + rows, 0);
	const finding = found / report.deleted;
	return [
		{ what: `rows read per photo deleted, ${of}`, figure: read / report.deleted, unit: 'rows' },
		{
			what: `of these to find what is due, ${of}`,
			figure: finding,
			unit: 'rows',
			budget: atMost(READS_MAX, finding),
		},
		{ what: `time of the sweep per photo deleted, ${of}`, figure: report.tookMs / report.deleted, unit: 'ms' },
		...(Number.isNaN(peakBytes)
			? []
			: [{ what: `memory of the runtime at the peak, ${of}`, figure: peakBytes / MEBIBYTE, unit: 'MiB' }]),
	];
}

/** The question which photos' hour has come. */
function isFinding(sql: string): boolean {
	return /^select "id" from "uploads" where .*"delete_at_ms" <= /i.test(sql.replaceAll(/\s+/g, ' '));
}
