import { sql, type SQL } from 'drizzle-orm';

import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import type { MappedTable } from '../../../schema/data-map/mapped-table';
import type { DataClass } from '../../../studios/policy/policy';

/** What an incident is about: classes of the policy, and the window in which whatever was there is affected; both ends count. */
export interface Scope {
	readonly dataClasses: readonly DataClass[];
	readonly fromMs: number;
	readonly untilMs: number;
}

/** Names that say since when a row held something, the best first. */
const BEGINS = [
	'created_at_ms',
	'created_at',
	'made_at_ms',
	'accepted_at_ms',
	'opened_at_ms',
	'written_at_ms',
	'received_at_ms',
	'requested_at_ms',
	'granted_at_ms',
	'issued_at_ms',
	'paid_at_ms',
	'happened_at_ms',
	'told_at_ms',
];
/** And until when: a row without it holds what it holds until it is removed. */
const ENDS = ['deleted_at_ms', 'erased_at_ms'];

/**
 * The columns of a table between which a row was there. Null for the first: nothing says so, and then it counts as having been there
 * all the time; to tell somebody for nothing is better than to forget them.
 */
export function presenceOf({ columns }: MappedTable): { begins: string | null; ends: string | null } {
	const times = wordsOf(columns.time);
	return {
		begins: BEGINS.find((name) => times.includes(name)) ?? null,
		ends: ENDS.find((name) => times.includes(name)) ?? null,
	};
}

type OwnerKind = 'person' | 'account' | 'subject';

/** That this person has rows of the scope: their own, or those of an account that they own. `u` names them: `"users"."id"`. */
export function hasDataAsPerson(scope: Scope, u: SQL): SQL {
	const inAccount = (account: SQL) =>
		sql`${account} in (select om.account_id from memberships om where om.user_id = ${u} and om.role = 'owner')`;
	return anyOf([...rowsOf(scope, 'person', (owner) => sql`${owner} = ${u}`), ...rowsOf(scope, 'account', inAccount)]);
}

export function hasDataAsAccount(scope: Scope, account: SQL): SQL {
	return anyOf(rowsOf(scope, 'account', (owner) => sql`${owner} = ${account}`));
}

export function hasDataAsSubject(scope: Scope, subject: SQL): SQL {
	return anyOf(rowsOf(scope, 'subject', (owner) => sql`${owner} = ${subject}`));
}

/** How many rows of a class were there. */
export function countOfClass(scope: Scope, dataClass: DataClass): SQL<number> {
	const counts = tablesOf([dataClass]).map(([name, table]) => {
		return sql`(select count(*) from ${sql.identifier(name)} t0 where ${wasThere(table, scope)})`;
	});
	return counts.length === 0 ? sql<number>`0` : sql<number>`(${sql.join(counts, sql` + `)})`;
}

/** One EXISTS a table: D1 takes no UNION of more than five. */
function rowsOf(scope: Scope, kind: OwnerKind, isWhose: (owner: SQL) => SQL): SQL[] {
	return tablesOf(scope.dataClasses).flatMap(([name, table]) => {
		const chain = ownerOf(table, kind);
		if (chain === null) return [];
		return [
			sql`exists (select 1 from ${sql.identifier(name)} t0${chain.joins} where ${isWhose(chain.owner)} and ${wasThere(table, scope)})`,
		];
	});
}

/** The column that says whose a row is, in the table itself or in the one that it belongs to. */
function ownerOf(table: MappedTable, kind: OwnerKind): { joins: SQL; owner: SQL } | null {
	let joins = sql``;
	let at = table;
	for (let depth = 0; ; depth += 1) {
		const alias = sql.raw(`t${depth}`);
		const column = at.of[kind];
		if (column !== undefined) return { joins, owner: sql`${alias}.${sql.identifier(column)}` };
		const parent = at.of.parent;
		const next = parent === undefined ? undefined : DATA_MAP[parent.table];
		if (parent === undefined || next === undefined) return null;
		const above = sql.raw(`t${depth + 1}`);
		joins = sql`${joins} join ${sql.identifier(parent.table)} ${above} on ${above}.id = ${alias}.${sql.identifier(parent.by)}`;
		at = next;
	}
}

/** Written as numbers: with every class of the policy there would be more parameters than D1 takes. */
function wasThere(table: MappedTable, { fromMs, untilMs }: Scope): SQL {
	const { begins, ends } = presenceOf(table);
	const hadBegun = begins === null ? sql`true` : sql`t0.${sql.identifier(begins)} <= ${number(untilMs)}`;
	if (ends === null) return hadBegun;
	const end = sql`t0.${sql.identifier(ends)}`;
	return sql`${hadBegun} and (${end} is null or ${end} >= ${number(fromMs)})`;
}

function number(ms: number): SQL {
	if (!Number.isSafeInteger(ms)) throw new RangeError('a time in whole milliseconds is wanted');
	return sql.raw(String(ms));
}

function tablesOf(dataClasses: readonly DataClass[]): [name: string, table: MappedTable][] {
	return Object.entries(DATA_MAP).filter(([, { dataClass }]) => dataClasses.includes(dataClass));
}

function anyOf(conditions: SQL[]): SQL {
	return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`;
}
