import { and, desc, eq, lt, ne, notExists, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import { z } from 'zod';

import { creditEntries, ENTRY_KINDS } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { bucketTitle } from './bucket-title';
import { entrySentence } from './entry-sentence';
import type { EntryKind } from './post-entry';

export { ENTRY_KINDS };
export const ENTRIES_PAGE_MAX = 100;

export interface Entry {
	id: string;
	kind: EntryKind;
	/** What this line adds to or takes from the credits that can be spent; a hold that ended shows as its end alone. */
	amount: number;
	/** What could be spent after it. */
	balance: number;
	/** The credits it fell on, by title: "November plan", "Pack of 3 September". */
	from: string[];
	renderId: string | null;
	purchaseId: string | null;
	/** ISO time. */
	createdAt: string;
	sentence: string;
}

/**
 * An account's ledger, newest first. A hold that ended shows as its end alone. `limit` is clamped to 1…100; a cursor
 * that this function did not give is refused with `invalid_input`. One D1 statement.
 */
export async function listEntries(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	{ accountId, cursor, limit }: { accountId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: Entry[]; nextCursor: string | null }> {
	const size = Math.min(Math.max(Math.trunc(limit), 1), ENTRIES_PAGE_MAX);
	const rows = await withD1Retry(() => selectEntries(db, { accountId, cursor, rowsMax: size + 1 }));
	const page = rows.slice(0, size);
	const last = page.at(-1);
	const nowMs = now().getTime();
	return {
		items: page.map((row) => toEntry(row, { work: studio.work.one, nowMs })),
		nextCursor: rows.length > size && last !== undefined ? String(last.entry.seq) : null,
	};
}

function selectEntries(
	db: Deps['db'],
	{ accountId, cursor, rowsMax }: { accountId: string; cursor: string | undefined; rowsMax: number },
) {
	const ended = alias(creditEntries, 'ended');
	// In the order in which credits are spent.
	const buckets = sql<string>`(
		select json_group_array(json_object('id', b.id, 'accountId', b.account_id, 'source', b.source, 'createdAtMs', b.created_at_ms))
		from (
			select b.* from credit_parts p join credit_buckets b on b.id = p.bucket_id
			where p.entry_id = credit_entries.id
			order by b.source = 'pack', coalesce(b.expires_at_ms, 9e15), b.created_at_ms, b.id
		) b)`;
	return db
		.select({ entry: creditEntries, buckets })
		.from(creditEntries)
		.where(
			and(
				eq(creditEntries.accountId, accountId),
				cursor === undefined ? undefined : lt(creditEntries.seq, parseCursor(cursor)),
				or(
					ne(creditEntries.kind, 'hold'),
					notExists(
						db
							.select({ one: sql`1` })
							.from(ended)
							.where(eq(ended.resolvesId, creditEntries.id)),
					),
				),
			),
		)
		.orderBy(desc(creditEntries.seq))
		.limit(rowsMax);
}

const Buckets = z.array(
	z.object({
		id: z.string(),
		accountId: z.string(),
		source: z.enum(['promo', 'plan', 'pack', 'refund']),
		createdAtMs: z.number(),
	}),
);

function toEntry(
	row: Awaited<ReturnType<typeof selectEntries>>[number],
	{ work, nowMs }: { work: string; nowMs: number },
): Entry {
	const { id, kind, posted, held, balance, renderId, purchaseId, createdAtMs } = row.entry;
	const buckets = Buckets.parse(JSON.parse(row.buckets));
	// A charge is told whole: the hold before it is not shown.
	const amount = kind === 'capture' ? posted : kind === 'release' ? 0 : posted - held;
	return {
		id,
		kind,
		amount,
		balance,
		from: [...new Set(buckets.map((bucket) => bucketTitle(bucket, nowMs)))],
		renderId,
		purchaseId,
		createdAt: new Date(createdAtMs).toISOString(),
		sentence: entrySentence(row.entry, { buckets, work, nowMs }),
	};
}

function parseCursor(cursor: string): number {
	if (!/^\d{1,15}$/.test(cursor)) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Leave it out to start with the newest entry.');
	}
	return Number(cursor);
}
