import { afterAll, beforeEach, expect, test } from 'vitest';
import { givenPrice, givenSubscription, startStripe } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
const typesSoFar = () => control.events().map(({ type }) => type);

test('products and prices are made, found by their lookup keys, changed and listed', async () => {
	const product = await stripe.products.create({ name: 'Solo', metadata: { plan: 'solo' } });
	const price = await stripe.prices.create({
		product: product.id,
		currency: 'EUR',
		unit_amount: 2900,
		recurring: { interval: 'month' },
		lookup_key: 'solo',
		tax_behavior: 'exclusive',
	});

	expect(product.id).toMatch(/^prod_\w{14}$/);
	expect(price).toMatchObject({
		type: 'recurring',
		currency: 'eur',
		unit_amount: 2900,
		recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
		tax_behavior: 'exclusive',
	});
	expect(price.unit_amount_decimal?.toString()).toBe('2900');
	const found = await stripe.prices.list({ lookup_keys: ['solo', 'none'], active: true, expand: ['data.product'] });
	expect(found.data.map(({ id, product: of }) => [id, typeof of === 'object' && 'name' in of && of.name])).toEqual([
		[price.id, 'Solo'],
	]);

	const dearer = { product: product.id, currency: 'eur', unit_amount: 3900, lookup_key: 'solo' };
	await expect(stripe.prices.create(dearer)).rejects.toMatchObject({ param: 'lookup_key' });
	const next = await stripe.prices.create({ ...dearer, transfer_lookup_key: true });
	expect((await stripe.prices.list({ lookup_keys: ['solo'] })).data.map(({ id }) => id)).toEqual([next.id]);
	expect((await stripe.prices.retrieve(price.id)).lookup_key).toBeNull();

	await stripe.prices.update(price.id, { lookup_key: 'solo', transfer_lookup_key: true, active: false });
	expect((await stripe.prices.list({ lookup_keys: ['solo'], active: true })).data).toEqual([]);
	expect((await stripe.products.update(product.id, { name: 'Solo, new' })).name).toBe('Solo, new');
	expect(typesSoFar()).toEqual([
		'product.created',
		'price.created',
		'price.updated',
		'price.created',
		'price.updated',
		'price.updated',
		'product.updated',
	]);
});

test('a customer is made, changed and deleted, with the running subscription', async () => {
	const { customer, subscription } = await givenSubscription(stripe);
	const changed = await stripe.customers.update(customer.id, {
		name: 'Ada Lovelace',
		address: { country: 'DE', line1: 'Hauptstraße 1' },
		metadata: { account: 'acc_1', empty: '' },
	});
	expect(changed).toMatchObject({ name: 'Ada Lovelace', metadata: { account: 'acc_1' } });
	expect(changed.address).toMatchObject({ country: 'DE', city: null });
	expect((await stripe.customers.update(customer.id, { metadata: { account: '' } })).metadata).toEqual({});
	const update = control.events().findLast(({ type }) => type === 'customer.updated');
	expect(update?.data.previous_attributes).toEqual({ metadata: { account: 'acc_1' } });

	const gone = await stripe.customers.del(customer.id);

	expect(gone).toEqual({ id: customer.id, object: 'customer', deleted: true });
	expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
	expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'canceled' });
	expect(typesSoFar().slice(-2)).toEqual(['customer.subscription.deleted', 'customer.deleted']);
	expect((await stripe.customers.list({ email: 'ada@practice.test' })).data).toEqual([]);
});

test('lists come the newest first, in pages both ways, bounded by time', async () => {
	const ids: string[] = [];
	for (const number of [1, 2, 3, 4, 5]) {
		const { id } = await stripe.customers.create({ description: `Number ${number}` });
		ids.unshift(id);
		control.advanceClock({ seconds: 100 });
	}

	const first = await stripe.customers.list({ limit: 2 });
	expect([idsOf(first), first.has_more, first.url]).toEqual([ids.slice(0, 2), true, '/v1/customers']);
	const second = await stripe.customers.list({ limit: 3, starting_after: ids[1]! });
	expect([idsOf(second), second.has_more]).toEqual([ids.slice(2), false]);
	const before = await stripe.customers.list({ limit: 2, ending_before: ids[3]! });
	expect([idsOf(before), before.has_more]).toEqual([ids.slice(1, 3), true]);
	const everybody = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
	expect(everybody.map(({ id }) => id)).toEqual(ids);

	const middle = (await stripe.customers.list()).data[2]!;
	const at = middle.created;
	expect(idsOf(await stripe.customers.list({ created: { gte: at } }))).toEqual(ids.slice(0, 3));
	expect(idsOf(await stripe.customers.list({ created: { gt: at } }))).toEqual(ids.slice(0, 2));
	expect(idsOf(await stripe.customers.list({ created: { lt: at } }))).toEqual(ids.slice(3));
	expect(idsOf(await stripe.customers.list({ created: { lte: at, gt: at - 150 } }))).toEqual(ids.slice(2, 4));
	expect(idsOf(await stripe.customers.list({ created: at }))).toEqual([middle.id]);
	await expect(stripe.customers.list({ starting_after: 'cus_none' })).rejects.toMatchObject({ statusCode: 400 });
});

test('the next object of a kind gets the id that a control gives', async () => {
	control.nameNext('price_pro');
	expect((await givenPrice(stripe)).id).toBe('price_pro');
	expect((await givenPrice(stripe)).id).not.toBe('price_pro');
	expect(() => control.nameNext('nonsense')).toThrow(RangeError);
});
