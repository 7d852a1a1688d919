import { readdirSync } from 'node:fs';

import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { newObjectKey } from '../../workers/core/media/object-keys';
import { WorkMessage } from '../../workers/core/messages';
import { firstCells, readText, section, wordsOfUnion } from './documents';

const STORAGE = readText('docs/storage.md');
const CLASSES = firstCells(section(STORAGE, '## Classes'));

const modules: Record<string, unknown>[] = await Promise.all(
	readdirSync(fromRoot('schema'))
		.filter((file) => file.endsWith('.ts'))
		.map((file) => import(`../../schema/${file}`)),
);
const tables = modules
	.flatMap((module) => Object.values(module))
	.filter((value) => value instanceof SQLiteTable)
	.map((table) => getTableConfig(table));

test('the schema has tables to look at', () => {
	expect(tables.length).toBeGreaterThan(10);
});

test('every table of the schema has a section, and every section a table', () => {
	const documented = [...section(STORAGE, '## Tables').matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name!);
	expect(documented.toSorted()).toEqual(tables.map(({ name }) => name).toSorted());
});

test.each(tables.map((table) => [table.name, table] as const))(
	'every column of %s is described, and nothing that is not there',
	(name, table) => {
		const described = firstCells(section(STORAGE, `### \`${name}\``));
		expect(described.toSorted()).toEqual(table.columns.map((column) => column.name).toSorted());
	},
);

test.each(tables.map(({ name }) => name))('every column of %s has a class of the list', (name) => {
	const rows = section(STORAGE, `### \`${name}\``)
		.split('\n')
		.filter((line) => line.startsWith('| `'));
	const unclassed = rows.filter((row) => !CLASSES.some((known) => row.split('|')[2]!.trim() === `\`${known}\``));
	expect(unclassed).toEqual([]);
});

test('every key prefix of the bucket is described', () => {
	const prefixes = wordsOfUnion('workers/core/media/object-keys.ts', 'ObjectPrefix');
	expect(newObjectKey('src', 'acc_a')).toMatch(/^src\//);
	expect(firstCells(section(STORAGE, '## The bucket')).toSorted()).toEqual(
		prefixes.map((prefix) => `${prefix}/`).toSorted(),
	);
});

test('every message of the queue is described with its one id', () => {
	const rows = section(STORAGE, '## The queue')
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((row) =>
			[...row.matchAll(/`([^`]+)`/g)]
				.slice(0, 2)
				.map(([, name]) => name)
				.join(' '),
		);
	const messages = WorkMessage.options.map(({ shape }) => {
		const { type, ...ids } = shape;
		return [type.value, ...Object.keys(ids)].join(' ');
	});
	expect(rows.toSorted()).toEqual(messages.toSorted());
});
