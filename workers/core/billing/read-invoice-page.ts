import { and, eq } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import type { Actor } from '../actor';
import type { BillingDeps } from '../deps';
import { notFound } from '../errors';

/** Stripe's own page of a purchase's invoice, with its PDF: the address names it to whoever has it, so it is asked for each time and kept nowhere. */
export async function readInvoicePage(
	{ db, stripe }: Pick<BillingDeps, 'db' | 'stripe'>,
	{ actor, purchaseId }: { actor: Actor; purchaseId: string },
): Promise<{ url: string }> {
	const [row] = await db
		.select({ invoiceId: purchases.invoiceId })
		.from(purchases)
		.where(and(eq(purchases.id, purchaseId), eq(purchases.accountId, actor.accountId)));
	const invoiceId = row?.invoiceId ?? null;
	const page = invoiceId === null ? null : await stripe.readInvoicePage(invoiceId);
	if (page === null) throw notFound('invoice');
	return { url: page.url };
}
