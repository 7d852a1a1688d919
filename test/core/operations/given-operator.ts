import { asc, eq } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { purchases } from '../../../schema/billing';
import type { StripeGateway, StripeRefund } from '../../../workers/core/billing/stripe-gateway';
import { AppError } from '../../../workers/core/errors';
import type { TestDeps } from '../../support/deps';

export const WHENCE = { network: '203.0.113.0/24', country: 'DE', browser: null };

/** What the operator left in an account's record, oldest first. */
export function recordOf({ db }: Pick<TestDeps, 'db'>, accountId: string) {
	return db
		.select()
		.from(auditEntries)
		.where(eq(auditEntries.accountId, accountId))
		.orderBy(asc(auditEntries.createdAtMs), asc(auditEntries.action));
}

export async function givenPurchase(
	{ db, now }: Pick<TestDeps, 'db' | 'now'>,
	accountId: string,
	changed: Partial<typeof purchases.$inferInsert> = {},
): Promise<typeof purchases.$inferSelect> {
	const id = `pi_${crypto.randomUUID().replaceAll('-', '')}`;
	const row = { id, accountId, item: 'pack.100', credits: 100, paidCents: 1900, currency: 'usd' };
	const [stored] = await db
		.insert(purchases)
		.values({ ...row, paymentId: id, paidAtMs: now().getTime(), ...changed })
		.returning();
	return stored!;
}

type Asked = Parameters<StripeGateway['refund']>[0];

/** A Stripe that refunds once for each idempotency key, and can lose an answer or refuse. */
export function fakeRefunds() {
	const asked: Asked[] = [];
	const made = new Map<string, StripeRefund>();
	const hand: { next: 'answer' | 'lose' | 'refuse' | StripeRefund['status'] } = { next: 'answer' };
	const refund: StripeGateway['refund'] = (input) => {
		asked.push(input);
		const { next } = hand;
		hand.next = 'answer';
		if (next === 'refuse') return Promise.reject(new AppError('conflict', 'Stripe refuses this refund. Look there.'));
		const known = made.get(input.idempotencyKey) ?? {
			id: `re_${made.size + 1}${crypto.randomUUID().slice(0, 8)}`,
			paymentId: input.paymentId,
			cents: input.cents ?? 0,
			currency: 'usd',
			status: next === 'answer' || next === 'lose' ? ('succeeded' as const) : next,
			createdAtMs: 0,
		};
		made.set(input.idempotencyKey, known);
		return next === 'lose'
			? Promise.reject(new AppError('upstream_unavailable', 'Stripe could not be reached. Try again in a minute.'))
			: Promise.resolve(known);
	};
	const readRefund: StripeGateway['readRefund'] = (id) =>
		Promise.resolve([...made.values()].find((one) => one.id === id) ?? null);
	const listRefunds: StripeGateway['listRefunds'] = (paymentId) =>
		Promise.resolve([...made.values()].filter((one) => one.paymentId === paymentId));
	return { stripe: { refund, readRefund, listRefunds }, asked, made, hand };
}
