import { and, desc, eq, lt, ne, notExists, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import type { EntryKind } from './post-entry';
import { welcomeEntryId } from './statements';

export const ENTRIES_PAGE_MAX = 100;

export interface Entry {
	id: string;
	kind: EntryKind;
	/** What this line adds to or takes from the credits that can be spent; a hold that ended shows as its end alone. */
	amount: number;
	/** What could be spent after it. */
	balance: number;
	renderId: string | null;
	purchaseId: string | null;
	/** ISO time. */
	createdAt: string;
	sentence: string;
}

/**
 * An account's ledger, newest first. A hold that ended shows as its end alone. `limit` is clamped to 1…100; a cursor
 * that this function did not give is refused with `invalid_input`.
 */
export async function listEntries(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ accountId, cursor, limit }: { accountId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: Entry[]; nextCursor: string | null }> {
	const size = Math.min(Math.max(Math.trunc(limit), 1), ENTRIES_PAGE_MAX);
	const ended = alias(creditEntries, 'ended');
	const rows = await withD1Retry(() =>
		db
			.select()
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
			.limit(size + 1),
	);
	const page = rows.slice(0, size);
	const last = page.at(-1);
	return {
		items: page.map((row) => toEntry(row, studio.work.one)),
		nextCursor: rows.length > size && last !== undefined ? String(last.seq) : null,
	};
}

type Row = typeof creditEntries.$inferSelect;

function toEntry(row: Row, work: string): Entry {
	const { id, kind, posted, held, balance, renderId, purchaseId, createdAtMs } = row;
	// A charge is told whole: the hold before it is not shown.
	const amount = kind === 'capture' ? posted : kind === 'release' ? 0 : posted - held;
	return {
		id,
		kind,
		amount,
		balance,
		renderId,
		purchaseId,
		createdAt: new Date(createdAtMs).toISOString(),
		sentence: sentenceOf(row, work),
	};
}

function sentenceOf({ id, accountId, kind, amount: credits }: Row, work: string): string {
	const amount = credits === 1 ? '1 credit' : `${credits} credits`;
	const sentences: Record<EntryKind, string> = {
		grant: id === welcomeEntryId(accountId) ? `${amount} to start with.` : `${amount} added.`,
		capture: `${amount} paid for a ${work}.`,
		hold: `${amount} set aside for a ${work} that is being made.`,
		release: `${amount} came back. You were not charged for this ${work}.`,
		expiry: `${amount} ended.`,
		reversal: `${amount} went back with a refund.`,
		freeze: `${amount} set aside while a bank looks into the payment.`,
		thaw: `${amount} came back: the bank has decided for the payment.`,
		loss: `${amount} taken back: the bank has decided against the payment.`,
		reinstatement: `${amount} came back.`,
		return: `${amount} came back for a ${work}.`,
		repayment: `${amount} paid for what was owed.`,
	};
	return sentences[kind];
}

function parseCursor(cursor: string): number {
	if (!/^\d{1,15}$/.test(cursor)) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Leave it out to start with the newest entry.');
	}
	return Number(cursor);
}
