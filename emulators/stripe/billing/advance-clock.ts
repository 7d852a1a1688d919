import { expireSession } from '../checkout/expire-session';
import type { World } from '../world';
import { announceRenewal, announcementKey, renewSubscription, retryPayment } from './renew-subscription';

const DAY_SECONDS = 86_400;

/** How long before a renewal Stripe sends `invoice.upcoming`; a setting of the account there. */
const UPCOMING_DAYS = 7;

/** What happens by itself at a time. */
interface Due {
	readonly at: number;
	readonly run: () => void;
}

/** Ten years of a daily subscription with its announcements: more is a loop that does not end. */
const STEPS_MAX = 10_000;

/** Moves the account's time to `to` and lets everything happen on the way that is due, in its order and at its own second. */
export function advanceClock(world: World, to: number): void {
	if (to < world.clock.now()) throw new RangeError('The clock goes forward only.');
	for (let step = 0; step < STEPS_MAX; step += 1) {
		const [next] = dues(world)
			.filter(({ at }) => at <= to)
			.toSorted((a, b) => a.at - b.at);
		if (!next) return world.clock.moveTo(Math.max(to, world.clock.now()));
		world.clock.during(next.at, next.run);
	}
	throw new RangeError(`More than ${STEPS_MAX} things are due until then.`);
}

function dues(world: World): Due[] {
	const { store } = world;
	const renewals = [...store.subscriptions.values()]
		.filter(({ status }) => ['active', 'past_due', 'unpaid'].includes(status))
		.flatMap((subscription): Due[] => {
			const end = subscription.items.data[0]?.current_period_end ?? Infinity;
			const renewal = { at: end, run: () => renewSubscription(world, subscription) };
			const isAnnounced = store.hidden.announcedRenewals.has(announcementKey(subscription));
			if (isAnnounced || subscription.cancel_at_period_end) return [renewal];
			return [renewal, { at: end - UPCOMING_DAYS * DAY_SECONDS, run: () => announceRenewal(world, subscription) }];
		});
	const retries = [...store.invoices.values()]
		.filter(({ next_payment_attempt: at, status }) => at !== null && status === 'open')
		.map((invoice) => ({ at: invoice.next_payment_attempt ?? 0, run: () => retryPayment(world, invoice) }));
	const expiries = [...store.checkoutSessions.values()]
		.filter(({ status }) => status === 'open')
		.map((session) => ({ at: session.expires_at, run: () => expireSession(world, session) }));
	return [...renewals, ...retries, ...expiries];
}
