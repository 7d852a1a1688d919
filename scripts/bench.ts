/**
 * `npm run bench`: every measurement of `bench/`, one after another on a local edge of its own, as one table with the
 * machine named. It measures and judges nothing: budgets that must hold are count tests.
 */
import { readdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import type { BenchRow, Measure } from './bench/measure';
import { fromRoot } from './root';

const BenchModule = z.looseObject({ measure: z.custom<Measure>((value) => typeof value === 'function') });

function table(rows: readonly BenchRow[]): string {
	const header: BenchRow = { what: 'what', measured: 'measured', budget: 'budget' };
	const all = [header, ...rows];
	const width = (key: keyof BenchRow) => Math.max(...all.map((row) => row[key].length));
	return all
		.map((row) => `${row.what.padEnd(width('what'))}  ${row.measured.padStart(width('measured'))}  ${row.budget}`)
		.join('\n');
}

const [wanted] = process.argv.slice(2);
const files = (await readdir(fromRoot('bench'))).filter((file) => file.endsWith('.bench.ts')).toSorted();
const rows: BenchRow[] = [];
for (const file of files.filter((name) => wanted === undefined || name.startsWith(wanted))) {
	process.stderr.write(`${file} …\n`);
	const { measure } = BenchModule.parse(await import(pathToFileURL(fromRoot('bench', file)).href));
	rows.push(...(await measure()));
}
const [cpu] = cpus();
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
process.stdout.write(
	`${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory}, Node ${process.version}, ${process.platform}\n\n`,
);
process.stdout.write(`${table(rows)}\n`);
process.exit(rows.length > 0 ? 0 : 1);
