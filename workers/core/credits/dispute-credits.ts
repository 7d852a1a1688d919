import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { inOneBatch, postEntry, takeFrom, type Statement } from './post-entry';
import { bucketOf, goneOf } from './taken-back';

/** A dispute (`dp_…`) about `amount` credits' worth of a purchase. */
export interface Disputed {
	disputeId: string;
	purchaseId: string;
	amount: number;
}

type Bucket = Awaited<ReturnType<typeof bucketOf>>;

/*
 * A dispute ends as thawed or as lost, once. Whoever comes late with an older answer of Stripe's changes nothing: no freeze
 * after an end, no loss after a thaw. A loss that is won after all is reinstated (`reinstate-credits.ts`).
 */

/**
 * Sets aside what is left of the disputed credits, so that they cannot be spent while the bank decides; of what was spent
 * already nothing is taken yet. Repeating it is a no-op. Refuses a purchase that granted nothing with `not_found`.
 */
export async function freezeCredits(deps: Pick<Deps, 'db' | 'now'>, disputed: Disputed): Promise<void> {
	const { db, now } = deps;
	const { disputeId, purchaseId, amount } = disputed;
	const { bucketId, accountId } = await bucketOf(deps, purchaseId);
	const statements = postEntry(db, {
		id: sql`${`freeze:${disputeId}`}`,
		accountId: sql`${accountId}`,
		kind: 'freeze',
		amount: sql`${amount}`,
		parts: sql`select id as bucket_id, 0 as posted, min(remaining - held, ${amount}) as held
			from credit_buckets where id = ${bucketId}`,
		purchaseId: sql`${purchaseId}`,
		causeId: sql`${disputeId}`,
		when: sql`not ${hasEntry(disputed, ['freeze', 'thaw', 'loss'])}`,
		nowMs: now().getTime(),
	});
	await withD1Retry(() => db.batch(inOneBatch(statements)));
}

/** Gives back what a dispute set aside; without a freeze it is recorded all the same, so that none can follow. */
export async function thawCredits(deps: Pick<Deps, 'db' | 'now'>, disputed: Disputed): Promise<void> {
	const bucket = await bucketOf(deps, disputed.purchaseId);
	const when = sql`not ${hasEntry(disputed, ['thaw', 'loss'])}`;
	const statements = thaw(deps.db, disputed, { bucket, when, nowMs: deps.now().getTime() });
	await withD1Retry(() => deps.db.batch(inOneBatch(statements)));
}

/**
 * Takes the disputed credits: what was set aside first, then as a refund does, and owed where nothing is left. Never more than
 * is not gone already by refunds; when that is nothing, what was set aside comes back. Repeating it is a no-op.
 */
export async function loseCredits(deps: Pick<Deps, 'db' | 'now'>, disputed: Disputed): Promise<void> {
	const { db, now } = deps;
	const { disputeId, purchaseId } = disputed;
	const bucket = await bucketOf(deps, purchaseId);
	const nowMs = now().getTime();
	const id = `loss:${disputeId}`;
	const freezeId = `freeze:${disputeId}`;
	const accountId = sql`${bucket.accountId}`;
	const frozen = sql`(select coalesce(sum(held), 0) from credit_parts where entry_id = ${freezeId})`;
	const amount = sql`max(0, min(${disputed.amount}, ${bucket.granted} - ${goneOf(purchaseId, { but: id })}))`;
	const rest = takeFrom({ accountId, amount: sql`(${amount} - ${frozen})`, nowMs, first: sql`${bucket.bucketId}` });
	const loss = postEntry(db, {
		id: sql`${id}`,
		accountId,
		kind: 'loss',
		amount,
		parts: sql`
			select bucket_id, sum(posted) as posted, sum(held) as held from (
				select bucket_id, -min(held, ${amount}) as posted, -held as held from credit_parts where entry_id = ${freezeId}
				union all
				select bucket_id, -take as posted, 0 as held from (${rest})
			) group by bucket_id`,
		owed: sql`${amount} + p.posted`,
		purchaseId: sql`${purchaseId}`,
		causeId: sql`${disputeId}`,
		resolvesId: sql`(select id from credit_entries where id = ${freezeId})`,
		when: sql`${amount} > 0 and not ${hasEntry(disputed, ['thaw', 'loss'])}`,
		nowMs,
	});
	const nothingLeft = sql`not ${hasEntry(disputed, ['thaw', 'loss'])}`;
	const statements = [...loss, ...thaw(db, disputed, { bucket, when: nothingLeft, nowMs })];
	await withD1Retry(() => db.batch(inOneBatch(statements)));
}

function thaw(
	db: Deps['db'],
	{ disputeId, purchaseId, amount }: Disputed,
	{ bucket, when, nowMs }: { bucket: Bucket; when: ReturnType<typeof sql>; nowMs: number },
): Statement[] {
	const freezeId = `freeze:${disputeId}`;
	return postEntry(db, {
		id: sql`${`thaw:${disputeId}`}`,
		accountId: sql`${bucket.accountId}`,
		kind: 'thaw',
		amount: sql`coalesce((select amount from credit_entries where id = ${freezeId}), ${amount})`,
		parts: sql`select bucket_id, 0 as posted, -held as held from credit_parts where entry_id = ${freezeId}`,
		purchaseId: sql`${purchaseId}`,
		causeId: sql`${disputeId}`,
		resolvesId: sql`(select id from credit_entries where id = ${freezeId})`,
		when,
		nowMs,
	});
}

function hasEntry({ disputeId, purchaseId }: Disputed, kinds: readonly string[]) {
	return sql`exists (select 1 from credit_entries
		where purchase_id = ${purchaseId} and cause_id = ${disputeId} and kind in ${kinds})`;
}
