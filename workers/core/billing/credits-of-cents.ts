import type { StripeRefund } from './stripe-gateway';

interface Paid {
	credits: number;
	paidCents: number;
}

/**
 * How many of a purchase's credits each of its refunds, oldest first, is worth, by refund: nothing unless it succeeded; together all of them where
 * all the money went back (P2). Each is worth what lies between its cents and those of the refunds before it, whatever became of
 * those: so what one is worth follows from what never changes, and one that fails takes its own part along and nobody else's.
 */
export function creditsOfRefunds(purchase: Paid, refunds: readonly StripeRefund[]): Map<string, number> {
	const worth = new Map<string, number>();
	let before = 0;
	for (const { id, cents, status } of refunds) {
		const after = before + cents;
		if (status === 'succeeded') worth.set(id, partOf(purchase, after) - partOf(purchase, before));
		before = after;
	}
	const succeeded = refunds.filter(({ status }) => status === 'succeeded');
	const last = succeeded.at(-1);
	if (last === undefined || sumOf(succeeded) < purchase.paidCents) return worth;
	const others = [...worth].reduce((sum, [id, credits]) => (id === last.id ? sum : sum + credits), 0);
	return worth.set(last.id, purchase.credits - others);
}

/** How many of a purchase's credits a dispute is about: its part of the money, 1 at least, so that none is about nothing. */
export function creditsOfDispute({ credits, paidCents }: Paid, cents: number): number {
	if (cents >= paidCents) return credits;
	return Math.max(1, partOf({ credits, paidCents }, cents));
}

export function sumOf(refunds: readonly { cents: number }[]): number {
	return refunds.reduce((sum, { cents }) => sum + cents, 0);
}

/** What a part of the money is worth. Exact: the largest product, 10⁹ credits times 10⁹ cents, is past what a number holds. */
export function partOf({ credits, paidCents }: Paid, cents: number): number {
	return Number((BigInt(credits) * BigInt(cents)) / BigInt(paidCents));
}
