import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

import { applyMigrations } from '../scripts/edge/migrate';
import { hammer, type Hammered } from './ledger/hammer';
import { openSqliteD1 } from './ledger/sqlite-d1';
import { atMost, type Asked, type Row } from './row';

/** Enough to meet every kind of command, refusal and fault, in seconds. */
const OPS_USUAL = 20_000;
const SEED_END = 2 ** 31;
const WORKER = 'ledger';

interface Opened {
	d1: D1Database;
	close: () => Promise<void>;
}

/**
 * Random commands to the ledger, half of them with faults, until `ops` were answered; then nothing may be lost, doubled or
 * overdrawn, and every chain has to hold. Over Node's own SQLite behind the shape of D1, or over workerd's local D1.
 */
export async function run({ ops = OPS_USUAL, seed = randomInt(SEED_END), over = 'sqlite' }: Asked): Promise<Row[]> {
	const { d1, close } = over === 'd1' ? await openWorkerd() : await openSqlite();
	say(`${ops} commands over ${over === 'd1' ? "workerd's D1" : "Node's SQLite"}, seed ${seed}`);
	try {
		const hammered = await hammer(d1, { ops, seed, say });
		sayAnswers(hammered);
		return rowsOf(hammered, { seed, over });
	} finally {
		await close();
	}
}

function say(line: string): void {
	process.stderr.write(`ledger: ${line}\n`);
}

function rowsOf(hammered: Hammered, { seed, over }: { seed: number; over: string }): Row[] {
	const { ops, faults, entries, sealed, accounts, audits, violations, opsSeconds, seconds } = hammered;
	const what = over === 'd1' ? 'ledger on D1' : 'ledger on SQLite';
	return [
		{ what: `${what}, commands (seed ${seed})`, figure: ops, unit: 'commands', whole: true },
		{ what: `${what}, commands that met faults`, figure: faults.commandsMet, unit: 'commands', whole: true },
		{ what: `${what}, faults before commit`, figure: faults.before, unit: 'faults', whole: true },
		{ what: `${what}, faults after commit`, figure: faults.after, unit: 'faults', whole: true },
		{ what: `${what}, entries of ${accounts} accounts`, figure: entries, unit: 'entries', whole: true },
		{ what: `${what}, sealed and verified`, figure: sealed, unit: 'entries', whole: true },
		{
			what: `${what}, violations in ${audits} audits and all answers`,
			figure: violations.length,
			unit: 'violations',
			budget: atMost(0, violations.length),
			isRule: true,
			whole: true,
		},
		{ what: `${what}, rate with faults and audits`, figure: ops / opsSeconds, unit: 'commands/s' },
		{ what: `${what}, the whole run`, figure: seconds, unit: 's' },
	];
}

/** How often what was answered: a run in which everything was refused would prove nothing. */
function sayAnswers({ byAnswer }: Hammered): void {
	const lines = [...byAnswer]
		.toSorted(([a], [b]) => a.localeCompare(b))
		.map(([answer, count]) => `  ${String(count).padStart(8)}  ${answer}`);
	process.stderr.write(`${lines.join('\n')}\n`);
}

async function openSqlite(): Promise<Opened> {
	const folder = await mkdtemp(join(tmpdir(), 'afterglow-ledger-'));
	const { d1, close } = await openSqliteD1(join(folder, 'ledger.sqlite'));
	return {
		d1,
		async close() {
			close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function openWorkerd(): Promise<Opened> {
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
					modules: [{ type: 'ESModule', path: 'worker.js', contents: 'export default {}' }],
					d1Databases: ['DB'],
				},
			],
		}),
	);
	await miniflare.ready;
	const d1 = await miniflare.getD1Database('DB', WORKER);
	await applyMigrations(d1);
	return { d1, close: () => miniflare.dispose() };
}
