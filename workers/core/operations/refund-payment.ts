import { eq, inArray, or } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { purchases } from '../../../schema/billing';
import type { Whence } from '../actor';
import { entryIdOf, operatorStatement } from '../audit/operator-entry';
import type { StripeGateway, StripeRefund } from '../billing/stripe-gateway';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';

/** Stripe answers a repeat as it answered the first for a day at least; an hour less, for clocks. */
const REPEATED_MS = 23 * 3_600_000;

type RefundDeps = Pick<Deps, 'db' | 'now' | 'newId'> & {
	stripe: Pick<StripeGateway, 'refund' | 'readRefund' | 'listRefunds'>;
};

export interface OperatorRefund {
	whence: Whence;
	/** `pi_…` or `in_…` */
	paymentId: string;
	/** Tax included; null: all that is left. */
	cents: number | null;
	reason: string;
	/** Chosen by the caller: the same refund under the same key is made once. */
	key: string;
}

export interface MadeRefund {
	accountId: string;
	/** `re_…` */
	refundId: string;
	cents: number;
	currency: string;
}

/**
 * Gives money back at Stripe; its credits follow with the event that Stripe sends of it. What is asked for is recorded before
 * it is asked, and what became of it after, so that nothing goes back unrecorded and a repeat answers what was made instead
 * of refunding once more; whether it went through or came back is Stripe's to say, each time. Refuses a payment that is not known with `not_found`; more than is left, another refund under the same
 * key, one that was paid outside of Stripe or that Stripe cannot make, and one of yesterday whose answer was lost with `conflict`.
 */
export async function refundPayment(deps: RefundDeps, order: OperatorRefund): Promise<MadeRefund> {
	const { paymentId, cents, key } = order;
	const purchase = await readPurchase(deps, paymentId);
	const name = `refund:${purchase.id}:${key}`;
	const known = await readRecords(deps, name);
	if (known.made !== null) return answerMade(deps, known.made, purchase, order);
	const asked = known.asked ?? (await recordAsked(deps, order, { purchase, name }));
	if (asked.wanted !== wantedOf(cents)) throw anotherRefund();
	if (asked.atMs < deps.now().getTime() - REPEATED_MS) {
		throw new AppError(
			'conflict',
			'This refund was begun more than a day ago, and no answer was kept. Look at the payment at Stripe. If it was not refunded there, choose a new key.',
		);
	}
	const refund = await deps.stripe.refund({
		paymentId: purchase.stripePaymentId,
		cents: asked.cents,
		idempotencyKey: `operator:${name}`,
	});
	requireUnfailed(refund);
	await recordMade(deps, order, { purchase, name, refundId: refund.id, cents: refund.cents });
	const { accountId, currency } = purchase;
	return { accountId, refundId: refund.id, cents: refund.cents, currency };
}

interface Refundable {
	id: string;
	accountId: string;
	currency: string;
	paidCents: number;
	stripePaymentId: string;
}

async function readPurchase({ db }: Pick<Deps, 'db'>, paymentId: string): Promise<Refundable> {
	const [row] = await withD1Retry(() =>
		db
			.select()
			.from(purchases)
			.where(or(eq(purchases.id, paymentId), eq(purchases.paymentId, paymentId))),
	);
	if (row === undefined) throw notFound('payment');
	const { id, accountId, currency, paidCents } = row;
	const stripePaymentId = id.startsWith('pi_') ? id : row.paymentId;
	if (stripePaymentId === null) {
		throw new AppError('conflict', 'Nothing was paid through Stripe for this. Give the money back where it came from.');
	}
	return { id, accountId, currency, paidCents, stripePaymentId };
}

interface Asked {
	/** What the caller asked for: an amount, or the rest. */
	wanted: string;
	cents: number;
	atMs: number;
}

