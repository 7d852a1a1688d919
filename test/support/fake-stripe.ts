import type { Studio } from '../../studios/studio';
import type { StripeGateway } from '../../workers/core/billing/stripe-gateway';
import { AppError } from '../../workers/core/errors';
import { START } from './deps';
import { byPayment, FakeStripeWorld, newIdOf } from './fake-stripe-world';

type Call = Exclude<keyof StripeGateway, 'isLive'>;

/** What the next call of a name meets: nothing reached Stripe, Stripe did it and its answer was lost, or what it refuses with. */
export type StripeFate = 'lost_before' | 'lost_after' | Error;

/**
 * Stripe as core sees it, in memory: reads answer what lies in its maps at that moment. Repeating a call with the same
 * idempotency key answers what it answered before and makes nothing, as at Stripe.
 */
export class FakeStripe extends FakeStripeWorld implements StripeGateway {
	isLive = false;
	/** Every call, oldest first, with what it was asked. */
	readonly calls: { readonly name: Call; readonly input: unknown }[] = [];
	/** Called before a call is answered: to change the world between two reads of an operation. */
	before: (name: Call, input: unknown) => Promise<void> = () => Promise.resolve();
	readonly #fates = new Map<Call, StripeFate[]>();
	readonly #answered = new Map<string, { id: string }>();

	count(name: Call): number {
		return this.calls.filter((call) => call.name === name).length;
	}

	/** What the next calls of this name meet, one each. */
	meet(name: Call, ...fates: StripeFate[]): void {
		this.#fates.set(name, [...(this.#fates.get(name) ?? []), ...fates]);
	}

