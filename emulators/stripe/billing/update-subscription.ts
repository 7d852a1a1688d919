import { declineOf, GENERIC_DECLINE } from '../payments/declines';
import { found } from '../store';
import { invalid, StripeRefusal } from '../wire/errors';
import { mergeMetadata } from '../wire/params';
import type { Price, Subscription, SubscriptionItem } from '../wire/stored';
import { changing, type World } from '../world';
import { collectInvoice, lastPaidLine, paymentMethodOf, takeTold } from './collect-invoice';
import { creditLine, type LineDraft, periodLine, remainderLine } from './invoice-lines';
import { newItem, planOf } from './new-subscription';
import { periodFrom } from './periods';
import type { SubscriptionUpdate } from './subscriptions';

/** The items before and after, told apart by whether they cost something else now. */
interface ItemPlan {
	readonly next: SubscriptionItem[];
	readonly leaving: SubscriptionItem[];
	readonly joining: SubscriptionItem[];
	/** Another interval, or `billing_cycle_anchor=now`: a whole period begins now and is invoiced at once. */
	readonly isNewCycle: boolean;
}

/** Changes the subscription and, as `proration_behavior` has it, invoices the difference now, later or never. */
export function updateSubscription(world: World, subscription: Subscription, params: SubscriptionUpdate): Subscription {
	const { store } = world;
	if (subscription.status === 'canceled') {
		throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
	}
	const method = params.default_payment_method;
	if (method) found(store.paymentMethods, 'PaymentMethod', method, 'default_payment_method');
	const plan = planItems(world, subscription, params);
	const at = prorationTime(world, subscription, params.proration_date);
	const isInvoiced =
		plan.isNewCycle ||
		(params.proration_behavior === 'always_invoice' && plan.leaving.length + plan.joining.length > 0);
	if (isInvoiced && params.payment_behavior === 'error_if_incomplete') refuseDecline(world, subscription);
	changing(world, 'customer.subscription.updated', subscription, () => {
		assignFields(world, subscription, params);
		const lines = params.proration_behavior === 'none' ? [] : prorations(world, plan, at);
		const [periodStart, periodEnd] = [subscription.items.data[0]?.current_period_start ?? at, at];
		subscription.items.data = plan.next;
		if (plan.isNewCycle) lines.push(...beginCycle(world, subscription));
		if (isInvoiced) {
			collectInvoice(world, subscription, { reason: 'subscription_update', lines, periodStart, periodEnd });
		} else if (lines.length > 0) {
			const waiting = store.hidden.pendingLines.get(subscription.id) ?? [];
			store.hidden.pendingLines.set(subscription.id, [
				...waiting,
				...lines.map((line) => ({ ...line, invoice: null })),
			]);
		}
	});
	return subscription;
}

function planItems(
	world: World,
	subscription: Subscription,
	{ items = [], billing_cycle_anchor }: SubscriptionUpdate,
): ItemPlan {
	const { store } = world;
	const next = subscription.items.data.map((item) => ({ ...item }));
	const before = subscription.items.data;
	for (const [index, change] of items.entries()) {
		const price =
			change.price === undefined ? undefined : recurringPrice(store.prices, change.price, `items[${index}][price]`);
		if (change.id === undefined) {
			next.push(addedItem(world, subscription, price, change.quantity ?? 1, index));
			continue;
		}
		const position = next.findIndex(({ id }) => id === change.id);
		const item = next[position];
		if (!item)
			throw invalid(`No such subscription item: '${change.id}'`, {
				param: `items[${index}][id]`,
				code: 'resource_missing',
			});
		if (change.deleted) next.splice(position, 1);
		else
			next[position] = {
				...item,
				...(price && { price, plan: planOf(price) }),
				quantity: change.quantity ?? item.quantity ?? 1,
			};
	}
	if (next.length === 0) throw invalid('A subscription must have at least one active plan.', { param: 'items' });
	const [interval, ...others] = new Set(next.map(({ price }) => intervalOf(price)));
	if (others.length > 0)
		throw invalid('Currency and interval fields must match across all plans on this subscription.');
	const [had, has] = [before.map(costOf), next.map(costOf)];
	return {
		next,
		leaving: before.filter((item) => !has.includes(costOf(item))),
		joining: next.filter((item) => !had.includes(costOf(item))),
		isNewCycle: billing_cycle_anchor === 'now' || before.some(({ price }) => intervalOf(price) !== interval),
	};
}

