import { eq } from 'drizzle-orm';

import { billingCustomers } from '../../../schema/billing';
import { itemOf, titleOfItem } from '../../../studios/pricing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';

export interface Billing {
	/** The plan that runs, or ran last; its figures are null when it is not sold any more. */
	plan: { id: string; title: string; credits: number | null; cents: number | null; currency: string } | null;
	/** Stripe's word for it. */
	status: string | null;
	periodStart: string | null;
	periodEnd: string | null;
	/** Whether it ends with its period. */
	isEnding: boolean;
	card: { brand: string; last4: string } | null;
	/** Whether anything was ever bought, or set out to be. */
	hasCustomer: boolean;
}

const NOTHING: Billing = {
	plan: null,
	status: null,
	periodStart: null,
	periodEnd: null,
	isEnding: false,
	card: null,
	hasCustomer: false,
};

/** What is known here of an account at Stripe, without asking there. */
export async function readBilling(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ actor }: { actor: Actor },
): Promise<Billing> {
	const [row] = await db.select().from(billingCustomers).where(eq(billingCustomers.accountId, actor.accountId));
	if (row === undefined) return NOTHING;
	const { plan, status, periodStartMs, periodEndMs, isEnding, cardBrand, cardLast4 } = row;
	const item = plan === null ? null : itemOf(studio, plan);
	return {
		plan:
			plan === null
				? null
				: {
						id: plan,
						title: titleOfItem(studio, plan),
						credits: item?.credits ?? null,
						cents: item?.cents ?? null,
						currency: studio.pricing.currency,
					},
		status,
		periodStart: timeOf(periodStartMs),
		periodEnd: timeOf(periodEndMs),
		isEnding,
		card: cardBrand === null || cardLast4 === null ? null : { brand: cardBrand, last4: cardLast4 },
		hasCustomer: true,
	};
}

function timeOf(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
