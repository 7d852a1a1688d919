/**
 * `npm run bench`: what design §10 budgets by time and memory, as ratios to something measured in the same run, in one
 * table with the machine named. Budgets that a count can prove are tests (`test/budgets`), never here.
 */
import { parseArgs } from 'node:util';

import { describeMachine } from '../bench/machine';
import type { Row, Run } from '../bench/row';
import { tableOf } from '../bench/table';
import { buildBundles } from './edge/bundles';

const BENCHES: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
	'render-overhead': () => import('../bench/render-overhead'),
	'mixed-load': () => import('../bench/mixed-load'),
	'order-load': () => import('../bench/order-load'),
	'upload-memory': () => import('../bench/upload-memory'),
	'sweep-reads': () => import('../bench/sweep-reads'),
	shade: () => import('../bench/shade'),
};

/** Each one bounds itself well below this; it is a stop for one that hangs. */
const BENCH_SECONDS_MAX = 120;

const HELP = `Measures Afterglow on this machine and prints one table; nothing but loopback is spoken to.

  npm run bench                       all of them, about four minutes
  npm run bench -- --only shade       one, or several: --only shade --only sweep-reads

There are ${Object.keys(BENCHES).join(', ')}. docs/benchmarks.md says what each figure means.
The exit status is 0 when everything was measured, whether or not a budget is met.
`;

async function measure(name: string, load: () => Promise<{ run: Run }>): Promise<Row[]> {
	const startedAt = performance.now();
	const { run } = await load();
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise<never>((_, reject) => {
		const refuse = () => reject(new Error(`It did not end within ${BENCH_SECONDS_MAX} s.`));
		timer = setTimeout(refuse, BENCH_SECONDS_MAX * 1000);
	});
	try {
		const rows = await Promise.race([run(), tooLong]);
		process.stderr.write(`${name}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
		return rows;
	} finally {
		clearTimeout(timer);
	}
}

async function measureAll(names: readonly string[]): Promise<{ rows: Row[]; failed: number }> {
	await buildBundles();
	const rows: Row[] = [];
	let failed = 0;
	for (const name of names) {
		const load = BENCHES[name];
		if (load === undefined) continue;
		try {
			rows.push(...(await measure(name, load)));
		} catch (error) {
			failed += 1;
			process.stderr.write(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}\n`);
		}
	}
	return { rows, failed };
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string', multiple: true },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return 0;
	}
	const names = values.only ?? Object.keys(BENCHES);
	const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
	if (unknown !== undefined) {
		process.stderr.write(`There is no bench "${unknown}".\n\n${HELP}`);
		return 1;
	}
	const { rows, failed } = await measureAll(names);
	process.stdout.write(`${await describeMachine()}\n\n${tableOf(rows)}\n`);
	return failed === 0 ? 0 : 1;
}

const status = await main();
// One that hung may leave Workers behind; once the table is out, nothing is worth waiting for.
process.stdout.write('', () => process.exit(status));
