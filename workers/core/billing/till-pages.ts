import type { Deps } from '../deps';

/** Where Stripe's pages lead back to. */
export function tillPages({ appOrigin }: Pick<Deps, 'appOrigin'>) {
	return {
		bought: (checkoutId: string) => `${appOrigin}/credits/bought/${checkoutId}`,
		left: `${appOrigin}/credits/buy?left=1`,
		billing: `${appOrigin}/credits/billing?back=1`,
	};
}
