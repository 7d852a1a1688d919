import type Stripe from 'stripe';

import { asking } from './asking';
import { collect } from './collect';

/** The words that we leave at Stripe to find our configuration by, and to see whether it is the one that we would make now. */
const STUDIO = 'afterglow_studio';
const CONTENT = 'afterglow_content';

/** Of this studio, if `prepare` has made one. Stripe's default one is the Dashboard's, and belongs to whoever looks after it there. */
export async function findPortalConfiguration(
	stripe: Stripe,
	studio: string,
): Promise<Stripe.BillingPortal.Configuration | null> {
	const all = await collect(stripe.billingPortal.configurations.list({ active: true, limit: 100 }));
	return all.find(({ metadata }) => metadata?.[STUDIO] === studio) ?? null;
}

/**
 * Makes, or brings up to date, what people may do in the portal: change card, address and tax numbers, see invoices, move
 * between the plans, and end theirs with its period. Answers whether anything had to be done.
 */
export async function preparePortal(
	stripe: Stripe,
	input: { studio: string; studioName: string; plans: readonly { productId: string; priceId: string }[] },
): Promise<boolean> {
	const { studio, studioName } = input;
	const wanted = { business_profile: { headline: studioName }, features: featuresOf(input.plans) };
	const content = await fingerprintOf(wanted);
	const params = { ...wanted, metadata: { [STUDIO]: studio, [CONTENT]: content } };
	const found = await findPortalConfiguration(stripe, studio);
	if (found?.metadata?.[CONTENT] === content) return false;
	await asking(() =>
		found === null
			? stripe.billingPortal.configurations.create(params, { idempotencyKey: `portal:${studio}:${content}` })
			: stripe.billingPortal.configurations.update(found.id, params, {
					// Of this state of it: a change back to what it was a day before is a change too.
					idempotencyKey: `portal:${found.id}:${found.updated}:${content}`,
				}),
	);
	return true;
}

function featuresOf(
	plans: readonly { productId: string; priceId: string }[],
): Stripe.BillingPortal.ConfigurationCreateParams.Features {
	return {
		customer_update: { enabled: true, allowed_updates: ['address', 'email', 'name', 'tax_id'] },
		invoice_history: { enabled: true },
		payment_method_update: { enabled: true },
		subscription_cancel: { enabled: true, mode: 'at_period_end' },
		...(plans.length < 2
			? {}
			: {
					subscription_update: {
						enabled: true,
						default_allowed_updates: ['price'],
						// The difference is paid at once, so that its credits come at once.
						proration_behavior: 'always_invoice',
						// A smaller plan begins with the next period: nobody is given back money for credits that they may have spent.
						schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
						products: plans.map(({ productId, priceId }) => ({ product: productId, prices: [priceId] })),
					},
				}),
	};
}

async function fingerprintOf(wanted: object): Promise<string> {
	const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(wanted)));
	return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
