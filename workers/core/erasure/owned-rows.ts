import { sql, type SQL } from 'drizzle-orm';

import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import type { Database } from '../deps';
import type { ErasureKind, ErasureRow } from './legs';

/** Whose rows: what an erasure is about. */
export type Owner = Pick<ErasureRow, 'kind' | 'targetId' | 'accountId'>;

/** Columns that may not be null: what is written there where there was something. */
const BLANKS: Readonly<Record<string, string>> = { 'accounts.name': '', 'audit_entries.facts': '{}' };

/**
 * Which rows of a mapped table are an owner's: by the column that says so, or by the table it belongs to. Null: the map knows no way
 * from this table to such an owner.
 */
export function isOwned(table: string, owner: Owner): SQL | null {
	const of = DATA_MAP[table]?.of;
	const column = of?.[owner.kind];
	if (of === undefined) return null;
	if (column !== undefined) {
		const own = sql`${sql.identifier(column)} = ${owner.targetId}`;
		// An index finds an account's rows, and among them the subject's are few.
		if (owner.kind !== 'subject' || of.account === undefined) return own;
		return sql`${sql.identifier(of.account)} = ${owner.accountId} and ${own}`;
	}
	const above = of.parent === undefined ? null : isOwned(of.parent.table, owner);
	if (of.parent === undefined || above === null) return null;
	return sql`${sql.identifier(of.parent.by)} in (select id from ${sql.identifier(of.parent.table)} where ${above})`;
}

/** What an erasure does with a table's rows of such an owner; `none`: nothing, because they are kept, age, or are of others. */
export function ruleOf(table: string, kind: ErasureKind): 'delete' | 'blank' | 'none' {
	const mapped = DATA_MAP[table];
	if (mapped === undefined || isOwned(table, { kind, targetId: '', accountId: '' }) === null) return 'none';
	return mapped.erase === 'delete' || mapped.erase === 'blank' ? mapped.erase : 'none';
}

/** The owner's rows that an erasure still has something to do with; null where its rule is to leave them. */
export function isLeft(table: string, owner: Owner): SQL | null {
	const own = isOwned(table, owner);
	const rule = ruleOf(table, owner.kind);
	if (own === null || rule === 'none') return null;
	if (rule === 'delete') return own;
	const filled = wordsOf(DATA_MAP[table]?.blank).map((column) => {
		const blank = BLANKS[`${table}.${column}`];
		return blank === undefined
			? sql`${sql.identifier(column)} is not null`
			: sql`${sql.identifier(column)} <> ${blank}`;
	});
	return sql`${own} and (${sql.join(filled, sql` or `)})`;
}

/** Deletes or empties up to `limit` of them; how many there were. */
export async function eraseRows({ db }: { db: Database }, table: string, owner: Owner, limit: number): Promise<number> {
	const left = isLeft(table, owner);
	if (left === null) return 0;
	const name = sql.identifier(table);
	const chosen = sql`rowid in (select rowid from ${name} where ${left} limit ${limit})`;
	const statement =
		ruleOf(table, owner.kind) === 'delete'
			? sql`delete from ${name} where ${chosen}`
			: sql`update ${name} set ${emptied(table)} where ${chosen}`;
	const { meta } = await db.run(statement);
	return meta.changes;
}

export async function countLeft(db: Database, table: string, owner: Owner): Promise<number> {
	const left = isLeft(table, owner);
	if (left === null) return 0;
	const [row] = await db.all<{ n: number }>(sql`select count(*) as n from ${sql.identifier(table)} where ${left}`);
	return row?.n ?? 0;
}

function emptied(table: string): SQL {
	const columns = wordsOf(DATA_MAP[table]?.blank).map(
		(column) => sql`${sql.identifier(column)} = ${BLANKS[`${table}.${column}`] ?? null}`,
	);
	return sql.join(columns, sql`, `);
}
