import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { purchases } from '../../../schema/billing';
import { creditBuckets } from '../../../schema/credits';
import { auditPurchases } from '../../../workers/core/billing/audit-purchases';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { toCredits } from '../../../workers/core/money';
import { billingWorld, givenCustomer, givenPaidPack, tell } from './billing-world';

async function givenPurchase() {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps);
	const { sessionId, payment } = await givenPaidPack(deps, customer);
	await tell(deps, 'checkout.session.completed', sessionId);
	const about = async (id: string) => (await auditPurchases(deps)).filter((violation) => violation.includes(id));
	return { deps, accountId: customer.accountId, paymentId: payment.id, about };
}

test('what was paid for and granted is named by nothing', async () => {
	const { paymentId, about } = await givenPurchase();
	expect(await about(paymentId)).toEqual([]);
});

test('credits that nobody paid for are named, though the ledger adds up', async () => {
	const { deps, accountId, about } = await givenPurchase();
	const purchaseId = `pi_forged_${accountId}`;
	const entryId = `grant:stripe:${purchaseId}`;
	await grantCredits(deps, { entryId, accountId, amount: toCredits(5_000), source: 'pack', purchaseId });
	expect(await about(purchaseId)).toEqual([`${entryId}: credits that were bought, without a purchase`]);
	await deps.db.update(creditBuckets).set({ source: 'promo' }).where(eq(creditBuckets.id, entryId));
	expect(await about(purchaseId)).toEqual([]);
	await deps.db.update(creditBuckets).set({ source: 'pack' }).where(eq(creditBuckets.id, entryId));
});

test('a purchase that says another amount than was granted is named', async () => {
	const { deps, paymentId, about } = await givenPurchase();
	await deps.db.update(purchases).set({ credits: 101 }).where(eq(purchases.id, paymentId));
	expect(await about(paymentId)).toEqual([`${paymentId}: granted 100 of 101 credits`]);
	await deps.db.update(purchases).set({ credits: 100 }).where(eq(purchases.id, paymentId));
});
