import { eq, inArray, sql } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import { creditEntries } from '../../../schema/credits';
import { reinstatementId } from '../credits/reinstate-credits';
import { GONE_OF_ENTRY, readGone } from '../credits/taken-back';
import { withD1Retry } from '../d1-retry';
import { amongIds, attempt, type Comparison, type FindingKind } from './comparison';
import { creditsOfDispute, partOf } from './credits-of-cents';
import type { StripeDispute, StripeRefund } from './stripe-gateway';
import { syncPayment } from './sync-payment';
import type { SyncDeps } from './sync-result';

interface Paid {
	credits: number;
	paidCents: number;
}

/** A refund or dispute, and what of the ledger would show that it has been followed. */
interface Expected {
	kind: Extract<FindingKind, 'unreversed' | 'undisputed'>;
	objectId: string;
	paymentId: string;
	/** The least that has to be gone for it, of what was paid for. */
	takes: (paid: Paid) => number;
	/** What the purchase has to say of it; what other days' refunds and disputes add is not known here, and is read then. */
	refundedCents: number;
	disputeState: StripeDispute['state'] | null;
	/** Whether entries of its own say so; without them its payment has to be read to know. */
	isPosted: (entries: ReadonlySet<string>) => boolean;
}

/** A payment's purchase as the ledger has it, and what it says of itself, which is written after the ledger has followed. */
interface Stored extends Paid {
	refundedCents: number;
	disputeState: StripeDispute['state'] | null;
	gone: number;
	entries: ReadonlySet<string>;
}

/**
 * Whether the ledger has followed all refunds and disputes. Each payment of which that cannot be told here is read at Stripe and
 * followed, once a run, by the order of their ids; what has to be gone is then compared with what is, as sums of the purchase: a
 * refund that was worth nothing, and one of a payment that bought nothing here, need no entry of their own. Answers after which
 * payment the next message goes on.
 */
export async function compareMoneyBack(
	comparison: Comparison,
	listed: { refunds: readonly StripeRefund[]; disputes: readonly StripeDispute[]; after: string },
): Promise<string> {
	const { deps, mayRepair } = comparison;
	const byPayment = groupedBy(
		[...listed.refunds.flatMap(expectedOfRefund), ...listed.disputes.flatMap(expectedOfDispute)],
		({ paymentId }) => paymentId,
	);
	const stored = await readStored(deps, byPayment.keys());
	const behind = [...byPayment].filter(([paymentId, objects]) => !isFollowed(stored.get(paymentId), objects));
	let { after } = listed;
	for (const [paymentId, objects] of behind.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
		if (paymentId <= after) continue;
		if (!mayRepair()) break;
		await follow(comparison, { paymentId, objects, goneBefore: stored.get(paymentId)?.gone ?? 0 });
		after = paymentId;
	}
	return after;
}

function isFollowed(stored: Stored | undefined, objects: readonly Expected[]): boolean {
	if (stored === undefined) return false;
	const refundedCents = objects.reduce((sum, one) => sum + one.refundedCents, 0);
	const isNoted = objects.every(({ disputeState }) => disputeState === null || disputeState === stored.disputeState);
	if (!isNoted || stored.refundedCents !== refundedCents) return false;
	const least = objects.reduce((sum, { takes }) => sum + takes(stored), 0);
	return stored.gone >= Math.min(stored.credits, least) && objects.every(({ isPosted }) => isPosted(stored.entries));
}

async function follow(
	comparison: Comparison,
	behind: { paymentId: string; objects: readonly Expected[]; goneBefore: number },
): Promise<void> {
	const { deps, report } = comparison;
	const { paymentId, objects, goneBefore } = behind;
	const synced = await attempt(
		comparison,
		objects.map(({ objectId }) => objectId),
		() => syncPayment(deps, { paymentId }),
	);
	if (synced === null || synced.settled === null) return;
	const { purchaseId, targetCredits } = synced.settled;
	const gone = await readGone(deps, purchaseId);
	const isRepaired = gone >= targetCredits;
	if (isRepaired && !synced.hasChanged && gone === goneBefore) return;
	await report(objects.map(({ kind, objectId }) => ({ kind, objectId, isRepaired })));
}

function expectedOfRefund({ id, paymentId, status, cents }: StripeRefund): Expected[] {
	if (paymentId === null || status === 'pending' || status === 'requires_action') return [];
	const isPosted = (entries: ReadonlySet<string>) =>
		status === 'succeeded'
			? entries.has(`reversal:${id}`)
			: !entries.has(`reversal:${id}`) || entries.has(`reinstatement:${id}`);
	const takes = (paid: Paid) => (status === 'succeeded' ? partOf(paid, Math.min(cents, paid.paidCents)) : 0);
	const refundedCents = status === 'succeeded' ? cents : 0;
	return [{ kind: 'unreversed', objectId: id, paymentId, takes, refundedCents, disputeState: null, isPosted }];
}

function expectedOfDispute({ id, paymentId, state, cents }: StripeDispute): Expected[] {
	if (paymentId === null) return [];
	const isPosted = (entries: ReadonlySet<string>) => {
		switch (state) {
			case 'open':
				return ['freeze', 'thaw', 'loss'].some((kind) => entries.has(`${kind}:${id}`));
			case 'lost':
				return isTaken(entries, id);
			case 'won':
				return !isTaken(entries, id) && ['thaw', 'reinstatement'].some((kind) => entries.has(`${kind}:${id}`));
		}
	};
	const takes = (paid: Paid) => (state === 'lost' ? creditsOfDispute(paid, cents) : 0);
	return [{ kind: 'undisputed', objectId: id, paymentId, takes, refundedCents: 0, disputeState: state, isPosted }];
}

/** By payment, those that bought something here. */
async function readStored({ db }: SyncDeps, paymentIds: Iterable<string>): Promise<Map<string, Stored>> {
	const rows = await withD1Retry(() =>
		db
			.select({
				paymentId: sql<string>`coalesce(${purchases.paymentId}, ${purchases.id})`,
				credits: purchases.credits,
				paidCents: purchases.paidCents,
				refundedCents: purchases.refundedCents,
				disputeState: purchases.disputeState,
				entryId: creditEntries.id,
				gone: sql<number>`${GONE_OF_ENTRY}`,
			})
			.from(purchases)
			.innerJoin(creditEntries, eq(creditEntries.purchaseId, purchases.id))
			.where(inArray(purchases.paymentId, amongIds(paymentIds))),
	);
	return new Map(
		[...groupedBy(rows, ({ paymentId }) => paymentId)].map(([paymentId, entries]) => [
			paymentId,
			{
				credits: entries[0]?.credits ?? 0,
				paidCents: entries[0]?.paidCents ?? 0,
				refundedCents: entries[0]?.refundedCents ?? 0,
				disputeState: entries[0]?.disputeState ?? null,
				gone: entries.reduce((sum, { gone }) => sum + gone, 0),
				entries: new Set(entries.map(({ entryId }) => entryId)),
			},
		]),
	);
}

/** Whether a dispute has taken credits that were not reinstated. */
function isTaken(entries: ReadonlySet<string>, disputeId: string): boolean {
	return ['loss', 'reversal'].some((kind) => {
		const id = `${kind}:${disputeId}`;
		return entries.has(id) && !entries.has(reinstatementId({ id, causeId: disputeId }));
	});
}

function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
	return groups;
}
