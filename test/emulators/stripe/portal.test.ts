import { afterAll, beforeEach, expect, test } from 'vitest';
import {
	DECLINED,
	FAILS_LATER,
	givenPrice,
	givenSubscription,
	startStripe,
	submit,
	VISA,
	idOf,
} from './stripe-account';

const { emulators, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const DAY = 86_400;
const RETURN_URL = 'http://afterglow.test/billing';

/** A portal for somebody with the plan Solo, who may change to Studio. */
async function givenPortal(flow_data?: object) {
	const { customer, subscription, price } = await givenSubscription(stripe);
	const studio = await givenPrice(stripe, { name: 'Studio', cents: 9000, interval: 'month' });
	const products = [price, studio].map(({ id, product }) => ({ product: idOf(product), prices: [id] }));
	const configuration = await stripe.billingPortal.configurations.create({
		business_profile: { headline: 'Afterglow' },
		features: {
			invoice_history: { enabled: true },
			payment_method_update: { enabled: true },
			subscription_cancel: { enabled: true, mode: 'at_period_end' },
			subscription_update: {
				enabled: true,
				default_allowed_updates: ['price'],
				products,
				proration_behavior: 'always_invoice',
				schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
			},
		},
	});
	const session = await stripe.billingPortal.sessions.create({
		customer: customer.id,
		configuration: configuration.id,
		return_url: RETURN_URL,
		...flow_data,
	});
	const action = `${emulators.origin}/stripe/portal/${session.id}`;
	const read = async () => (await fetch(session.url)).text();
	return { customer, subscription, price, studio, configuration, session, action, read };
}

test('the page shows card, plan, invoices and the way back', async () => {
	const { session, read } = await givenPortal();
	const page = await read();
	expect(session.url).toMatch(/\/stripe\/portal\/bps_\w+/);
	expect(page).toContain('visa ending in 4242, until 12/2040');
	expect(page).toContain('Change to Studio, €90.00 every month');
	expect(page).toMatch(/\/stripe\/invoice\/in_\w+/);
	expect(page).toContain(`<a href="${RETURN_URL}">Back to afterglow.test</a>`);
	expect(page).not.toContain('<script');
});

test('a new card is on file for the customer and for what runs, even one that will fail', async () => {
	const { customer, subscription, action, session, read } = await givenPortal();
	expect((await submit(`${action}/card`, DECLINED)).status).toBe(422);
	const changed = await submit(`${action}/card`, FAILS_LATER);
	expect([changed.status, changed.headers.get('location')]).toEqual([303, session.url]);
	expect(await read()).toContain('visa ending in 0341');
	const { default_payment_method: method } = await stripe.subscriptions.retrieve(subscription.id);
	expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
		invoice_settings: { default_payment_method: method },
	});

	control.advanceClock({ to: subscription.items.data[0]!.current_period_end });
	expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
	expect(await read()).toContain('The last payment failed.');

	expect((await submit(`${action}/card`, { ...VISA, card_number: '5555555555554444' })).status).toBe(303);
	control.advanceClock({ seconds: 3 * DAY });
	expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('the plan is changed and invoiced as the configuration says, and to no other price', async () => {
	const { subscription, studio, action } = await givenPortal();
	const other = await givenPrice(stripe, { name: 'Hidden', cents: 1, interval: 'month' });
	const refused = await submit(`${action}/plan`, { subscription: subscription.id, price: other.id });
	expect([refused.status, await refused.text()]).toEqual([
		422,
		expect.stringContaining('This plan cannot be chosen here.'),
	]);

	expect((await submit(`${action}/plan`, { subscription: subscription.id, price: studio.id })).status).toBe(303);

	const { items, latest_invoice } = await stripe.subscriptions.retrieve(subscription.id);
	expect(items.data.map(({ price }) => price.id)).toEqual([studio.id]);
	expect(await stripe.invoices.retrieve(idOf(latest_invoice))).toMatchObject({
		billing_reason: 'subscription_update',
		status: 'paid',
	});
});

test('a smaller plan begins with the next period, unless a larger one is chosen meanwhile', async () => {
	const { subscription, price: solo, studio, action, read: page } = await givenPortal();
	const choose = (price: string) => submit(`${action}/plan`, { subscription: subscription.id, price });
	const read = () => stripe.subscriptions.retrieve(subscription.id);
	const priceNow = async () => (await read()).items.data[0]!.price.id;
	const nextPeriod = async () => control.advanceClock({ to: (await read()).items.data[0]!.current_period_end });
	await choose(studio.id);

	expect((await choose(solo.id)).status).toBe(303);
	await choose(studio.id);
	await nextPeriod();
	expect(await priceNow()).toBe(studio.id);

	const invoice = (await read()).latest_invoice;
	await choose(solo.id);
	expect(await page()).toContain('Then it changes to Solo.');
	expect([await priceNow(), (await read()).latest_invoice]).toEqual([studio.id, invoice]);
	await nextPeriod();
	expect(await priceNow()).toBe(solo.id);
	const { lines } = await stripe.invoices.retrieve(idOf((await read()).latest_invoice));
	expect(lines.data.map(({ amount }) => amount)).toEqual([solo.unit_amount]);
});

test('the end is chosen and taken back, for one’s own subscription alone', async () => {
	const { subscription, action, read } = await givenPortal();
	expect((await submit(`${action}/cancel`, { subscription: subscription.id })).status).toBe(303);
	expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(true);
	expect(await read()).toContain('Keep Solo');
	expect((await submit(`${action}/keep`, { subscription: subscription.id })).status).toBe(303);
	expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);

	const stranger = await givenSubscription(stripe);
	expect((await submit(`${action}/cancel`, { subscription: stranger.subscription.id })).status).toBe(422);
	expect((await stripe.subscriptions.retrieve(stranger.subscription.id)).cancel_at_period_end).toBe(false);
	expect((await submit(`${action}/nonsense`, {})).status).toBe(404);
});