/** What was recorded of a refund of this name: that it was asked for, and that it was made. */
async function readRecords({ db }: Pick<Deps, 'db'>, name: string) {
	const [askedId, madeId] = await Promise.all([entryIdOf(name), entryIdOf(`${name}:made`)]);
	const rows = await withD1Retry(() =>
		db
			.select()
			.from(auditEntries)
			.where(inArray(auditEntries.id, [askedId, madeId])),
	);
	const asked = rows.find(({ id }) => id === askedId);
	const made = rows.find(({ id }) => id === madeId);
	return {
		asked: asked === undefined ? null : toAsked(asked.facts, asked.createdAtMs),
		made: made === undefined ? null : made.facts,
	};
}

function toAsked(facts: Readonly<Record<string, string>>, atMs: number): Asked {
	return { wanted: facts['wanted'] ?? '', cents: Number(facts['cents']), atMs };
}

function wantedOf(cents: number | null): string {
	return cents === null ? 'rest' : String(cents);
}

/** What Stripe can still give back: also what is on its way there, or came back, and was not told of here yet. */
async function readLeft({ stripe }: RefundDeps, { paidCents, stripePaymentId }: Refundable): Promise<number> {
	const refunds = await stripe.listRefunds(stripePaymentId);
	const counted = refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
	return counted.reduce((left, { cents }) => left - cents, paidCents);
}

/** Records that it is asked for, as the amount that it is now. Of two at once the first counts. */
async function recordAsked(
	deps: RefundDeps,
	{ whence, cents, reason }: OperatorRefund,
	{ purchase, name }: { purchase: Refundable; name: string },
): Promise<Asked> {
	const { accountId, currency } = purchase;
	const leftCents = await readLeft(deps, purchase);
	const amount = cents ?? leftCents;
	if (amount > leftCents || leftCents <= 0) {
		const left =
			leftCents <= 0 ? 'All of this payment was refunded.' : `${moneyOf(leftCents, currency)} are left of it.`;
		throw new AppError('conflict', `${left} Nothing was refunded now.`, {
			details: { leftCents: Math.max(leftCents, 0) },
		});
	}
	const facts = { wanted: wantedOf(cents), cents: String(amount), amount: moneyOf(amount, currency) };
	const entry = { action: 'refund.asked', targetId: purchase.id, facts, reason } as const;
	const record = await operatorStatement(deps, { whence, accountId, name, ...entry });
	await withD1Retry(() => record.statement.run());
	const { asked } = await readRecords(deps, name);
	if (asked === null) throw new Error('a refund that was recorded is not there');
	return asked;
}

async function recordMade(
	deps: RefundDeps,
	{ whence, cents, reason }: OperatorRefund,
	made: { purchase: Refundable; name: string; refundId: string; cents: number },
): Promise<void> {
	const { id, accountId, currency } = made.purchase;
	const facts = {
		wanted: wantedOf(cents),
		cents: String(made.cents),
		amount: moneyOf(made.cents, currency),
		refund: made.refundId,
	};
	const entry = { action: 'refund.made', targetId: id, facts, reason } as const;
	const record = await operatorStatement(deps, { whence, accountId, name: `${made.name}:made`, ...entry });
	await withD1Retry(() => record.statement.run());
}

async function answerMade(
	{ stripe }: RefundDeps,
	facts: Readonly<Record<string, string>>,
	{ accountId, currency }: Refundable,
	{ cents }: OperatorRefund,
): Promise<MadeRefund> {
	if (facts['wanted'] !== wantedOf(cents)) throw anotherRefund();
	const refundId = facts['refund'] ?? '';
	const refund = await stripe.readRefund(refundId);
	if (refund !== null) requireUnfailed(refund);
	return { accountId, refundId, cents: Number(facts['cents']), currency };
}

/** A bank may send money back days after Stripe said that it is on its way. */
function requireUnfailed({ status }: StripeRefund): void {
	if (status !== 'failed' && status !== 'canceled') return;
	throw new AppError(
		'conflict',
		'Stripe could not give this money back. Look at the payment there, and choose a new key to try again.',
	);
}

function anotherRefund(): AppError {
	return new AppError('conflict', 'This key stands for another refund of this payment. Choose a new one.');
}

/** "19.00 USD" */
function moneyOf(cents: number, currency: string): string {
	return `${(cents / 100).toFixed(2)} ${currency.toUpperCase()}`;
}
