import { itemOfPriceKey } from '../../studios/pricing';
import type { Studio } from '../../studios/studio';
import type {
	StripeCard,
	StripeCheckout,
	StripeDispute,
	StripeInvoice,
	StripeListed,
	StripeListing,
	StripePayment,
	StripeRefund,
	StripeSubscription,
} from '../../workers/core/billing/stripe-gateway';
import { AppError } from '../../workers/core/errors';

const MONTH_MS = 30 * 86_400_000;
const CARD: StripeCard = { brand: 'visa', last4: '4242' };

/** What lies at the fake Stripe, set and changed by tests as they like, and what people and Stripe itself do there. */
export class FakeStripeWorld {
	readonly checkouts = new Map<string, StripeCheckout>();
	readonly invoices = new Map<string, StripeInvoice>();
	readonly subscriptions = new Map<string, StripeSubscription>();
	readonly payments = new Map<string, StripePayment>();
	readonly refunds = new Map<string, StripeRefund>();
	readonly disputes = new Map<string, StripeDispute>();
	/** By customer. */
	readonly cards = new Map<string, StripeCard>();
	/** Accounts by their customer, in the order they were made. */
	readonly customers = new Map<string, string>();
	readonly prices = new Set<string>();
	readonly #studio: Studio;
	readonly #now: () => Date;

	constructor(studio: Studio, now: () => Date) {
		this.#studio = studio;
		this.#now = now;
	}

	nowMs(): number {
		return this.#now().getTime();
	}

