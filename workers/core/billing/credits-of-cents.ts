import type { StripeRefund } from './stripe-gateway';

interface Paid {
	credits: number;
	paidCents: number;
}

/**
 * How many of a purchase's credits its refunds are worth in all; the whole money is all of them (P2). Each refund is worth what
 * lies between its cents and those of the refunds before it, whatever became of those: so what one is worth follows from what
 * never changes, and one that fails takes its own part along and nobody else's rounding.
 */
export function creditsOfRefunds({ credits, paidCents }: Paid, refunds: readonly StripeRefund[]): number {
	const succeeded = refunds.filter(({ status }) => status === 'succeeded');
	if (succeeded.length === 0) return 0;
	if (sumOf(succeeded) >= paidCents) return credits;
	let before = 0;
	let worth = 0;
	for (const { cents, status } of inOrder(refunds)) {
		const after = before + cents;
		if (status === 'succeeded') worth += partOf({ credits, paidCents }, after) - partOf({ credits, paidCents }, before);
		before = after;
	}
	return Math.min(worth, credits);
}

/** How many of a purchase's credits a dispute is about: its part of the money, 1 at least, so that none is about nothing. */
export function creditsOfDispute({ credits, paidCents }: Paid, cents: number): number {
	if (cents >= paidCents) return credits;
	return Math.max(1, partOf({ credits, paidCents }, cents));
}

export function inOrder<T extends { id: string; createdAtMs: number }>(objects: readonly T[]): T[] {
	return objects.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}

export function sumOf(refunds: readonly { cents: number }[]): number {
	return refunds.reduce((sum, { cents }) => sum + cents, 0);
}

/** Exact: the largest product, 10⁹ credits times 10⁹ cents, is past what a number holds. */
function partOf({ credits, paidCents }: Paid, cents: number): number {
	return Number((BigInt(credits) * BigInt(cents)) / BigInt(paidCents));
}
