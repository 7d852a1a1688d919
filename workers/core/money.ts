declare const credits: unique symbol;

/** Whole credits. Branded so that cents, pixels and credits cannot be swapped. */
export type Credits = number & { readonly [credits]: true };

export const CREDITS_MAX = 1_000_000_000;

/** Refuses fractions, negatives and amounts no account can hold. */
export function toCredits(amount: number): Credits {
	if (!Number.isSafeInteger(amount) || amount < 0 || amount > CREDITS_MAX) {
		throw new RangeError(`not a whole, non-negative number of credits: ${amount}`);
	}
	// The check above is the brand's guarantee.
	return amount as Credits;
}
