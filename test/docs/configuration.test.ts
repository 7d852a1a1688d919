import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { DEPLOYABLE_IDS, DEPLOYABLES, readWranglerConfig, type Deployable } from '../../scripts/edge/workers';
import { fromRoot } from '../../scripts/root';
import { fieldsOfInterface, firstCells, readText, section } from './documents';

const CONFIGURATION = readText('docs/configuration.md');
/** Exists on Pages without standing in a config. */
const GIVEN_BY_PAGES = 'ASSETS';

interface Holding {
	heading: '## Bindings' | '## Variables' | '## Secrets';
	name: string;
	by: Deployable;
}

function holdingsOf(by: Deployable): Holding[] {
	const config = readWranglerConfig(by);
	const bindings = [
		...config.d1_databases.map(({ binding }) => binding),
		...config.r2_buckets.map(({ binding }) => binding),
		...(config.queues.producers ?? []).map(({ binding }) => binding),
		...(config.services ?? []).map(({ binding }) => binding),
		...config.kv_namespaces.map(({ binding }) => binding),
		...config.durable_objects.bindings.map(({ name }) => name),
		...(by === 'app' ? [GIVEN_BY_PAGES] : []),
	];
	return [
		...bindings.map((name) => ({ heading: '## Bindings' as const, name, by })),
		...Object.keys(config.vars).map((name) => ({ heading: '## Variables' as const, name, by })),
		...DEPLOYABLES[by].secrets.map((name) => ({ heading: '## Secrets' as const, name, by })),
	];
}

const HOLDINGS = DEPLOYABLE_IDS.flatMap(holdingsOf);

/** The deployables that a table ticks for a name, as its head calls them. */
function tickedFor(heading: string, name: string): string[] {
	const [head = '', , ...rows] = section(CONFIGURATION, heading)
		.split('\n')
		.filter((line) => line.startsWith('|'));
	const titles = head.split('|').map((cell) => cell.trim());
	const row = rows.find((line) => line.split('|')[1]!.trim() === `\`${name}\``) ?? '';
	return row.split('|').flatMap((cell, index) => (cell.trim() === '✓' ? [titles[index]!] : []));
}

test.each(['## Bindings', '## Variables', '## Secrets'] as const)(
	'%s names what the four configs hold, and nothing else',
	(heading) => {
		const held = new Set(HOLDINGS.filter((holding) => holding.heading === heading).map(({ name }) => name));
		expect(firstCells(tableOf(heading)).toSorted()).toEqual([...held].toSorted());
		const holders = [...held].map((name) => {
			return [name, ...HOLDINGS.filter((holding) => holding.name === name).map(({ by }) => by)];
		});
		expect([...held].map((name) => [name, ...tickedFor(heading, name)])).toEqual(holders);
	},
);

/** The heading's first table, with the first cells of its rows alone. */
function tableOf(heading: string): string {
	return section(CONFIGURATION, heading)
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.join('\n');
}

test.each([
	['workers/core/deps.ts', 'CoreBindings'],
	['workers/core/job-deps.ts', 'JobBindings'],
	['workers/api/bindings.ts', 'ApiBindings'],
	['workers/media/bindings.ts', 'MediaBindings'],
])('everything that %s reads as %s is described', (path, name) => {
	const fields = fieldsOfInterface(path, name);
	expect(fields.length).toBeGreaterThan(0);
	expect(firstCells(CONFIGURATION)).toEqual(expect.arrayContaining(fields));
});

test('every queue and cron is described', () => {
	const named = new Set<string>();
	for (const by of DEPLOYABLE_IDS) {
		const { queues, triggers } = readWranglerConfig(by);
		for (const { queue } of queues.producers ?? []) named.add(queue ?? 'without a name');
		for (const { queue, dead_letter_queue: dead } of queues.consumers ?? []) {
			named.add(queue);
			if (dead !== undefined) named.add(dead);
		}
		for (const cron of triggers.crons ?? []) named.add(cron);
	}
	expect(firstCells(section(CONFIGURATION, '## Queues and crons')).toSorted()).toEqual([...named].toSorted());
});

test('every variable that a command or a test reads from its environment is described', () => {
	const read = new Set<string>();
	for (const folder of ['scripts', 'emulators', 'bench', 'test']) {
		const files = readdirSync(fromRoot(folder), { recursive: true, encoding: 'utf8' });
		for (const file of files.filter((name) => /\.m?tsx?$|\.mjs$/.test(name))) {
			for (const [, name] of readText(`${folder}/${file}`).matchAll(/process\.env(?:\.|\[')([A-Z_]+)/g))
				read.add(name!);
		}
	}
	// Where the shell looks for programs is not ours to explain.
	read.delete('PATH');
	expect(firstCells(section(CONFIGURATION, '## On one machine only'))).toEqual(expect.arrayContaining([...read]));
});
