import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import { wordsOf } from '../../../schema/data-map/data-map';
import type { MappedTable } from '../../../schema/data-map/mapped-table';
import { RIGHTS } from '../../../schema/rights';
import type { DataClass } from '../../../studios/policy/policy';
import { openReference } from '../consents/subject-reference';
import type { Deps } from '../deps';
import { exportedTables, isWithin, type ExportScope } from '../exports/export-rows';
import { IS_WITHDRAWN, toExport, type Export } from '../exports/read-exports';
import { RECEIPT_KINDS } from '../receipts/receipt-facts';
import type { RequestState } from './request-state';

const SHOWN_MAX = 10;

type ReceiptKind = (typeof RECEIPT_KINDS)[number];

export interface HeldClass {
	dataClass: DataClass;
	count: number;
	/** When the oldest of it came; null where nothing is held. */
	since: string | null;
}

export interface PrivacySummary {
	/** What is held about the person, and of the account they own, by class of the policy. */
	held: HeldClass[];
	/** Whether the account's data is in it: they own it. */
	hasAccount: boolean;
	restrictedAt: string | null;
	restrictedSubjects: { id: string; reference: string; restrictedAt: string }[];
	exports: Export[];
	/** The newest, of what was deleted. */
	receipts: { id: string; kind: ReceiptKind; deleted: { what: string; count: number }[]; issuedAt: string }[];
	requests: { id: string; right: (typeof RIGHTS)[number]; state: RequestState; receivedAt: string; dueAt: string }[];
}

const Counted = z.tuple([z.int(), z.int().nullable()]);
const ExportRows = z.array(
	z.object({
		id: z.string(),
		state: z.enum(['queued', 'ready', 'failed', 'gone']),
		accountId: z.string().nullable(),
		requestedAtMs: z.int(),
		readyAtMs: z.int().nullable(),
		deleteAtMs: z.int(),
		byteLength: z.int().nullable(),
		isWithdrawn: z.int(),
	}),
);
const RequestRows = z.array(
	z.object({
		id: z.string(),
		right: z.enum(RIGHTS),
		state: z.enum(['unproved', 'open', 'answered', 'refused', 'lapsed']),
		receivedAtMs: z.int(),
		dueAtMs: z.int(),
	}),
);
const ReceiptRows = z.array(
	z.object({
		id: z.string(),
		kind: z.enum(RECEIPT_KINDS),
		deleted: z.array(z.object({ what: z.string(), count: z.int() })),
		issuedAtMs: z.int(),
	}),
);
const SubjectRows = z.array(z.object({ id: z.string(), reference: z.string(), restrictedAtMs: z.int() }));

/** What is held about a person, counted by the data map, with what they asked for (DD-39, BD-18). One D1 statement. */
export async function readPrivacy(
	deps: Pick<Deps, 'db' | 'now' | 'vault'>,
	scope: ExportScope,
): Promise<PrivacySummary> {
	const tables = exportedTables().map(([name, table]) => ({ name, table, counted: countOf(name, table, scope) }));
	const [row = {}] = await deps.db.all<Record<string, unknown>>(
		sql`select ${sql.join(
			[
				...tables.map(({ name, counted }) => sql`${counted} as ${sql.identifier(name)}`),
				sql`${exportsOf(scope)} as own_exports`,
				sql`${requestsOf(scope)} as own_requests`,
				sql`${receiptsOf(scope)} as own_receipts`,
				sql`(select restricted_at_ms from accounts where id = ${scope.accountId}) as restricted_at`,
				sql`${restrictedOf(scope)} as restricted_subjects`,
			],
			sql`, `,
		)}`,
	);
	const nowMs = deps.now().getTime();
	const restrictedAtMs = z.int().nullable().parse(row['restricted_at']);
	return {
		held: held(tables.map(({ name, table }) => ({ table, counted: row[name] }))),
		hasAccount: scope.accountId !== null,
		restrictedAt: toIso(restrictedAtMs),
		restrictedSubjects: await Promise.all(
			SubjectRows.parse(read(row['restricted_subjects'])).map(async ({ id, reference, restrictedAtMs: at }) => ({
				id,
				reference: await openReference(deps, { subjectId: id, reference }),
				restrictedAt: new Date(at).toISOString(),
			})),
		),
		exports: ExportRows.parse(read(row['own_exports'])).map((found) => toExport(found, nowMs)),
		receipts: ReceiptRows.parse(read(row['own_receipts'])).map(({ issuedAtMs, ...found }) => ({
			...found,
			issuedAt: new Date(issuedAtMs).toISOString(),
		})),
		requests: RequestRows.parse(read(row['own_requests'])).map(({ receivedAtMs, dueAtMs, ...found }) => ({
			...found,
			receivedAt: new Date(receivedAtMs).toISOString(),
			dueAt: new Date(dueAtMs).toISOString(),
		})),
	};
}

