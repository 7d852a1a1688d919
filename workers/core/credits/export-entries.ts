import { and, asc, eq, gt } from 'drizzle-orm';

import { creditEntries, creditSeals } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { csvRow } from './csv-row';

export const EXPORT_PAGE = 500;

/**
 * `credits` is what the entry adds to or takes from what can be spent, so that their sum so far is `balance`; `posted`, `held` and
 * `owed` say how. `ends` is the hold, freeze, charge or reversal that it ends. `hash` seals the entry and all before it, and is
 * empty for the minute until it is sealed.
 */
const HEAD = [
	'seq',
	'id',
	'at',
	'kind',
	'credits',
	'balance',
	'posted',
	'held',
	'owed',
	'work',
	'purchase',
	'cause',
	'ends',
	'hash',
] as const;

/**
 * A page of an account's whole ledger as CSV, oldest first, holds that ended included; the first begins with the head. `nextSeq` is
 * what the next page comes after, null when this was the last. One D1 statement a page, which reads that page alone.
 */
export async function exportEntries(
	{ db }: Pick<Deps, 'db'>,
	{ accountId, afterSeq, limit = EXPORT_PAGE }: { accountId: string; afterSeq: number; limit?: number },
): Promise<{ csv: string; nextSeq: number | null }> {
	const rows = await withD1Retry(() =>
		db
			.select({ entry: creditEntries, hash: creditSeals.hash })
			.from(creditEntries)
			.leftJoin(
				creditSeals,
				and(eq(creditSeals.accountId, creditEntries.accountId), eq(creditSeals.seq, creditEntries.seq)),
			)
			.where(and(eq(creditEntries.accountId, accountId), gt(creditEntries.seq, afterSeq)))
			.orderBy(asc(creditEntries.seq))
			.limit(limit),
	);
	const lines = rows.map(({ entry, hash }) => lineOf(entry, hash));
	return {
		csv: [...(afterSeq === 0 ? [csvRow(HEAD)] : []), ...lines].join(''),
		nextSeq: rows.length < limit ? null : (rows.at(-1)?.entry.seq ?? null),
	};
}

function lineOf(entry: typeof creditEntries.$inferSelect, hash: string | null): string {
	const { seq, id, createdAtMs, kind, posted, held, owed, balance } = entry;
	const { renderId, purchaseId, causeId, resolvesId } = entry;
	const at = new Date(createdAtMs).toISOString();
	const sums = [posted - held, balance, posted, held, owed];
	return csvRow([seq, id, at, kind, ...sums, renderId, purchaseId, causeId, resolvesId, hash]);
}