	/** Somebody pays at the till for a pack: the session is complete, with its payment and its invoice. */
	payPack(sessionId: string, changed: Partial<StripeCheckout> = {}): StripePayment {
		const checkout = { ...have(this.checkouts, sessionId), ...changed };
		const { customerId, totalCents, currency } = checkout;
		const payment = this.#newPayment(customerId, totalCents, currency);
		const invoice = this.#keepInvoice({
			customerId,
			subscriptionId: null,
			paidCents: totalCents,
			currency,
			paymentId: payment.id,
			lines: [],
		});
		this.checkouts.set(sessionId, {
			...checkout,
			status: 'complete',
			paymentStatus: 'paid',
			paymentId: payment.id,
			invoiceId: invoice.id,
			...changed,
		});
		return payment;
	}

	/** Somebody pays at the till for a plan: the session is complete, the subscription runs, its first invoice is paid. */
	payPlan(sessionId: string): { subscription: StripeSubscription; invoice: StripeInvoice } {
		const checkout = have(this.checkouts, sessionId);
		const { customerId, line } = checkout;
		if (customerId === null) throw new Error('a plan belongs to a customer');
		const subscription: StripeSubscription = {
			id: newIdOf('sub'),
			customerId,
			status: 'active',
			priceKey: line?.priceKey ?? null,
			periodStartMs: this.nowMs(),
			periodEndMs: this.nowMs() + MONTH_MS,
			isEnding: false,
			card: CARD,
			createdAtMs: this.nowMs(),
		};
		this.subscriptions.set(subscription.id, subscription);
		this.cards.set(customerId, CARD);
		const invoice = this.#bill(subscription);
		this.checkouts.set(sessionId, {
			...checkout,
			status: 'complete',
			paymentStatus: 'paid',
			subscriptionId: subscription.id,
			invoiceId: invoice.id,
		});
		return { subscription, invoice };
	}

	/** The next month of a plan, paid. */
	renew(subscriptionId: string, changed: Partial<StripeInvoice> = {}): StripeInvoice {
		const before = have(this.subscriptions, subscriptionId);
		const periodStartMs = before.periodEndMs ?? this.nowMs();
		const subscription = { ...before, periodStartMs, periodEndMs: periodStartMs + MONTH_MS };
		this.subscriptions.set(subscriptionId, subscription);
		return this.#bill(subscription, changed);
	}

	/** Money given back: all that is left, unless told otherwise. Refuses more than that. */
	giveBack(paymentId: string, changed: Partial<StripeRefund> = {}): StripeRefund {
		const payment = have(this.payments, paymentId);
		const counted = byPayment(this.refunds, paymentId).filter(({ status }) => !['failed', 'canceled'].includes(status));
		const left = payment.receivedCents - counted.reduce((sum, { cents }) => sum + cents, 0);
		const refund: StripeRefund = {
			id: newIdOf('re'),
			paymentId,
			cents: left,
			currency: payment.currency,
			status: 'succeeded',
			createdAtMs: this.nowMs(),
			...changed,
		};
		if (refund.cents <= 0 || refund.cents > left) throw new AppError('conflict', 'That is more than what is left.');
		this.refunds.set(refund.id, refund);
		return refund;
	}

	dispute(paymentId: string, changed: Partial<StripeDispute> = {}): StripeDispute {
		const payment = have(this.payments, paymentId);
		const dispute: StripeDispute = {
			id: newIdOf('dp'),
			paymentId,
			cents: payment.receivedCents,
			currency: payment.currency,
			state: 'open',
			createdAtMs: this.nowMs(),
			...changed,
		};
		this.disputes.set(dispute.id, dispute);
		return dispute;
	}

	listed(kind: StripeListing, { fromMs, toMs }: { fromMs: number; toMs: number }): StripeListed[] {
		const isWithin = ({ createdAtMs }: { createdAtMs: number }) => createdAtMs >= fromMs && createdAtMs < toMs;
		switch (kind) {
			case 'checkout':
				return [...this.checkouts.values()].filter(isWithin).map((checkout) => ({ kind, checkout }));
			case 'invoice':
				return [...this.invoices.values()].filter(isWithin).map((invoice) => ({ kind, invoice }));
			case 'refund':
				return [...this.refunds.values()].filter(isWithin).map((refund) => ({ kind, refund }));
			case 'dispute':
				return [...this.disputes.values()].filter(isWithin).map((dispute) => ({ kind, dispute }));
		}
	}

	#bill(subscription: StripeSubscription, changed: Partial<StripeInvoice> = {}): StripeInvoice {
		const { priceKey, customerId, periodStartMs, periodEndMs } = subscription;
		const cents = priceKey === null ? 0 : (itemOfPriceKey(this.#studio, priceKey)?.cents ?? 0);
		const { currency } = this.#studio.pricing;
		return this.#keepInvoice({
			customerId,
			subscriptionId: subscription.id,
			paidCents: cents,
			currency,
			paymentId: this.#newPayment(customerId, cents, currency).id,
			lines: [
				{
					priceKey,
					cents,
					quantity: 1,
					isProration: false,
					periodStartMs: periodStartMs ?? 0,
					periodEndMs: periodEndMs ?? 0,
				},
			],
			...changed,
		});
	}

	#keepInvoice(
		told: Omit<StripeInvoice, 'id' | 'status' | 'createdAtMs' | 'paidAtMs'> & Partial<StripeInvoice>,
	): StripeInvoice {
		const at = { createdAtMs: this.nowMs(), paidAtMs: this.nowMs() };
		const invoice: StripeInvoice = { id: newIdOf('in'), status: 'paid', ...at, ...told };
		this.invoices.set(invoice.id, invoice);
		return invoice;
	}

	#newPayment(customerId: string | null, receivedCents: number, currency: string): StripePayment {
		const id = newIdOf('pi');
		const payment = { id, customerId, status: 'succeeded', receivedCents, currency, createdAtMs: this.nowMs() };
		this.payments.set(id, payment);
		return payment;
	}
}

export function newIdOf(prefix: string): string {
	return `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`;
}

/** Oldest first. */
export function byPayment<T extends { paymentId: string | null }>(map: ReadonlyMap<string, T>, paymentId: string): T[] {
	return [...map.values()].filter((each) => each.paymentId === paymentId);
}

function have<T>(map: ReadonlyMap<string, T>, id: string): T {
	const found = map.get(id);
	if (found === undefined) throw new Error(`the fake has no ${id}`);
	return found;
}
