import { z } from 'zod';
import { found, newestFirst } from '../store';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { bool, clearable, int, mergeMetadata, metadata, text } from '../wire/params';
import type { PortalConfiguration } from '../wire/stored';
import { change, type World } from '../world';

const enabled = { enabled: bool };

const features = z.strictObject({
	customer_update: z.strictObject({ ...enabled, allowed_updates: clearable(z.array(text)).optional() }).optional(),
	invoice_history: z.strictObject(enabled).optional(),
	payment_method_update: z.strictObject(enabled).optional(),
	subscription_cancel: z
		.strictObject({
			...enabled,
			cancellation_reason: z.strictObject({ ...enabled, options: clearable(z.array(text)).optional() }).optional(),
			mode: z.enum(['at_period_end', 'immediately']).optional(),
			proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
		})
		.optional(),
	subscription_update: z
		.strictObject({
			...enabled,
			default_allowed_updates: clearable(z.array(z.enum(['price', 'promotion_code', 'quantity']))).optional(),
			products: clearable(
				z.array(
					z.strictObject({
						adjustable_quantity: z
							.strictObject({ ...enabled, maximum: int.optional(), minimum: int.optional() })
							.optional(),
						prices: z.array(text),
						product: text,
					}),
				),
			).optional(),
			proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
			schedule_at_period_end: z
				.strictObject({
					conditions: clearable(
						z.array(z.strictObject({ type: z.enum(['decreasing_item_amount', 'shortening_interval']) })),
					).optional(),
				})
				.optional(),
		})
		.optional(),
});
type Features = z.output<typeof features>;

const profile = z.strictObject({
	headline: clearable(text).optional(),
	privacy_policy_url: clearable(text).optional(),
	terms_of_service_url: clearable(text).optional(),
});

const fields = {
	business_profile: profile.optional(),
	default_return_url: clearable(text).optional(),
	metadata: metadata.optional(),
	name: clearable(text).optional(),
};

export function portalConfigurationOperations(world: World): Operation[] {
	const { clock, ids, store } = world;
	const find = (id: string) => found(store.portalConfigurations, 'configuration', id);
	return [
		operation('POST', '/v1/billing_portal/configurations', { ...fields, features }, (params) => {
			const configuration: PortalConfiguration = {
				id: ids.next('bpc'),
				object: 'billing_portal.configuration',
				active: true,
				application: null,
				business_profile: {
					headline: null,
					privacy_policy_url: null,
					terms_of_service_url: null,
					...defined(params.business_profile),
				},
				created: clock.now(),
				default_return_url: params.default_return_url ?? null,
				features: mergeFeatures(NO_FEATURES, params.features),
				is_default: store.portalConfigurations.size === 0,
				livemode: false,
				login_page: { enabled: false, url: null },
				metadata: mergeMetadata({}, params.metadata),
				name: params.name ?? null,
				updated: clock.now(),
			};
			refuseUnknownPrices(world, configuration);
			store.portalConfigurations.set(configuration.id, configuration);
			world.emit('billing_portal.configuration.created', configuration);
			return configuration;
		}),
		operation('GET', '/v1/billing_portal/configurations/:id', {}, (_, id) => find(id)),
		operation(
			'POST',
			'/v1/billing_portal/configurations/:id',
			{ ...fields, active: bool.optional(), features: features.optional() },
			(params, id) => {
				const configuration = find(id);
				const patch = {
					active: params.active,
					business_profile: { ...configuration.business_profile, ...defined(params.business_profile) },
					default_return_url: params.default_return_url,
					features: mergeFeatures(configuration.features, params.features ?? {}),
					metadata: mergeMetadata(configuration.metadata ?? {}, params.metadata),
					name: params.name,
					updated: clock.now(),
				};
				refuseUnknownPrices(world, { features: patch.features });
				change(world, 'billing_portal.configuration.updated', configuration, patch);
				return configuration;
			},
		),
		listOperation(
			'/v1/billing_portal/configurations',
			{ active: bool.optional(), is_default: bool.optional() },
			(filters) => newestFirst(store.portalConfigurations).filter((one) => matches(filters, one)),
		),
	];
}

const NO_FEATURES: PortalConfiguration['features'] = {
	customer_update: { allowed_updates: [], enabled: false },
	invoice_history: { enabled: false },
	payment_method_update: { enabled: false, payment_method_configuration: null },
	subscription_cancel: {
		cancellation_reason: { enabled: false, feedback_options: null, options: [] },
		enabled: false,
		mode: 'at_period_end',
		proration_behavior: 'none',
	},
	subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
	subscription_update: {
		billing_cycle_anchor: 'unchanged',
		default_allowed_updates: [],
		enabled: false,
		products: [],
		proration_behavior: 'none',
		schedule_at_period_end: { conditions: [] },
		trial_update_behavior: 'end_trial',
	},
};

function mergeFeatures(before: PortalConfiguration['features'], given: Features): PortalConfiguration['features'] {
	const { customer_update: customer, subscription_cancel: cancel, subscription_update: update } = given;
	const products = update?.products?.map(({ adjustable_quantity: quantity, ...product }) => ({
		...product,
		adjustable_quantity: {
			enabled: quantity?.enabled ?? false,
			maximum: quantity?.maximum ?? null,
			minimum: quantity?.minimum ?? 1,
		},
	}));
	return {
		...before,
		customer_update: {
			enabled: customer?.enabled ?? before.customer_update.enabled,
			allowed_updates: customer?.allowed_updates ?? before.customer_update.allowed_updates,
		},
		invoice_history: given.invoice_history ?? before.invoice_history,
		payment_method_update: { ...before.payment_method_update, ...given.payment_method_update },
		subscription_cancel: {
			cancellation_reason: {
				enabled: cancel?.cancellation_reason?.enabled ?? before.subscription_cancel.cancellation_reason.enabled,
				feedback_options: null,
				options: cancel?.cancellation_reason?.options ?? before.subscription_cancel.cancellation_reason.options,
			},
			enabled: cancel?.enabled ?? before.subscription_cancel.enabled,
			mode: cancel?.mode ?? before.subscription_cancel.mode,
			proration_behavior: cancel?.proration_behavior ?? before.subscription_cancel.proration_behavior,
		},
		subscription_update: {
			...before.subscription_update,
			default_allowed_updates: update?.default_allowed_updates ?? before.subscription_update.default_allowed_updates,
			enabled: update?.enabled ?? before.subscription_update.enabled,
			products: products ?? before.subscription_update.products ?? [],
			proration_behavior: update?.proration_behavior ?? before.subscription_update.proration_behavior,
			schedule_at_period_end: {
				conditions:
					update?.schedule_at_period_end?.conditions ?? before.subscription_update.schedule_at_period_end.conditions,
			},
		},
	};
}

function refuseUnknownPrices({ store }: World, { features: chosen }: Pick<PortalConfiguration, 'features'>): void {
	for (const { prices, product } of chosen.subscription_update.products ?? []) {
		const param = 'features[subscription_update][products]';
		found(store.products, 'product', product, param);
		for (const price of prices) found(store.prices, 'price', price, param);
	}
}

function defined<T extends object>(given: T | undefined): { [Key in keyof T]: Exclude<T[Key], undefined> } {
	const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
