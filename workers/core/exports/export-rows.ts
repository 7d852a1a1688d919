import { sql, type SQL } from 'drizzle-orm';

import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import { COLUMN_CLASSES, type MappedTable } from '../../../schema/data-map/mapped-table';
import type { Deps } from '../deps';
import { isSealed, openText } from '../vault/seal-text';

/** So many rows are read at once. */
const PAGE_ROWS = 500;

/** Whose copy it is: the person's own data, and with `accountId` all of an account that they own. */
export interface ExportScope {
	userId: string;
	accountId: string | null;
}

/** A table's rows as they are given out: column names to values, sealed ones opened, secret ones left out. */
export type ExportedRow = Record<string, unknown>;

/** The tables that a copy has a file of, in the order of the data map. */
export function exportedTables(): [name: string, table: MappedTable][] {
	return Object.entries(DATA_MAP).filter(([, table]) => table.isExported);
}

/** What is given out of a table: every column but secrets. */
export function shownColumns(table: MappedTable): string[] {
	const secret = new Set(wordsOf(table.columns.secret));
	const all = COLUMN_CLASSES.flatMap((kind) => wordsOf(table.columns[kind]));
	return [...new Set(all)].filter((column) => !secret.has(column));
}

/**
 * Which rows of a table belong to a scope, as a condition on the table under its own name; null: none do. A row that hangs on
 * another table's row belongs to whom that one belongs.
 */
export function isWithin(name: string, { userId, accountId }: ExportScope): SQL | null {
	const table = DATA_MAP[name];
	if (table === undefined) throw new Error(`no table ${name} in the data map`);
	const { person, account, parent } = table.of;
	const owned: SQL[] = [];
	if (person !== undefined) owned.push(sql`${sql.identifier(person)} = ${userId}`);
	if (account !== undefined && accountId !== null) owned.push(sql`${sql.identifier(account)} = ${accountId}`);
	if (owned.length > 0) return sql`(${sql.join(owned, sql` or `)})`;
	const within = parent === undefined ? null : isWithin(parent.table, { userId, accountId });
	if (parent === undefined || within === null) return null;
	return sql`${sql.identifier(parent.by)} in (select id from ${sql.identifier(parent.table)} where ${within})`;
}

/** Every row of a table that belongs to the scope, a page at a time. */
export async function* rowsOf(
	deps: Pick<Deps, 'db' | 'vault'>,
	name: string,
	scope: ExportScope,
): AsyncGenerator<ExportedRow[]> {
	const table = DATA_MAP[name];
	const within = isWithin(name, scope);
	if (table === undefined || within === null) return;
	const columns = [...new Set([...shownColumns(table), ...keysOf(table)])];
	const list = sql.join(
		columns.map((column) => sql.identifier(column)),
		sql`, `,
	);
	for (let after = 0; ;) {
		const page = await deps.db.all<ExportedRow & { at: number }>(
			sql`select rowid as at, ${list} from ${sql.identifier(name)} where rowid > ${after} and ${within} order by rowid limit ${PAGE_ROWS}`,
		);
		yield await Promise.all(page.map((row) => toExported(deps, { name, table, scope }, row)));
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE_ROWS) return;
		after = last.at;
	}
}

/** The columns that name whose key a sealed value is under. */
function keysOf(table: MappedTable): string[] {
	return table.sealed === undefined ? [] : wordsOf(table.sealedUnder ?? 'id');
}

async function toExported(
	deps: Pick<Deps, 'vault'>,
	{ name, table, scope }: { name: string; table: MappedTable; scope: ExportScope },
	row: ExportedRow,
): Promise<ExportedRow> {
	const owner = keysOf(table)
		.map((column) => row[column])
		.find((value) => typeof value === 'string');
	const sealed = new Set(wordsOf(table.sealed));
	// What the same account holds about somebody else says what they did there, and not who they are (Art. 15(4)).
	const { person } = table.of;
	const isOthers = person !== undefined && row[person] !== scope.userId;
	const hidden = new Set(isOthers ? wordsOf(table.columns.personal) : []);
	const shown = await Promise.all(
		shownColumns(table).map(async (column) => {
			const value = row[column];
			if (hidden.has(column)) return [column, null] as const;
			if (!sealed.has(column) || typeof value !== 'string') return [column, value] as const;
			return [column, await opened(deps, { owner, place: `${name}.${column}`, stored: value })] as const;
		}),
	);
	return Object.fromEntries(shown);
}

/** Words as they were before they were sealed; null once their key is gone. An object that was sealed is given as one. */
async function opened(
	deps: Pick<Deps, 'vault'>,
	{ owner, place, stored }: { owner: unknown; place: string; stored: string },
): Promise<unknown> {
	// A column of JSON holds its sealed text as a string of JSON.
	const text = stored.startsWith('"') ? asJson(stored) : stored;
	if (typeof text !== 'string' || !isSealed(text) || typeof owner !== 'string') return stored;
	const words = await openText(deps, { owner, place, sealed: text });
	return words === null ? null : withoutToken(asJson(words));
}

function asJson(text: string): unknown {
	if (!/^["[{]/.test(text)) return text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/** Whoever holds a copy must not hold the links that were mailed with it. */
function withoutToken(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'token'));
}
