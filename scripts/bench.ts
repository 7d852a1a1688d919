/**
 * `npm run bench`: what design §10 budgets by time and memory, as ratios to something measured in the same run, in one
 * table with the machine named. Budgets that a count can prove are tests (`test/budgets`), never here.
 */
import { parseArgs } from 'node:util';

import { beginDescription } from '../bench/machine';
import type { Asked, Row, Run } from '../bench/row';
import { tableOf } from '../bench/table';
import { buildBundles } from './edge/bundles';

const BENCHES: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
	ledger: () => import('../bench/ledger'),
	'render-overhead': () => import('../bench/render-overhead'),
	'mixed-load': () => import('../bench/mixed-load'),
	orders: () => import('../bench/orders'),
	'upload-memory': () => import('../bench/upload-memory'),
	'sweep-reads': () => import('../bench/sweep-reads'),
	shade: () => import('../bench/shade'),
	'reel-export': () => import('../bench/reel-export'),
};

/** Measure without the four deployables. */
const WITHOUT_EDGE: ReadonlySet<string> = new Set(['ledger', 'shade', 'reel-export']);

/** Each one bounds itself well below this, unless it was asked for more; it is a stop for one that hangs. */
const BENCH_SECONDS_MAX = 120;
/** No machine that can build this is slower. */
const OPS_PER_SECOND_MIN = 20;

const HELP = `Measures Afterglow on this machine and prints one table; nothing but loopback is spoken to.

  npm run bench                            all of them, about four minutes
  npm run bench -- shade                   one, or several: shade sweep-reads (--only shade is the same)
  npm run bench -- ledger --ops 1e6        the ledger under a million commands, about half an hour
  npm run bench -- orders --seconds 20     orders over HTTP for twenty seconds

There are ${Object.keys(BENCHES).join(', ')}. docs/benchmarks.md says what each figure means.

  --ops N         ledger: how many commands (20000); 2e4 take half a minute
  --seed N        ledger: the same commands and faults again; the seed of a run stands in its table
  --over d1       ledger: workerd's local D1 instead of Node's SQLite behind the shape of D1 (sqlite); slower
  --seconds N     orders: how long wrk orders (10)

Ctrl-C ends the ledger's commands early; what was done by then is still sealed, audited and told.

The exit status is 0 when everything was measured, whether or not a budget of time is met, and 1 when the ledger lost or
doubled something.
`;

async function measure(name: string, load: () => Promise<{ run: Run }>, asked: Asked): Promise<Row[]> {
	const startedAt = performance.now();
	const { run } = await load();
	const secondsMax = BENCH_SECONDS_MAX + (asked.ops ?? 0) / OPS_PER_SECOND_MIN + (asked.seconds ?? 0);
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise<never>((_, reject) => {
		const refuse = () => reject(new Error(`It did not end within ${secondsMax} s.`));
		timer = setTimeout(refuse, secondsMax * 1000);
	});
	try {
		const rows = await Promise.race([run(asked), tooLong]);
		process.stderr.write(`${name}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
		return rows;
	} finally {
		clearTimeout(timer);
	}
}

async function measureAll(names: readonly string[], asked: Asked): Promise<{ rows: Row[]; failed: number }> {
	if (names.some((name) => !WITHOUT_EDGE.has(name))) await buildBundles();
	const rows: Row[] = [];
	let failed = 0;
	for (const name of names) {
		const load = BENCHES[name];
		if (load === undefined) continue;
		try {
			rows.push(...(await measure(name, load, asked)));
		} catch (error) {
			failed += 1;
			process.stderr.write(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}\n`);
		}
	}
	return {
		rows,
		failed: failed + rows.filter(({ isRule, budget }) => isRule === true && budget?.isMet === false).length,
	};
}

/** What `--ops 1e6` says, refused with a sentence when it is no count. */
function countOf(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const count = Number(value);
	if (!Number.isSafeInteger(count) || count < 0)
		throw new Error(`--${flag} takes a whole number, and "${value}" is none.`);
	return count;
}

function read() {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			only: { type: 'string', multiple: true },
			ops: { type: 'string' },
			seed: { type: 'string' },
			over: { type: 'string', default: 'sqlite' },
			seconds: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const named = [...positionals, ...(values.only ?? [])];
	const names = named.length === 0 ? Object.keys(BENCHES) : named;
	const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
	if (unknown !== undefined) throw new Error(`There is no bench "${unknown}".`);
	const { over } = values;
	if (over !== 'sqlite' && over !== 'd1') throw new Error(`--over takes sqlite or d1, and "${over}" is neither.`);
	const [ops, seed, seconds] = [
		countOf('ops', values.ops),
		countOf('seed', values.seed),
		countOf('seconds', values.seconds),
	];
	const asked: Asked = {
		over,
		...(ops === undefined ? {} : { ops }),
		...(seed === undefined ? {} : { seed }),
		...(seconds === undefined ? {} : { seconds }),
	};
	return { isHelp: values.help, names, asked };
}

async function main(): Promise<number> {
	let command: ReturnType<typeof read>;
	try {
		command = read();
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
		return 1;
	}
	if (command.isHelp) {
		process.stdout.write(HELP);
		return 0;
	}
	const describe = await beginDescription();
	const { rows, failed } = await measureAll(command.names, command.asked);
	process.stdout.write(`${describe()}\n\n${tableOf(rows)}\n`);
	return failed === 0 ? 0 : 1;
}

const status = await main();
// One that hung may leave Workers behind; once the table is out, nothing is worth waiting for.
process.stdout.write('', () => process.exit(status));