/** What makes an item cost what it costs. */
function costOf({ id, price, quantity }: SubscriptionItem): string {
	return `${id} ${price.id} ${quantity}`;
}

function addedItem(
	world: World,
	subscription: Subscription,
	price: Price | undefined,
	quantity: number,
	index: number,
): SubscriptionItem {
	if (!price) throw invalid(`Missing required param: items[${index}][price].`, { code: 'parameter_missing' });
	const [first] = subscription.items.data;
	if (subscription.items.data.some((item) => item.price.id === price.id)) {
		throw invalid(`Cannot add multiple subscription items with the same plan: \`${price.id}\``, { param: 'items' });
	}
	const period = { start: first?.current_period_start ?? 0, end: first?.current_period_end ?? 0 };
	return newItem(world, subscription.id, { price, quantity }, period);
}

function recurringPrice(prices: ReadonlyMap<string, Price>, id: string, param: string): Price {
	const price = found(prices, 'price', id, param);
	if (price.recurring) return price;
	throw invalid(
		`The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
		{ param },
	);
}

function intervalOf({ currency, recurring }: Price): string {
	return `${currency} ${recurring?.interval_count} ${recurring?.interval}`;
}

function prorations(world: World, { leaving, joining, isNewCycle }: ItemPlan, at: number): LineDraft[] {
	const credits = leaving.map((item) => creditLine(world, item, at, lastPaidLine(world, item.id)));
	return isNewCycle ? credits : [...credits, ...joining.map((item) => remainderLine(world, item, at))];
}

/** Starts every item's period now, with the lines that pay for it. */
function beginCycle(world: World, subscription: Subscription): LineDraft[] {
	const now = world.clock.now();
	subscription.billing_cycle_anchor = now;
	return subscription.items.data.map((item) => {
		const period = periodFrom(now, now, item.price);
		Object.assign(item, { current_period_start: period.start, current_period_end: period.end });
		return periodLine(world, item, period);
	});
}

function prorationTime({ clock }: World, { items }: Subscription, given: number | undefined): number {
	const at = given ?? clock.now();
	const [item] = items.data;
	if (given === undefined || !item || (at >= item.current_period_start && at <= item.current_period_end)) return at;
	throw invalid('Cannot specify a proration date outside of the current period.', { param: 'proration_date' });
}

/** `error_if_incomplete`: a card that will be declined leaves everything as it was. */
function refuseDecline(world: World, subscription: Subscription): void {
	const method = paymentMethodOf(world, subscription);
	const behaviour = world.store.hidden.cards.get(method?.id ?? '');
	const decline = takeTold(world, subscription) ? GENERIC_DECLINE : behaviour && declineOf(behaviour);
	if (!decline) return;
	const { code, declineCode, message } = decline;
	throw new StripeRefusal({ status: 402, type: 'card_error', code, decline_code: declineCode, message });
}

function assignFields({ clock }: World, subscription: Subscription, params: SubscriptionUpdate): void {
	const { cancel_at_period_end: ends, cancellation_details: details, default_payment_method, description } = params;
	subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
	if (description !== undefined) subscription.description = description;
	if (default_payment_method !== undefined) subscription.default_payment_method = default_payment_method;
	if (details) {
		const { comment = null, feedback = null } = details;
		subscription.cancellation_details = { comment, feedback, feedback_option: null, reason: 'cancellation_requested' };
	}
	if (ends === undefined || ends === subscription.cancel_at_period_end) return;
	const end = subscription.items.data[0]?.current_period_end ?? null;
	Object.assign(subscription, {
		cancel_at_period_end: ends,
		cancel_at: ends ? end : null,
		canceled_at: ends ? clock.now() : null,
	});
}
