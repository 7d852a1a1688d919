import { readdirSync } from 'node:fs';

import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';

import { DATA_MAP, PREFIX_MAP, wordsOf } from '../../schema/data-map/data-map';
import { COLUMN_CLASSES } from '../../schema/data-map/mapped-table';
import { fromRoot } from '../../scripts/root';
import { DATA_CLASSES } from '../../studios/policy/policy';
import { firstCells, readText, section, wordsOfUnion } from './documents';

const STORAGE = readText('docs/storage.md');

const modules: Record<string, unknown>[] = await Promise.all(
	readdirSync(fromRoot('schema'))
		.filter((file) => file.endsWith('.ts'))
		.map((file) => import(`../../schema/${file}`)),
);
const columnsOf = new Map(
	modules
		.flatMap((module) => Object.values(module))
		.filter((value) => value instanceof SQLiteTable)
		.map((table) => getTableConfig(table))
		.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
);

test('every table of the schema is mapped, and nothing that is none', () => {
	expect(columnsOf.size).toBeGreaterThan(50);
	expect(Object.keys(DATA_MAP).toSorted()).toEqual([...columnsOf.keys()].toSorted());
});

const MAPPED = Object.entries(DATA_MAP);

test.each(MAPPED)('every column of %s is mapped exactly once', (name, { columns }) => {
	const mapped = COLUMN_CLASSES.flatMap((kind) => wordsOf(columns[kind]));
	expect(mapped.toSorted()).toEqual((columnsOf.get(name) ?? []).toSorted());
});

test.each(MAPPED)('the map of %s gives each column the class that the document gives it', (name, { columns }) => {
	const documented = section(STORAGE, `### \`${name}\``)
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.flatMap((line) => firstCells(line).map((column) => `${column} ${line.split('|')[2]!.replaceAll('`', '').trim()}`));
	const mapped = COLUMN_CLASSES.flatMap((kind) => wordsOf(columns[kind]).map((column) => `${column} ${kind}`));
	expect(documented.toSorted()).toEqual(mapped.toSorted());
});

test.each(MAPPED)('what the map of %s names beside its columns is there', (name, mapped) => {
	const columns = columnsOf.get(name) ?? [];
	const { parent, ...owners } = mapped.of;
	expect(columns).toEqual(
		expect.arrayContaining([
			...Object.values(owners),
			...wordsOf(mapped.sealed),
			...wordsOf(mapped.blank),
			...wordsOf(mapped.sealedUnder),
		]),
	);
	expect(DATA_CLASSES).toContain(mapped.dataClass);
	expect([...Object.keys(DATA_MAP), undefined]).toContain(parent?.table);
	expect([...columns, undefined]).toContain(parent?.by);
	// What an erasure deletes has an owner, and what it empties has columns for it.
	expect(mapped.erase === 'delete' && Object.keys(mapped.of).length === 0).toBe(false);
	expect(wordsOf(mapped.blank).length > 0).toBe(mapped.erase === 'blank');
});

test('every prefix of the bucket is mapped', () => {
	const prefixes = wordsOfUnion('workers/core/media/object-keys.ts', 'ObjectPrefix');
	expect(Object.keys(PREFIX_MAP).toSorted()).toEqual(prefixes.toSorted());
	for (const { dataClass } of Object.values(PREFIX_MAP)) expect(DATA_CLASSES).toContain(dataClass);
});
