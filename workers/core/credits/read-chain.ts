import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';

import { creditBuckets, creditEntries, creditParts } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { SealedEntry } from './entry-hash';

/** An account's entries after `afterSeq`, in order, with their parts and the buckets that they made: at most `limit`. */
export async function readChain(
	{ db }: Pick<Deps, 'db'>,
	{ accountId, afterSeq, limit }: { accountId: string; afterSeq: number; limit: number },
): Promise<SealedEntry[]> {
	const isAsked = and(
		eq(creditEntries.accountId, accountId),
		gt(creditEntries.seq, afterSeq),
		lte(creditEntries.seq, afterSeq + limit),
	);
	const ids = sql`(select ${creditEntries.id} from ${creditEntries} where ${isAsked})`;
	const [entries, parts, buckets] = await withD1Retry(() =>
		db.batch([
			db.select().from(creditEntries).where(isAsked).orderBy(asc(creditEntries.seq)),
			db
				.select()
				.from(creditParts)
				.where(sql`${creditParts.entryId} in ${ids}`),
			db
				.select()
				.from(creditBuckets)
				.where(sql`${creditBuckets.id} in ${ids}`),
		]),
	);
	const partsOf = new Map<string, SealedEntry['parts'][number][]>();
	for (const { entryId, bucketId, posted, held } of parts) {
		partsOf.set(entryId, [...(partsOf.get(entryId) ?? []), { bucketId, posted, held }]);
	}
	const bucketOf = new Map(buckets.map((bucket) => [bucket.id, termsOf(bucket)]));
	return entries.map((entry) => {
		return { ...entry, parts: partsOf.get(entry.id) ?? [], bucket: bucketOf.get(entry.id) ?? null };
	});
}

function termsOf(bucket: typeof creditBuckets.$inferSelect): NonNullable<SealedEntry['bucket']> {
	const { accountId, source, granted, expiresAtMs, purchaseId, createdAtMs } = bucket;
	return { accountId, source, granted, expiresAtMs, purchaseId, createdAtMs };
}
