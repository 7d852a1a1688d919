import { z } from 'zod';
import { found } from '../store';
import { invalid } from '../wire/errors';
import { randomLetters } from '../wire/ids';
import { type Operation, operation } from '../wire/operation';
import { text } from '../wire/params';
import type { PortalConfiguration, PortalSession } from '../wire/stored';
import type { World } from '../world';

const subscription = z.strictObject({ subscription: text });

const creation = {
	configuration: text.optional(),
	customer: text,
	flow_data: z
		.strictObject({
			after_completion: z
				.strictObject({
					redirect: z.strictObject({ return_url: text }).optional(),
					type: z.enum(['portal_homepage', 'redirect']),
				})
				.optional(),
			subscription_cancel: subscription.optional(),
			subscription_update: subscription.optional(),
			type: z.enum(['payment_method_update', 'subscription_cancel', 'subscription_update']),
		})
		.optional(),
	locale: text.optional(),
	return_url: text.optional(),
};
type Flow = NonNullable<z.output<typeof creation.flow_data>>;

export function portalSessionOperations(world: World): Operation[] {
	const { baseOf, clock, ids, store } = world;
	return [
		operation('POST', '/v1/billing_portal/sessions', creation, (params) => {
			const customer = found(store.customers, 'customer', params.customer, 'customer');
			const configuration = configurationOf(world, params.configuration);
			const id = ids.next('bps');
			const session: PortalSession = {
				id,
				object: 'billing_portal.session',
				configuration: configuration.id,
				created: clock.now(),
				customer: customer.id,
				customer_account: null,
				flow: params.flow_data ? flowOf(world, params.flow_data) : null,
				livemode: false,
				locale: params.locale ?? null,
				on_behalf_of: null,
				return_url: params.return_url ?? configuration.default_return_url,
				url: `${baseOf()}/portal/${id}?s=${randomLetters(24)}`,
			};
			store.portalSessions.set(id, session);
			world.emit('billing_portal.session.created', session);
			return session;
		}),
	];
}

function configurationOf({ store }: World, id: string | undefined): PortalConfiguration {
	if (id !== undefined) return found(store.portalConfigurations, 'configuration', id, 'configuration');
	const standard = [...store.portalConfigurations.values()].find((one) => one.is_default);
	if (standard) return standard;
	throw invalid(
		'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode.',
	);
}

function flowOf({ store }: World, flow: Flow): NonNullable<PortalSession['flow']> {
	const { after_completion: after, subscription_cancel: cancel, subscription_update: update, type } = flow;
	for (const part of [cancel, update]) {
		if (part) found(store.subscriptions, 'subscription', part.subscription, `flow_data[${type}][subscription]`);
	}
	return {
		after_completion: {
			hosted_confirmation: null,
			redirect: after?.redirect ?? null,
			type: after?.type ?? 'portal_homepage',
		},
		customer_update: null,
		subscription_cancel: cancel ? { ...cancel, retention: null } : null,
		subscription_pause: null,
		subscription_update: update ?? null,
		subscription_update_confirm: null,
		type,
	};
}
