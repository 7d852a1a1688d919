import { bucketTitle, type TitledBucket } from './bucket-title';
import type { EntryKind } from './post-entry';
import { welcomeEntryId } from './statements';

export interface ToldEntry {
	id: string;
	accountId: string;
	kind: EntryKind;
	amount: number;
	held: number;
	owed: number;
	causeId: string | null;
}

/** What happened, as the account's people read it. `work` is what the studio calls what it makes; `buckets` are those it fell on. */
export function entrySentence(
	entry: ToldEntry,
	{ buckets, work, nowMs }: { buckets: readonly TitledBucket[]; work: string; nowMs: number },
): string {
	const { kind, amount } = entry;
	const credits = creditsOf(amount);
	switch (kind) {
		case 'grant':
			return grantSentence(entry, buckets[0], nowMs);
		case 'hold':
			return `${credits} set aside for a ${work} that is being made.`;
		case 'capture':
			return `${credits} paid for a ${work}.`;
		case 'release':
			return `${credits} came back. You were not charged for this ${work}.`;
		case 'return':
			return `${credits} came back for a ${work} that had been charged.`;
		case 'expiry':
			return expirySentence(amount, buckets[0], nowMs);
		case 'reversal':
			return isOfDispute(entry)
				? `${credits} went back with the payment, as the bank decided.${owedSentence(entry)}`
				: `${credits} went back with the refund.${owedSentence(entry)}`;
		case 'freeze':
			return entry.held === 0
				? 'The bank looks into a payment of which no credits are left to set aside.'
				: `${creditsOf(entry.held)} set aside while the bank looks into the payment.`;
		case 'thaw':
			return entry.held === 0
				? 'The bank has let the payment stand. Nothing had been set aside.'
				: `${creditsOf(-entry.held)} can be spent again: the bank has let the payment stand.`;
		case 'loss':
			return `${credits} went back with the payment, as the bank decided.${owedSentence(entry)}`;
		case 'reinstatement':
			return isOfDispute(entry)
				? `${credits} came back: the bank has let the payment stand after all.`
				: `${credits} came back: the refund did not go through.`;
		case 'repayment':
			return `${credits} paid what was owed.`;
	}
}

/** Stripe's prefixes of disputes; a refund's is `re_`, or `pyr_` where no card was charged. */
function isOfDispute({ causeId }: ToldEntry): boolean {
	return causeId !== null && /^(dp|du|pdp)_/.test(causeId);
}

function creditsOf(amount: number): string {
	return amount === 1 ? '1 credit' : `${amount} credits`;
}

function grantSentence({ id, accountId, amount }: ToldEntry, bucket: TitledBucket | undefined, nowMs: number): string {
	const credits = creditsOf(amount);
	if (id === welcomeEntryId(accountId)) return `${credits} to start with.`;
	if (bucket?.source === 'plan') return `${credits} of the ${bucketTitle(bucket, nowMs)}.`;
	if (bucket?.source === 'pack') return `${credits} bought.`;
	return bucket?.source === 'refund' ? `${credits} given back.` : `${credits} added.`;
}

/** A title of several credits reads on by itself: "30 of the credits to start with". */
function expirySentence(amount: number, bucket: TitledBucket | undefined, nowMs: number): string {
	if (bucket === undefined) return `${creditsOf(amount)} ended.`;
	const title = bucketTitle(bucket, nowMs);
	if (bucket.source === 'plan') return `${creditsOf(amount)} of the ${title} ended.`;
	if (bucket.source === 'refund') return `${creditsOf(amount)} that had been given back ended.`;
	return bucket.source === 'pack'
		? `${creditsOf(amount)} of the ${lower(title)} ended.`
		: `${amount} of the ${lower(title)} ended.`;
}

function owedSentence({ amount, owed }: ToldEntry): string {
	if (owed === 0) return '';
	if (amount === 1) return ' It had been spent already, so it is owed.';
	if (owed === amount) return ' They had been spent already, so they are owed.';
	return ` ${owed} of them had been spent already, so ${owed === 1 ? 'that one is' : 'those are'} owed.`;
}

function lower(title: string): string {
	return title.charAt(0).toLowerCase() + title.slice(1);
}
