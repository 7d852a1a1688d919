import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { billingCustomers } from '../../../schema/billing';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { givenAccount } from '../../support/given';
import { renderWorld } from '../../support/render-world';
import { advanceOnce, erasureOf, receiptBodyOf, untilErased } from './erasure-world';

async function givenCustomer() {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const { id: customerId } = await deps.stripe.createCustomer({ accountId, idempotencyKey: accountId });
	deps.stripe.subscriptions.set(`sub_${accountId}`, {
		id: `sub_${accountId}`,
		customerId,
		status: 'active',
		priceKey: null,
		periodStartMs: null,
		periodEndMs: null,
		isEnding: false,
		card: null,
		createdAtMs: deps.now().getTime(),
	});
	await deps.db.insert(billingCustomers).values({ accountId, customerId, readAtMs: 1 });
	const requested = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	deps.clock.advance({ minutes: 20 });
	return { deps, accountId, customerId, ...requested };
}

test('the customer at Stripe is deleted and the plan with it, before the row that names it goes', async () => {
	const { deps, accountId, customerId, erasureId, receiptId } = await givenCustomer();
	await untilErased(deps, erasureId);
	expect(deps.stripe.customers.has(customerId)).toBe(false);
	expect(deps.stripe.subscriptions.get(`sub_${accountId}`)?.status).toBe('canceled');
	expect((await receiptBodyOf(deps, receiptId))?.places).toContainEqual(
		expect.objectContaining({ name: 'Stripe', state: 'deleted' }),
	);
});

test('while Stripe does not answer it is named, its row stays, and no receipt is signed', async () => {
	const { deps, accountId, erasureId, receiptId } = await givenCustomer();
	deps.stripe.meet('deleteCustomer', 'lost_after');
	expect(await advanceOnce(deps, erasureId)).toBe('blocked');
	expect((await erasureOf(deps, erasureId)).erasure).toMatchObject({ state: 'blocked', blockedLeg: 'payments' });
	const left = await env.DB.prepare('select 1 from billing_customers where account_id = ?').bind(accountId).all();
	expect(left.results).toHaveLength(1);
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();
	await untilErased(deps, erasureId);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased' });
});
