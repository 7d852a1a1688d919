import { eq } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { purchases } from '../../../schema/billing';
import { collectOwedOf } from '../credits/collect-owed';
import { grantStatements, type GrantSource } from '../credits/statements';
import { inOneBatch } from '../credits/post-entry';
import { purchaseConversionStatement, tellsMeta } from '../conversions/conversion-statements';
import { withD1Retry } from '../d1-retry';
import { violates } from '../errors';
import { toCredits } from '../money';
import type { SyncDeps } from './sync-result';

export interface PaidPurchase {
	/** `pi_…`, `in_…`, or `cs_…` where nothing had to be paid: the paid object is what makes it once. */
	id: string;
	accountId: string;
	item: string;
	credits: number;
	source: Extract<GrantSource, 'pack' | 'plan'>;
	expiresAtMs: number;
	paidCents: number;
	currency: string;
	paymentId: string | null;
	invoiceId: string | null;
	paidAtMs: number;
	/** Our order at the till, where it is known: who opened it is who bought. */
	checkoutId?: string;
}

/**
 * Writes a purchase and grants its credits in one batch, with whatever else belongs to it. Whoever comes second, by whichever
 * event, writes nothing and learns so (P1).
 */
export async function grantPurchase(
	{ db, now, studio }: SyncDeps,
	{ credits, source, expiresAtMs, checkoutId, ...row }: PaidPurchase,
	alongside: readonly BatchItem<'sqlite'>[] = [],
): Promise<'granted' | 'granted_before'> {
	const statements = inOneBatch([
		// First, so that its primary key is what refuses a second one.
		db.insert(purchases).values({ ...row, credits }),
		...grantStatements(db, {
			entryId: `grant:stripe:${row.id}`,
			accountId: row.accountId,
			amount: toCredits(credits),
			source,
			expiresAtMs,
			purchaseId: row.id,
			nowMs: now().getTime(),
		}),
		// What Meta may be told is noted with what it is about; the sweep sends it.
		...(tellsMeta(studio) ? [purchaseConversionStatement({ db, now }, { purchaseId: row.id, checkoutId })] : []),
		...alongside,
	]);
	let outcome: 'granted' | 'granted_before' = 'granted';
	try {
		await withD1Retry(() => db.batch(statements));
	} catch (cause) {
		// SQLite names whichever of a repeated row's keys it meets first; another purchase of the same payment is no repeat.
		if (!violates(cause, 'purchases.') || !(await isThere(db, row.id))) throw cause;
		outcome = 'granted_before';
	}
	// So that nobody who has just paid is told to pay again. Where it stops half-way the sweep goes on.
	await collectOwedOf({ db, now }, { accountId: row.accountId });
	return outcome;
}

async function isThere(db: SyncDeps['db'], purchaseId: string): Promise<boolean> {
	const rows = await withD1Retry(() =>
		db.select({ id: purchases.id }).from(purchases).where(eq(purchases.id, purchaseId)),
	);
	return rows.length > 0;
}
