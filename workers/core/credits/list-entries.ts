import { and, desc, eq, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { unionAll, type SQLiteColumn } from 'drizzle-orm/sqlite-core';

import { creditEntries, creditHoldResolutions, creditHolds } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { welcomeEntryId, type GrantSource } from './statements';

export const ENTRIES_PAGE_MAX = 100;

/** What happened to an account's credits: posted, charged, set aside for now, or given back. */
export type EntryKind = 'grant' | 'capture' | 'hold' | 'release';

export interface Entry {
	id: string;
	kind: EntryKind;
	/** What this line adds to or takes from the credits that can be spent; all lines together are the balance. */
	amount: number;
	source: 'promo' | 'plan' | 'pack' | 'refund';
	renderId: string | null;
	/** ISO time. */
	createdAt: string;
	sentence: string;
}

interface Row {
	id: string;
	kind: EntryKind;
	credits: number;
	source: Entry['source'];
	renderId: string | null;
	createdAtMs: number;
}

interface Position {
	createdAtMs: number;
	id: string;
}

/**
 * An account's ledger, newest first. A captured hold shows as its capture alone. `limit` is clamped to 1…100; a cursor
 * that this function did not give is refused with `invalid_input`.
 */
export async function listEntries(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ accountId, cursor, limit }: { accountId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: Entry[]; nextCursor: string | null }> {
	const size = Math.min(Math.max(Math.trunc(limit), 1), ENTRIES_PAGE_MAX);
	const before = cursor === undefined ? null : parseCursor(cursor);
	const rows: Row[] = await withD1Retry(() => ledgerOf(db, accountId, before, size + 1));
	const page = rows.slice(0, size);
	const last = page.at(-1);
	return {
		items: page.map((row) => toEntry(row, accountId, studio.work.one)),
		nextCursor: rows.length > size && last !== undefined ? formatCursor(last) : null,
	};
}

function ledgerOf(db: Deps['db'], accountId: string, before: Position | null, rowsMax: number) {
	// Holds do not choose a source while only one can be granted.
	const onlySource = sql<GrantSource>`'promo'`.as('source');
	const releaseId = sql<string>`'release:' || ${creditHolds.id}`;
	const posted = db
		.select({
			id: creditEntries.id,
			kind: sql<EntryKind>`${creditEntries.kind}`.as('kind'),
			credits: sql<number>`abs(${creditEntries.amount})`.as('credits'),
			source: creditEntries.source,
			renderId: creditEntries.renderId,
			createdAtMs: creditEntries.createdAtMs,
		})
		.from(creditEntries)
		.where(and(eq(creditEntries.accountId, accountId), isBefore(before, creditEntries.createdAtMs, creditEntries.id)));
	const open = db
		.select({
			id: creditHolds.id,
			kind: sql<EntryKind>`'hold'`.as('kind'),
			credits: creditHolds.amount,
			source: onlySource,
			renderId: creditHolds.renderId,
			createdAtMs: creditHolds.createdAtMs,
		})
		.from(creditHolds)
		.leftJoin(creditHoldResolutions, eq(creditHoldResolutions.holdId, creditHolds.id))
		.where(
			and(
				eq(creditHolds.accountId, accountId),
				isNull(creditHoldResolutions.holdId),
				isBefore(before, creditHolds.createdAtMs, creditHolds.id),
			),
		);
	const released = db
		.select({
			id: releaseId.as('id'),
			kind: sql<EntryKind>`'release'`.as('kind'),
			credits: creditHolds.amount,
			source: onlySource,
			renderId: creditHolds.renderId,
			createdAtMs: creditHoldResolutions.createdAtMs,
		})
		.from(creditHolds)
		.innerJoin(creditHoldResolutions, eq(creditHoldResolutions.holdId, creditHolds.id))
		.where(
			and(
				eq(creditHolds.accountId, accountId),
				eq(creditHoldResolutions.kind, 'released'),
				isBefore(before, creditHoldResolutions.createdAtMs, releaseId),
			),
		);
	return unionAll(posted, open, released)
		.orderBy(desc(sql`created_at_ms`), desc(sql`id`))
		.limit(rowsMax);
}

function isBefore(before: Position | null, createdAtMs: SQLiteColumn, id: SQLiteColumn | SQL): SQL | undefined {
	if (before === null) return undefined;
	return or(lt(createdAtMs, before.createdAtMs), and(eq(createdAtMs, before.createdAtMs), sql`${id} < ${before.id}`));
}

function toEntry(row: Row, accountId: string, work: string): Entry {
	const { id, kind, credits, source, renderId } = row;
	return {
		id,
		kind,
		amount: kind === 'grant' ? credits : kind === 'release' ? 0 : -credits,
		source,
		renderId,
		createdAt: new Date(row.createdAtMs).toISOString(),
		sentence: sentenceOf(row, id === welcomeEntryId(accountId), work),
	};
}

function sentenceOf({ kind, credits }: Row, isWelcome: boolean, work: string): string {
	const amount = credits === 1 ? '1 credit' : `${credits} credits`;
	const sentences: Record<EntryKind, string> = {
		grant: isWelcome ? `${amount} to start with.` : `${amount} added.`,
		capture: `${amount} paid for a ${work}.`,
		hold: `${amount} set aside for a ${work} that is being made.`,
		release: `${amount} came back. You were not charged for this ${work}.`,
	};
	return sentences[kind];
}

function formatCursor({ createdAtMs, id }: Position): string {
	return `${createdAtMs}~${id}`;
}

function parseCursor(cursor: string): Position {
	const match = /^(\d{1,15})~([\w:.-]{1,200})$/.exec(cursor);
	if (match?.[1] === undefined || match[2] === undefined) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Leave it out to start with the newest entry.');
	}
	return { createdAtMs: Number(match[1]), id: match[2] };
}