/** `[how many, the oldest]` of one table; nothing for who has no part in it. */
function countOf(name: string, table: MappedTable, scope: ExportScope): SQL {
	const within = isWithin(name, scope);
	if (within === null) return sql`json_array(0, null)`;
	const since = sinceColumn(table);
	const oldest = since === null ? sql`null` : sql`min(${sql.identifier(since)})`;
	return sql`(select json_array(count(*), ${oldest}) from ${sql.identifier(name)} where ${within})`;
}

/** The time at which a row came, among its times; the data map has it first, but for those whose end stands before. */
export function sinceColumn(table: MappedTable): string | null {
	const times = wordsOf(table.columns.time);
	return times.find((name) => !/expires|until|deadline|locked|period|posted/.test(name)) ?? null;
}

function held(counted: readonly { table: MappedTable; counted: unknown }[]): HeldClass[] {
	const found = new Map<DataClass, { count: number; sinceMs: number | null }>();
	for (const { table, counted: raw } of counted) {
		const [count, oldest] = Counted.parse(read(raw));
		const known = found.get(table.dataClass) ?? { count: 0, sinceMs: null };
		const sinceMs = oldest === null ? known.sinceMs : Math.min(oldest, known.sinceMs ?? oldest);
		found.set(table.dataClass, { count: known.count + count, sinceMs });
	}
	return [...found].map(([dataClass, { count, sinceMs }]) => ({ dataClass, count, since: toIso(sinceMs) }));
}

function exportsOf({ userId }: ExportScope): SQL {
	return sql`(select json_group_array(json_object('id', id, 'state', state, 'accountId', account_id, 'requestedAtMs', requested_at_ms,
		'readyAtMs', ready_at_ms, 'deleteAtMs', delete_at_ms, 'byteLength', byte_length, 'isWithdrawn', withdrawn))
		from (select exports.*, ${IS_WITHDRAWN} as withdrawn from exports where user_id = ${userId}
			order by requested_at_ms desc limit ${SHOWN_MAX}))`;
}

function requestsOf({ userId }: ExportScope): SQL {
	return sql`(select json_group_array(json_object('id', id, 'right', "right", 'state', state,
		'receivedAtMs', received_at_ms, 'dueAtMs', due_at_ms))
		from (select * from rights_requests where user_id = ${userId} order by received_at_ms desc limit ${SHOWN_MAX}))`;
}

function receiptsOf({ accountId }: ExportScope): SQL {
	return sql`(select json_group_array(json_object('id', id, 'kind', body ->> '$.kind', 'deleted', json(body -> '$.deleted'),
		'issuedAtMs', issued_at_ms))
		from (select * from receipts where account_id = ${accountId} order by seq desc limit ${SHOWN_MAX}))`;
}

function restrictedOf({ accountId }: ExportScope): SQL {
	return sql`(select json_group_array(json_object('id', id, 'reference', reference, 'restrictedAtMs', restricted_at_ms))
		from (select * from subjects where account_id = ${accountId} and restricted_at_ms is not null and erased_at_ms is null
			order by restricted_at_ms desc limit ${SHOWN_MAX}))`;
}

function read(json: unknown): unknown {
	return JSON.parse(z.string().parse(json));
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
