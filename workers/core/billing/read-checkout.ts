import { and, eq } from 'drizzle-orm';

import { checkouts } from '../../../schema/billing';
import { titleOfItem } from '../../../studios/pricing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';

export interface ReadCheckout {
	id: string;
	item: string;
	title: string;
	state: (typeof checkouts.$inferSelect)['state'];
	/** Paid, and something about it does not fit: an operator looks at it. */
	isUnderReview: boolean;
	credits: number;
	/** Without tax. */
	cents: number;
	currency: string;
	createdAt: string;
}

/** How far an order at the till is, as far as it is known here: nothing is granted because somebody came back from Stripe. */
export async function readCheckout(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	{ actor, checkoutId }: { actor: Actor; checkoutId: string },
): Promise<ReadCheckout> {
	const [row] = await db
		.select()
		.from(checkouts)
		.where(and(eq(checkouts.id, checkoutId), eq(checkouts.accountId, actor.accountId)));
	if (row === undefined) throw notFound('order');
	const { id, item, state, credits, cents, currency, createdAtMs, endedAtMs } = row;
	const isUnderReview = state === 'paying' && endedAtMs !== null;
	const createdAt = new Date(createdAtMs).toISOString();
	return { id, item, title: titleOfItem(studio, item), state, isUnderReview, credits, cents, currency, createdAt };
}
