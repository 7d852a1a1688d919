import { and, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { Hold } from './statements';

export interface StoredHold {
	holdId: string;
	accountId: string;
	amount: number;
	renderId: string | null;
	/** How it ended; null while it is open. */
	end: 'capture' | 'release' | null;
}

/** A hold and how it ended, or null. It is read after a refused write, to tell a repeat from a contradiction. */
export async function readHold({ db }: Pick<Deps, 'db'>, { holdId }: { holdId: string }): Promise<StoredHold | null> {
	const ended = alias(creditEntries, 'ended');
	const [row] = await withD1Retry(() =>
		db
			.select({
				holdId: creditEntries.id,
				accountId: creditEntries.accountId,
				amount: creditEntries.amount,
				renderId: creditEntries.renderId,
				end: ended.kind,
			})
			.from(creditEntries)
			.leftJoin(ended, eq(ended.resolvesId, creditEntries.id))
			.where(and(eq(creditEntries.id, holdId), eq(creditEntries.kind, 'hold'))),
	);
	if (row === undefined) return null;
	const { end, ...hold } = row;
	return { ...hold, end: end === 'capture' || end === 'release' ? end : null };
}

export function isSameHold(stored: StoredHold, asked: Omit<Hold, 'renderId'> & { renderId?: string }): boolean {
	return (
		stored.accountId === asked.accountId &&
		stored.amount === asked.amount &&
		(asked.renderId === undefined || stored.renderId === asked.renderId)
	);
}
