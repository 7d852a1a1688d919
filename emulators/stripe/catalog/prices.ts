import { z } from 'zod';
import { found, newestFirst } from '../store';
import { invalid } from '../wire/errors';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { bool, clearable, currency, int, mergeMetadata, metadata, text } from '../wire/params';
import type { Price } from '../wire/stored';
import { change, type World } from '../world';

const fields = {
	active: bool.optional(),
	lookup_key: text.max(200).optional(),
	metadata: metadata.optional(),
	nickname: clearable(text).optional(),
	tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
	transfer_lookup_key: bool.default(false),
};

const creation = {
	...fields,
	currency,
	product: text,
	unit_amount: int.pipe(z.int().min(0, 'Invalid non-negative integer')),
	recurring: z
		.strictObject({
			interval: z.enum(['day', 'week', 'month', 'year']),
			interval_count: int.pipe(z.int().min(1).max(36)).default(1),
			usage_type: z.enum(['licensed']).default('licensed'),
		})
		.optional(),
};

const filters = {
	active: bool.optional(),
	currency: currency.optional(),
	lookup_keys: z.array(text).max(10).optional(),
	product: text.optional(),
	type: z.enum(['one_time', 'recurring']).optional(),
};

export function priceOperations(world: World): Operation[] {
	const { store } = world;
	return [
		operation('POST', '/v1/prices', creation, (params) => {
			found(store.products, 'product', params.product, 'product');
			takeLookupKey(world, params.lookup_key, params.transfer_lookup_key);
			const price = newPrice(world, params);
			store.prices.set(price.id, price);
			world.emit('price.created', price);
			return price;
		}),
		operation('GET', '/v1/prices/:id', {}, (_, id) => found(store.prices, 'price', id)),
		operation('POST', '/v1/prices/:id', fields, ({ transfer_lookup_key, ...params }, id) => {
			const price = found(store.prices, 'price', id);
			if (params.lookup_key !== price.lookup_key) takeLookupKey(world, params.lookup_key, transfer_lookup_key);
			change(world, 'price.updated', price, { ...params, metadata: mergeMetadata(price.metadata, params.metadata) });
			return price;
		}),
		listOperation('/v1/prices', filters, ({ lookup_keys: keys, ...same }) =>
			newestFirst(store.prices).filter(
				(price) => matches(same, price) && (keys?.some((key) => key === price.lookup_key) ?? true),
			),
		),
	];
}

/** A lookup key belongs to one price; another gives it up only when the caller says so. */
function takeLookupKey(world: World, key: string | undefined, isTransferred: boolean): void {
	const holder = [...world.store.prices.values()].find((price) => key !== undefined && price.lookup_key === key);
	if (!holder) return;
	if (isTransferred) return change(world, 'price.updated', holder, { lookup_key: null });
	throw invalid(`A price (\`${holder.id}\`) already uses that lookup key. Set transfer_lookup_key=true to move it.`, {
		param: 'lookup_key',
	});
}

type NewPrice = z.output<z.ZodObject<typeof creation>>;

function newPrice({ ids, clock }: World, params: NewPrice): Price {
	const { active = true, lookup_key = null, nickname = null, tax_behavior = 'unspecified', unit_amount } = params;
	const recurring = params.recurring ? { ...params.recurring, meter: null, trial_period_days: null } : null;
	return {
		id: ids.next('price'),
		object: 'price',
		active,
		billing_scheme: 'per_unit',
		created: clock.now(),
		currency: params.currency,
		custom_unit_amount: null,
		livemode: false,
		lookup_key,
		metadata: mergeMetadata({}, params.metadata),
		nickname,
		product: params.product,
		recurring,
		tax_behavior,
		tiers_mode: null,
		transform_quantity: null,
		type: recurring ? 'recurring' : 'one_time',
		unit_amount,
		unit_amount_decimal: String(unit_amount),
	};
}
