import { asc, sql } from 'drizzle-orm';

import { creditBuckets, creditEntries, creditParts, creditSeals } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { SealedEntry } from './entry-hash';

export interface ChainLink {
	entry: SealedEntry;
	/** The hash that was stored for it; null while it is not sealed. */
	seal: string | null;
}

/**
 * At most `limit` entries with their parts, the buckets that they made and their seals, by account and number, of one instant:
 * those after a place, of all accounts with a chain, or of one alone. Four statements, however many accounts they are of.
 */
export async function readChain(
	{ db }: Pick<Deps, 'db'>,
	{ after, isAlone = false, limit }: { after: { accountId: string; seq: number }; isAlone?: boolean; limit: number },
): Promise<ChainLink[]> {
	const { accountId, seq } = after;
	const isAsked = isAlone
		? sql`${creditEntries.accountId} = ${accountId} and ${creditEntries.seq} > ${seq}`
		: sql`(${creditEntries.accountId}, ${creditEntries.seq}) > (${accountId}, ${seq})
			and ${creditEntries.accountId} in (select id from credit_accounts where sealed_seq > 0)`;
	const order = [asc(creditEntries.accountId), asc(creditEntries.seq)];
	const asked = (columns: ReturnType<typeof sql>) =>
		sql`(select ${columns} from ${creditEntries} where ${isAsked} order by ${sql.join(order, sql`, `)} limit ${limit})`;
	const ids = asked(sql`${creditEntries.id}`);
	const places = asked(sql`${creditEntries.accountId}, ${creditEntries.seq}`);
	const [entries, parts, buckets, seals] = await withD1Retry(() =>
		db.batch([
			db
				.select()
				.from(creditEntries)
				.where(isAsked)
				.orderBy(...order)
				.limit(limit),
			db
				.select()
				.from(creditParts)
				.where(sql`${creditParts.entryId} in ${ids}`),
			db
				.select()
				.from(creditBuckets)
				.where(sql`${creditBuckets.id} in ${ids}`),
			db
				.select()
				.from(creditSeals)
				.where(sql`(${creditSeals.accountId}, ${creditSeals.seq}) in ${places}`),
		]),
	);
	const partsOf = new Map<string, SealedEntry['parts'][number][]>();
	for (const { entryId, bucketId, posted, held } of parts) {
		const known = partsOf.get(entryId);
		if (known === undefined) partsOf.set(entryId, [{ bucketId, posted, held }]);
		else known.push({ bucketId, posted, held });
	}
	const bucketOf = new Map(buckets.map((bucket) => [bucket.id, termsOf(bucket)]));
	const sealOf = new Map(seals.map((seal) => [`${seal.accountId} ${seal.seq}`, seal.hash]));
	return entries.map((entry) => ({
		entry: { ...entry, parts: partsOf.get(entry.id) ?? [], bucket: bucketOf.get(entry.id) ?? null },
		seal: sealOf.get(`${entry.accountId} ${entry.seq}`) ?? null,
	}));
}

function termsOf(bucket: typeof creditBuckets.$inferSelect): NonNullable<SealedEntry['bucket']> {
	const { accountId, source, granted, expiresAtMs, purchaseId, createdAtMs } = bucket;
	return { accountId, source, granted, expiresAtMs, purchaseId, createdAtMs };
}
