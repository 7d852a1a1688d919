import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { DATA_MAP } from '../../schema/data-map/data-map';
import { fromRoot } from '../../scripts/root';
import { readText } from '../docs/documents';

/** Where SQL can be written at all: core, as lint has it, and the schema. */
const SOURCES = ['workers', 'schema', 'migrations']
	.flatMap((folder) => readdirSync(fromRoot(folder), { recursive: true }).map((file) => `${folder}/${String(file)}`))
	.filter((path) => /\.(?:ts|sql)$/.test(path));

/** What changes or removes a row of the record, in drizzle's words or in SQL. */
const CHANGES = [
	/\.(?:update|delete)\(\s*auditEntries\b/,
	/\b(?:update|delete\s+from|replace\s+into|drop\s+table|alter\s+table)\s+[`"]?(?:audit_entries\b|\$\{auditEntries\})/i,
	/insert\(auditEntries\)[^;]*?\.onConflictDoUpdate/s,
];

function changesIn(text: string): number {
	return CHANGES.filter((pattern) => pattern.test(text)).length;
}

test('the patterns find what they are for', () => {
	for (const text of [
		'db.update(auditEntries).set({})',
		'db.delete(\n\tauditEntries)',
		'sql`delete from ${auditEntries} where 1`',
		'UPDATE `audit_entries` SET reason = null',
		'db.insert(auditEntries).values(row).onConflictDoUpdate({})',
	]) {
		expect([text, changesIn(text)]).toEqual([text, 1]);
	}
	expect(changesIn('db.insert(auditEntries).values(row)')).toBe(0);
});

test('nothing changes the record of who did what but its age and the erasure of who it is about', () => {
	expect(SOURCES.length).toBeGreaterThan(100);
	expect(SOURCES.filter((path) => changesIn(readText(path)) > 0)).toEqual([]);
	// What takes rows away by their table: the rules of age, and the data map.
	const rules = readText('workers/core/retention/prune-rules.ts').match(/^\t.*\bauditEntries\b.*$/gm);
	expect(rules).toEqual(["\tbyAge('audit', auditEntries, auditEntries.createdAtMs),"]);
	// Every rule of age is bound by a legal hold.
	expect(readText('workers/core/retention/prune-rules.ts')).toContain(
		'const isFree = isRowNotHeld(getTableName(table));',
	);
	expect(DATA_MAP['audit_entries']).toMatchObject({ erase: 'blank', blank: 'facts reason network country browser' });
});
