import { itemsOf, priceKeyOf } from '../../../studios/pricing';
import type { BillingDeps } from '../deps';

/**
 * Makes at Stripe what this studio sells, and the portal's configuration. Repeating it changes nothing; answers what it made.
 * Refused with `conflict` when a price at Stripe is another one than the studio's of the same version.
 */
export async function prepareStripe({ stripe, studio }: Pick<BillingDeps, 'stripe' | 'studio'>): Promise<{
	made: readonly string[];
}> {
	const { name, pricing } = studio;
	const items = itemsOf(studio).map((item) => {
		const isMonthly = item.kind === 'plan';
		return {
			priceKey: priceKeyOf(studio, item),
			// On Stripe's till, its invoices and its portal.
			name: isMonthly ? `${name} ${item.title}: ${item.credits} credits a month` : `${name}: ${item.credits} credits`,
			cents: item.cents,
			currency: pricing.currency,
			monthly: isMonthly,
		};
	});
	return stripe.prepare({ items, studioName: name });
}