	async #answer<T>(name: Call, input: unknown, work: () => T): Promise<T> {
		this.calls.push({ name, input: structuredClone(input) });
		const fate = this.#fates.get(name)?.shift();
		await this.before(name, input);
		if (fate === 'lost_before') throw unreachable();
		if (fate instanceof Error) throw fate;
		const done = structuredClone(work());
		if (fate === 'lost_after') throw unreachable();
		return done;
	}

	#once<T extends { id: string }>(key: string, known: (id: string) => T | undefined, work: () => T): T {
		const before = this.#answered.get(key);
		const answer = before === undefined ? undefined : known(before.id);
		if (answer !== undefined) return answer;
		const done = work();
		this.#answered.set(key, { id: done.id });
		return done;
	}

	createCustomer(input: Parameters<StripeGateway['createCustomer']>[0]) {
		return this.#answer('createCustomer', input, () =>
			this.#once(
				input.idempotencyKey,
				(id) => ({ id }),
				() => {
					const id = newIdOf('cus');
					this.customers.set(id, input.accountId);
					return { id };
				},
			),
		);
	}

	deleteCustomer(customerId: string) {
		return this.#answer('deleteCustomer', { customerId }, () => {
			this.customers.delete(customerId);
			this.cards.delete(customerId);
			for (const [id, plan] of this.subscriptions) {
				if (plan.customerId === customerId) this.subscriptions.set(id, { ...plan, status: 'canceled' });
			}
		});
	}

	isCustomerGone(customerId: string) {
		return this.#answer('isCustomerGone', { customerId }, () => !this.customers.has(customerId));
	}

	openCheckout(input: Parameters<StripeGateway['openCheckout']>[0]) {
		const { checkoutId, customerId, mode, priceKey, unitCents, currency } = input;
		return this.#answer('openCheckout', input, () =>
			this.#once(checkoutId, tillOf, () => {
				const id = newIdOf('cs');
				this.checkouts.set(id, {
					id,
					checkoutId,
					customerId,
					mode,
					status: 'open',
					paymentStatus: 'unpaid',
					line: { priceKey, quantity: 1, unitCents, currency },
					totalCents: unitCents,
					currency,
					paymentId: null,
					subscriptionId: null,
					invoiceId: null,
					createdAtMs: this.nowMs(),
				});
				return tillOf(id);
			}),
		);
	}

	expireCheckout(sessionId: string) {
		return this.#answer('expireCheckout', { sessionId }, () => {
			const checkout = this.checkouts.get(sessionId);
			if (checkout?.status === 'open') this.checkouts.set(sessionId, { ...checkout, status: 'expired' });
		});
	}

	openPortal(input: Parameters<StripeGateway['openPortal']>[0]) {
		return this.#answer('openPortal', input, () => ({ url: `https://billing.stripe.test/${newIdOf('bps')}` }));
	}

	readCheckout(id: string) {
		return this.#answer('readCheckout', { id }, () => this.checkouts.get(id) ?? null);
	}

	findCheckoutOf(paymentId: string) {
		return this.#answer('findCheckoutOf', { paymentId }, () => byPayment(this.checkouts, paymentId)[0] ?? null);
	}

	readInvoice(id: string) {
		return this.#answer('readInvoice', { id }, () => this.invoices.get(id) ?? null);
	}

	findInvoiceOf(paymentId: string) {
		return this.#answer('findInvoiceOf', { paymentId }, () => byPayment(this.invoices, paymentId)[0] ?? null);
	}

	readInvoicePage(id: string) {
		const url = `https://invoice.stripe.test/${id}`;
		return this.#answer('readInvoicePage', { id }, () =>
			this.invoices.has(id) ? { url, pdfUrl: `${url}/pdf` } : null,
		);
	}

	readSubscription(id: string) {
		return this.#answer('readSubscription', { id }, () => this.subscriptions.get(id) ?? null);
	}

	listSubscriptions(customerId: string) {
		return this.#answer('listSubscriptions', { customerId }, () =>
			[...this.subscriptions.values()].filter((one) => one.customerId === customerId),
		);
	}

	readCard(customerId: string) {
		return this.#answer('readCard', { customerId }, () => this.cards.get(customerId) ?? null);
	}

	readPayment(id: string) {
		return this.#answer('readPayment', { id }, () => this.payments.get(id) ?? null);
	}

	readRefund(id: string) {
		return this.#answer('readRefund', { id }, () => this.refunds.get(id) ?? null);
	}

	listRefunds(paymentId: string) {
		return this.#answer('listRefunds', { paymentId }, () => byPayment(this.refunds, paymentId));
	}

	readDispute(id: string) {
		return this.#answer('readDispute', { id }, () => this.disputes.get(id) ?? null);
	}

	listDisputes(paymentId: string) {
		return this.#answer('listDisputes', { paymentId }, () => byPayment(this.disputes, paymentId));
	}

	refund(input: Parameters<StripeGateway['refund']>[0]) {
		const { paymentId, cents, idempotencyKey } = input;
		return this.#answer('refund', input, () =>
			this.#once(
				idempotencyKey,
				(id) => this.refunds.get(id),
				() => this.giveBack(paymentId, cents === null ? {} : { cents }),
			),
		);
	}

	list(...[kind, within]: Parameters<StripeGateway['list']>) {
		return this.#answer('list', { kind, ...within }, () => this.listed(kind, within));
	}

	prepare(input: Parameters<StripeGateway['prepare']>[0]) {
		return this.#answer('prepare', input, () => {
			const made = input.items.map(({ priceKey }) => priceKey).filter((key) => !this.prices.has(key));
			for (const key of made) this.prices.add(key);
			return { made };
		});
	}
}

export function fakeStripe(studio: Studio, { now = () => START }: { now?: () => Date } = {}): FakeStripe {
	return new FakeStripe(studio, now);
}

function tillOf(id: string): { id: string; url: string } {
	return { id, url: `https://checkout.stripe.test/${id}` };
}

function unreachable(): AppError {
	return new AppError('upstream_unavailable', 'Stripe does not answer at the moment. Try again in a minute.');
}