test('a flow shows its own section and goes back when it is done', async () => {
	const after_completion = { type: 'redirect', redirect: { return_url: `${RETURN_URL}?done=1` } };
	const { action, read } = await givenPortal({ flow_data: { type: 'payment_method_update', after_completion } });
	const page = await read();
	expect(page).toContain('Card on file');
	expect(page).not.toContain('Invoices');
	expect(page).not.toContain('Cancel Solo');
	expect((await submit(`${action}/card`, VISA)).headers.get('location')).toBe(`${RETURN_URL}?done=1`);
});

test('configurations are made, changed, listed, and one is the account’s default', async () => {
	const { configuration, customer } = await givenPortal();
	expect(configuration).toMatchObject({ id: expect.stringMatching(/^bpc_/), is_default: true, active: true });
	const changed = await stripe.billingPortal.configurations.update(configuration.id, {
		features: { subscription_cancel: { enabled: false } },
		metadata: { version: '2' },
	});
	expect(changed.features).toMatchObject({
		subscription_cancel: { enabled: false, mode: 'at_period_end' },
		subscription_update: { enabled: true, proration_behavior: 'always_invoice' },
	});
	expect((await stripe.billingPortal.configurations.list({ active: true })).data.map(({ id }) => id)).toEqual([
		configuration.id,
	]);
	const byDefault = await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: RETURN_URL });
	expect(byDefault.configuration).toBe(configuration.id);
	const wrong = [{ product: 'prod_none', prices: ['price_none'] }];
	const refused = stripe.billingPortal.configurations.create({
		features: { subscription_update: { enabled: true, default_allowed_updates: ['price'], products: wrong } },
	});
	await expect(refused).rejects.toMatchObject({ code: 'resource_missing' });
});

test('without a configuration there is no portal', async () => {
	const customer = await stripe.customers.create({});
	await expect(stripe.billingPortal.sessions.create({ customer: customer.id })).rejects.toMatchObject({
		statusCode: 400,
		message: expect.stringContaining('No configuration provided'),
	});
});
