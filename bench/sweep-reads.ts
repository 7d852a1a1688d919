import { Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { z } from 'zod';

import { applyMigrations } from '../scripts/edge/migrate';
import { fromRoot } from '../scripts/root';
import { runTool } from '../scripts/run-tool';
import { atMost, type Row } from './row';
import { NOT_DUE_TIMES, seed } from './sweep/seed';

const DUE = [1_000, 10_000] as const;
const SECONDS_MAX = 20;
const READS_MAX = 1.2;
/** How far the larger sweep's figure may lie from the smaller one's and still be called flat. */
const FLAT_MAX = 1.05;
const WORKER = 'sweep';

const Report = z.object({
	deleted: z.number(),
	sweeps: z.number(),
	statements: z.array(z.object({ sql: z.string(), calls: z.number(), rows: z.number() })),
});
type Report = z.infer<typeof Report>;

async function sweepAll(due: number): Promise<Report> {
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
		await seed(db, { due });
		const worker = await miniflare.getWorker(WORKER);
		const answer = await worker.fetch(`http://bench/?limit=${SECONDS_MAX * 1000}`);
		if (!answer.ok) throw new Error(`The sweep of the bench failed: ${(await answer.text()).slice(0, 500)}`);
		return Report.parse(await answer.json());
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
		const report = await sweepAll(due);
		sayBreakdown(due, report);
		const read = report.statements.reduce((sum, statement) => sum + statement.rows, 0) / report.deleted;
		perPhoto.push(read);
		rows.push({
			what: `rows read per photo deleted, ${report.deleted} of ${due} due`,
			figure: read,
			unit: 'rows',
			comparedWith: `${due * NOT_DUE_TIMES} photos not due`,
			budget: atMost(READS_MAX, read),
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
	return rows;
}
