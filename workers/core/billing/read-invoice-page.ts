import { and, eq } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import type { Actor, Whence } from '../actor';
import type { BillingDeps } from '../deps';
import { notFound } from '../errors';
import { requireWithinLimits } from '../limits/require-within-limits';

/**
 * Stripe's own page of a purchase's invoice, with its PDF: the address names it to whoever has it, so it is asked for each time and kept nowhere.
 * Refused beyond the studio's rate.
 */
export async function readInvoicePage(
	deps: Pick<BillingDeps, 'db' | 'now' | 'studio' | 'lookupKey' | 'stripe'>,
	{ actor, whence, purchaseId }: { actor: Actor; whence: Whence; purchaseId: string },
): Promise<{ url: string }> {
	const { db, stripe } = deps;
	const [row] = await db
		.select({ invoiceId: purchases.invoiceId })
		.from(purchases)
		.where(and(eq(purchases.id, purchaseId), eq(purchases.accountId, actor.accountId)));
	const invoiceId = row?.invoiceId ?? null;
	if (invoiceId === null) throw notFound('invoice');
	await requireWithinLimits(deps, [
		{ what: 'invoice', by: 'account', value: actor.accountId },
		{ what: 'invoice', by: 'network', value: whence.network },
	]);
	const page = await stripe.readInvoicePage(invoiceId);
	if (page === null) throw notFound('invoice');
	return { url: page.url };
}
