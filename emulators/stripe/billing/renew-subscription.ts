import { found } from '../store';
import type { Invoice, Price, Subscription } from '../wire/stored';
import { change, changing, type World } from '../world';
import { cancelSubscription } from './cancel-subscription';
import { collectInvoice, retryInvoice } from './collect-invoice';
import { periodLine } from './invoice-lines';
import { draftInvoice } from './new-invoice';
import { planOf } from './new-subscription';
import { periodFrom } from './periods';

/** The end of a period: the subscription ends, if it was told to, or the next period begins and is invoiced. */
export function renewSubscription(world: World, subscription: Subscription): void {
	if (subscription.cancel_at_period_end) return cancelSubscription(world, subscription);
	const [first] = subscription.items.data;
	const [periodStart, periodEnd] = [first?.current_period_start ?? 0, first?.current_period_end ?? 0];
	changing(world, 'customer.subscription.updated', subscription, () => {
		const scheduled = takeScheduledPrice(world, subscription);
		subscription.items.data = subscription.items.data.map((before) => {
			const item = scheduled === undefined ? before : { ...before, price: scheduled, plan: planOf(scheduled) };
			const period = periodFrom(item.current_period_end, subscription.billing_cycle_anchor, item.price);
			return { ...item, current_period_start: period.start, current_period_end: period.end };
		});
		collectInvoice(world, subscription, {
			reason: 'subscription_cycle',
			lines: nextLines(world, subscription),
			periodStart,
			periodEnd,
		});
	});
}

/** What somebody chose in the portal to begin with the next period. */
function takeScheduledPrice({ store }: World, { id }: Subscription): Price | undefined {
	const price = store.prices.get(store.hidden.scheduledPrices.get(id) ?? '');
	store.hidden.scheduledPrices.delete(id);
	return price;
}

function nextLines(world: World, { items }: Subscription) {
	return items.data.map((item) =>
		periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }),
	);
}

/** Tells, some days ahead, what the next invoice will be. It is not kept. */
export function announceRenewal(world: World, subscription: Subscription): void {
	const { store } = world;
	const [first] = subscription.items.data;
	if (!first) return;
	store.hidden.announcedRenewals.add(announcementKey(subscription));
	const lines = subscription.items.data.map((item) =>
		periodLine(world, item, periodFrom(item.current_period_end, subscription.billing_cycle_anchor, item.price)),
	);
	const invoice = draftInvoice(world, `upcoming_${world.ids.next('in')}`, {
		customer: found(store.customers, 'customer', subscription.customer),
		subscription,
		lines: [...(store.hidden.pendingLines.get(subscription.id) ?? []), ...lines],
		reason: 'upcoming',
		periodStart: first.current_period_start,
		periodEnd: first.current_period_end,
		metadata: {},
		description: null,
	});
	world.emit('invoice.upcoming', { ...invoice, next_payment_attempt: first.current_period_end });
}

export function announcementKey({ id, items }: Subscription): string {
	return `${id}:${items.data[0]?.current_period_end ?? 0}`;
}

/** Tries an invoice again whose day has come; the last failure ends the subscription as the account has it. */
export function retryPayment(world: World, invoice: Invoice): void {
	const subscription = world.store.subscriptions.get(invoice.parent?.subscription_details?.subscription ?? '');
	if (!subscription) return;
	const decline = changing(world, 'customer.subscription.updated', subscription, () =>
		retryInvoice(world, invoice, subscription),
	);
	if (!decline || invoice.next_payment_attempt !== null) return;
	const { afterLastRetry } = world.settings;
	if (afterLastRetry === 'cancel') cancelSubscription(world, subscription, { reason: 'payment_failed' });
	if (afterLastRetry === 'mark_unpaid')
		change(world, 'customer.subscription.updated', subscription, { status: 'unpaid' });
}
