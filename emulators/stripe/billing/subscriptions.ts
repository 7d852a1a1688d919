import { z } from 'zod';
import { found, newestFirst } from '../store';
import { invalid } from '../wire/errors';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { bool, clearable, int, metadata, text } from '../wire/params';
import type { World } from '../world';
import { cancelSubscription } from './cancel-subscription';
import { updateSubscription } from './update-subscription';

const cancellationDetails = z.strictObject({
	comment: clearable(text).optional(),
	feedback: clearable(text).optional(),
});

export const subscriptionUpdate = {
	billing_cycle_anchor: z.enum(['unchanged', 'now']).default('unchanged'),
	cancel_at_period_end: bool.optional(),
	cancellation_details: cancellationDetails.optional(),
	default_payment_method: clearable(text).optional(),
	description: clearable(text).optional(),
	items: z
		.array(
			z.strictObject({
				deleted: bool.default(false),
				id: text.optional(),
				price: text.optional(),
				quantity: int.pipe(z.int().min(0)).optional(),
			}),
		)
		.min(1)
		.optional(),
	metadata: metadata.optional(),
	payment_behavior: z.enum(['allow_incomplete', 'error_if_incomplete']).default('allow_incomplete'),
	proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).default('create_prorations'),
	proration_date: int.optional(),
};
export type SubscriptionUpdate = z.output<z.ZodObject<typeof subscriptionUpdate>>;

const filters = {
	customer: text.optional(),
	price: text.optional(),
	status: z
		.enum([
			'active',
			'all',
			'canceled',
			'ended',
			'incomplete',
			'incomplete_expired',
			'past_due',
			'paused',
			'trialing',
			'unpaid',
		])
		.optional(),
};

export function subscriptionOperations(world: World): Operation[] {
	const { store } = world;
	const find = (id: string) => found(store.subscriptions, 'subscription', id);
	return [
		operation('GET', '/v1/subscriptions/:id', {}, (_, id) => find(id)),
		operation('POST', '/v1/subscriptions/:id', subscriptionUpdate, (params, id) =>
			updateSubscription(world, find(id), params),
		),
		operation(
			'DELETE',
			'/v1/subscriptions/:id',
			{ cancellation_details: cancellationDetails.optional() },
			(params, id) => {
				const subscription = find(id);
				if (subscription.status === 'canceled')
					throw invalid(`No such subscription: '${id}'`, { code: 'resource_missing' });
				cancelSubscription(world, subscription, params.cancellation_details);
				return subscription;
			},
		),
		// Without `status` Stripe leaves out what is canceled.
		listOperation('/v1/subscriptions', filters, ({ customer, price, status }) =>
			newestFirst(store.subscriptions).filter(
				(subscription) =>
					matches({ customer }, subscription) &&
					(price === undefined || subscription.items.data.some((item) => item.price.id === price)) &&
					hasStatus(subscription.status, status),
			),
		),
		operation('GET', '/v1/subscription_items/:id', {}, (_, id) =>
			found(
				new Map([...store.subscriptions.values()].flatMap(({ items }) => items.data.map((item) => [item.id, item]))),
				'subscription_item',
				id,
			),
		),
	];
}

function hasStatus(status: string, wanted: z.output<typeof filters.status>): boolean {
	if (wanted === undefined) return status !== 'canceled';
	if (wanted === 'all') return true;
	return wanted === 'ended' ? ['canceled', 'incomplete_expired'].includes(status) : status === wanted;
}
