import { z } from 'zod';
import { found, newestFirst } from '../store';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { bool, clearable, mergeMetadata, metadata, text } from '../wire/params';
import type { Product } from '../wire/stored';
import { change, type World } from '../world';

const fields = {
	active: bool.optional(),
	description: clearable(text).optional(),
	metadata: metadata.optional(),
	statement_descriptor: text.max(22).optional(),
	tax_code: clearable(text).optional(),
	unit_label: clearable(text).optional(),
	url: clearable(text).optional(),
};

export function productOperations(world: World): Operation[] {
	const { store } = world;
	return [
		operation('POST', '/v1/products', { ...fields, id: text.optional(), name: text }, (params) => {
			const product = newProduct(world, params);
			store.products.set(product.id, product);
			world.emit('product.created', product);
			return product;
		}),
		operation('GET', '/v1/products/:id', {}, (_, id) => found(store.products, 'product', id)),
		operation('POST', '/v1/products/:id', { ...fields, name: text.optional() }, (params, id) => {
			const product = found(store.products, 'product', id);
			const patch = { ...params, metadata: mergeMetadata(product.metadata, params.metadata) };
			change(world, 'product.updated', product, patch);
			return product;
		}),
		listOperation('/v1/products', { active: bool.optional(), ids: z.array(text).optional() }, ({ active, ids }) =>
			newestFirst(store.products).filter(
				(product) => matches({ active }, product) && (ids?.includes(product.id) ?? true),
			),
		),
	];
}

type NewProduct = { name: string; id?: string | undefined } & z.output<z.ZodObject<typeof fields>>;

function newProduct({ ids, clock }: World, params: NewProduct): Product {
	const { active = true, description = null, name, statement_descriptor = null, url = null } = params;
	return {
		id: params.id ?? ids.next('prod'),
		object: 'product',
		active,
		created: clock.now(),
		default_price: null,
		description,
		images: [],
		livemode: false,
		marketing_features: [],
		metadata: mergeMetadata({}, params.metadata),
		name,
		package_dimensions: null,
		shippable: null,
		statement_descriptor,
		tax_code: params.tax_code ?? null,
		tax_details: null,
		type: 'service',
		unit_label: params.unit_label ?? null,
		updated: clock.now(),
		url,
	};
}
