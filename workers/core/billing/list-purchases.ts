import { and, desc, eq, lt, or, type SQL } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import { titleOfItem } from '../../../studios/pricing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError } from '../errors';

export const PURCHASES_PAGE_MAX = 100;

export interface Purchase {
	/** Stripe's id of what was paid. */
	id: string;
	item: string;
	title: string;
	credits: number;
	/** What was paid, tax included. */
	cents: number;
	currency: string;
	refundedCents: number;
	disputeState: 'open' | 'won' | 'lost' | null;
	paidAt: string;
	hasInvoice: boolean;
}

/**
 * What an account paid for, newest first. `limit` is clamped to 1…100; a cursor that this function did not give is refused with
 * `invalid_input`.
 */
export async function listPurchases(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	input: { actor: Actor; cursor?: string | undefined; limit: number },
): Promise<{ items: Purchase[]; nextCursor: string | null }> {
	const size = Math.min(Math.max(Math.trunc(input.limit), 1), PURCHASES_PAGE_MAX);
	const before = input.cursor === undefined ? undefined : isBefore(input.cursor);
	const rows = await db
		.select()
		.from(purchases)
		.where(and(eq(purchases.accountId, input.actor.accountId), before))
		.orderBy(desc(purchases.paidAtMs), desc(purchases.id))
		.limit(size + 1);
	const page = rows.slice(0, size);
	const last = page.at(-1);
	return {
		items: page.map((row) => ({
			id: row.id,
			item: row.item,
			title: titleOfItem(studio, row.item),
			credits: row.credits,
			cents: row.paidCents,
			currency: row.currency,
			refundedCents: row.refundedCents,
			disputeState: row.disputeState,
			paidAt: new Date(row.paidAtMs).toISOString(),
			hasInvoice: row.invoiceId !== null,
		})),
		nextCursor: rows.length > size && last !== undefined ? `${last.paidAtMs}~${last.id}` : null,
	};
}

function isBefore(cursor: string): SQL | undefined {
	const match = /^(\d{1,15})~(\w{1,255})$/.exec(cursor);
	const [, ms, id] = match ?? [];
	if (ms === undefined || id === undefined) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Leave it out to start with the newest entry.');
	}
	const paidAtMs = Number(ms);
	return or(lt(purchases.paidAtMs, paidAtMs), and(eq(purchases.paidAtMs, paidAtMs), lt(purchases.id, id)));
}
