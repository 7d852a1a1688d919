import { z } from 'zod';
import { cancelSubscription } from '../billing/cancel-subscription';
import { found, newestFirst } from '../store';
import { randomLetters } from '../wire/ids';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { address, clearable, mergeMetadata, metadata, text } from '../wire/params';
import type { Address, Customer } from '../wire/stored';
import { change, type World } from '../world';

const fields = {
	address: clearable(address).optional(),
	description: clearable(text).optional(),
	email: clearable(text.max(512)).optional(),
	invoice_settings: z.strictObject({ default_payment_method: clearable(text).optional() }).optional(),
	metadata: metadata.optional(),
	name: clearable(text).optional(),
	phone: clearable(text).optional(),
	preferred_locales: z.array(text).optional(),
	tax_exempt: clearable(z.enum(['exempt', 'none', 'reverse'])).optional(),
};
type CustomerFields = Omit<z.output<z.ZodObject<typeof fields>>, 'address'>;
type AddressPart = { [Key in keyof Address]?: string | null | undefined };

const updates = { ...fields, tax: z.strictObject({ validate_location: text.optional() }).optional() };

export function customerOperations(world: World): Operation[] {
	const { store } = world;
	return [
		operation('POST', '/v1/customers', updates, (params) => createCustomer(world, params)),
		{
			method: 'GET',
			path: '/v1/customers/:id',
			run: (_, id) => store.deletedCustomers.get(id) ?? found(store.customers, 'customer', id),
		},
		operation('POST', '/v1/customers/:id', updates, ({ tax: _tax, ...params }, id) => {
			const customer = found(store.customers, 'customer', id);
			const method = params.invoice_settings?.default_payment_method;
			if (method) found(store.paymentMethods, 'PaymentMethod', method, 'invoice_settings[default_payment_method]');
			change(world, 'customer.updated', customer, {
				...params,
				address: params.address === undefined ? undefined : wholeAddress(params.address),
				invoice_settings: {
					...customer.invoice_settings,
					...(method !== undefined && { default_payment_method: method }),
				},
				metadata: mergeMetadata(customer.metadata, params.metadata),
			});
			return customer;
		}),
		operation('DELETE', '/v1/customers/:id', {}, (_, id) => deleteCustomer(world, id)),
		listOperation('/v1/customers', { email: text.optional(), test_clock: text.optional() }, ({ email }) =>
			newestFirst(store.customers).filter((customer) => matches({ email }, customer)),
		),
		operation(
			'GET',
			'/v1/customers/:id/payment_methods',
			{ type: text.optional(), limit: text.optional() },
			(_, id) => {
				found(store.customers, 'customer', id);
				const data = newestFirst(store.paymentMethods).filter(({ customer }) => customer === id);
				return { object: 'list', data, has_more: false, url: `/v1/customers/${id}/payment_methods` };
			},
		),
	];
}

/** A new customer, as the API and Checkout make one. */
export function createCustomer(
	world: World,
	params: CustomerFields & { address?: AddressPart | null | undefined },
): Customer {
	const { clock, ids, store } = world;
	const customer: Customer = {
		id: ids.next('cus'),
		object: 'customer',
		address: wholeAddress(params.address ?? null),
		balance: 0,
		created: clock.now(),
		currency: null,
		customer_account: null,
		default_source: null,
		delinquent: false,
		description: params.description ?? null,
		discount: null,
		email: params.email ?? null,
		invoice_prefix: randomLetters(8).toUpperCase(),
		invoice_settings: {
			custom_fields: null,
			default_payment_method: null,
			footer: null,
			rendering_options: null,
		},
		livemode: false,
		metadata: mergeMetadata({}, params.metadata),
		name: params.name ?? null,
		next_invoice_sequence: 1,
		phone: params.phone ?? null,
		preferred_locales: params.preferred_locales ?? [],
		shipping: null,
		tax_exempt: params.tax_exempt ?? 'none',
		test_clock: null,
	};
	store.customers.set(customer.id, customer);
	world.emit('customer.created', customer);
	return customer;
}

function deleteCustomer(world: World, id: string) {
	const { store } = world;
	const gone = store.deletedCustomers.get(id);
	if (gone) return gone;
	const customer = found(store.customers, 'customer', id);
	for (const subscription of store.subscriptions.values()) {
		if (subscription.customer === id && subscription.status !== 'canceled') cancelSubscription(world, subscription);
	}
	const deleted = { id, object: 'customer', deleted: true } as const;
	store.customers.delete(id);
	store.deletedCustomers.set(id, deleted);
	world.emit('customer.deleted', customer);
	return deleted;
}

/** Stripe's address names every field. */
export function wholeAddress(part: AddressPart | null): Address | null {
	if (part === null) return null;
	const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = part;
	return { city, country, line1, line2, postal_code, state };
}
