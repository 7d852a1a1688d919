import { AppError } from '../errors';

/**
 * "No more than N": refuses what costs more now than the caller allows, with `price_above_limit` and both figures. A price may
 * have changed since they looked. Without a limit every price is allowed.
 */
export function requireWithinPrice(credits: number, creditsMax: number | undefined): void {
	if (creditsMax === undefined || credits <= creditsMax) return;
	const cost = credits === 1 ? '1 credit' : `${credits} credits`;
	throw new AppError(
		'price_above_limit',
		`This costs ${cost} now, more than the ${creditsMax} you allowed. Nothing was ordered. Look at the price again, and allow ${credits} if it is worth that.`,
		{ details: { credits, creditsMax } },
	);
}
