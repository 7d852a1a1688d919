import { inArray, sql } from 'drizzle-orm';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { inOneBatch, postEntry } from './post-entry';

/**
 * Undoes what a refund (`re_…`) that failed, or a lost dispute (`dp_…`) that was won after all, took: into the buckets it came
 * from, off what is still owed for it, and into the purchase's own bucket as far as that was paid since. A dispute may have taken
 * twice, when it was lost and when a refund beside it failed: both are undone. Each once; without anything taken it does nothing.
 */
export async function reinstateCredits(
	deps: Pick<Deps, 'db' | 'now'>,
	{ causeId }: { causeId: string },
): Promise<void> {
	const ids = [`reversal:${causeId}`, lossId(causeId)];
	const taken = await withD1Retry(() => deps.db.select().from(creditEntries).where(inArray(creditEntries.id, ids)));
	for (const entry of taken.toSorted((a, b) => a.seq - b.seq)) await reinstateEntry(deps, { ...entry, causeId });
}

/** What an entry that took credits is undone by: named after its cause, and after itself where its cause has taken otherwise too. */
export function reinstatementId({ id, causeId }: { id: string; causeId: string }): string {
	const isLaterOfDispute = /^(dp|du|pdp)_/.test(causeId) && id !== lossId(causeId);
	return `reinstatement:${isLaterOfDispute ? id : causeId}`;
}

function lossId(causeId: string): string {
	return `loss:${causeId}`;
}

async function reinstateEntry(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	taken: typeof creditEntries.$inferSelect & { causeId: string },
): Promise<void> {
	const stillOwed = sql`min(${taken.owed}, (select owed from credit_accounts where id = ${taken.accountId}))`;
	const statements = postEntry(db, {
		id: sql`${reinstatementId(taken)}`,
		accountId: sql`${taken.accountId}`,
		kind: 'reinstatement',
		amount: sql`${taken.amount}`,
		parts: sql`
			select bucket_id, sum(posted) as posted, 0 as held from (
				select bucket_id, -posted as posted from credit_parts where entry_id = ${taken.id}
				union all
				select id as bucket_id, ${taken.owed} - ${stillOwed} as posted from credit_buckets where purchase_id = ${taken.purchaseId}
			) group by bucket_id`,
		owed: sql`-${stillOwed}`,
		purchaseId: sql`${taken.purchaseId}`,
		causeId: sql`${taken.causeId}`,
		resolvesId: sql`${taken.id}`,
		when: sql`not exists (select 1 from credit_entries where resolves_id = ${taken.id})`,
		nowMs: now().getTime(),
	});
	await withD1Retry(() => db.batch(inOneBatch(statements)));
}
