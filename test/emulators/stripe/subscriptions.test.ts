import { afterAll, beforeEach, expect, test } from 'vitest';
import { givenPrice, givenSubscription, pay, startStripe, URLS, idOf } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
afterAll(() => emulators.close());
beforeEach(() => control.reset());

const DAY = 86_400;

const typesSince = (count: number) =>
	control
		.events()
		.slice(count)
		.map(({ type }) => type);
const invoicesOf = async (subscription: string) => (await stripe.invoices.list({ subscription })).data;

function secondsOf(text: string): number {
	return Date.parse(text) / 1000;
}

test('a subscription that is bought runs, with its first invoice paid by the saved card', async () => {
	const { customer, subscription, session, price } = await givenSubscription(stripe);
	const whole = await stripe.subscriptions.retrieve(subscription.id, {
		expand: ['default_payment_method', 'latest_invoice', 'items.data.price'],
	});
	const [item] = whole.items.data;

	expect(session).toMatchObject({ mode: 'subscription', payment_status: 'paid', subscription: subscription.id });
	expect(session.payment_intent).toBeNull();
	expect(whole).toMatchObject({
		status: 'active',
		customer: customer.id,
		metadata: { account: 'acc_1' },
		default_payment_method: { type: 'card', card: { last4: '4242' }, customer: customer.id },
		latest_invoice: { status: 'paid', billing_reason: 'subscription_create', amount_paid: 3000 },
	});
	expect(item).toMatchObject({ price: { id: price.id }, quantity: 1, current_period_start: whole.created });
	expect('current_period_end' in whole).toBe(false);
	const [invoice] = await invoicesOf(subscription.id);
	expect(invoice).toMatchObject({
		parent: {
			type: 'subscription_details',
			subscription_details: { subscription: subscription.id, metadata: { account: 'acc_1' } },
		},
		number: expect.stringMatching(/^[A-Z0-9]{8}-0001$/),
	});
	expect(invoice!.lines.data).toMatchObject([
		{
			amount: 3000,
			description: '1 × Solo (at €30.00 / month)',
			period: { start: item!.current_period_start, end: item!.current_period_end },
			pricing: { price_details: { price: price.id, product: price.product } },
			parent: { subscription_item_details: { proration: false, subscription_item: item!.id } },
		},
	]);
	expect(typesSince(0).filter((type) => /subscription|invoice|checkout/.test(type))).toEqual([
		'customer.subscription.created',
		'invoice.created',
		'invoice.finalized',
		'invoice_payment.paid',
		'invoice.paid',
		'invoice.payment_succeeded',
		'customer.subscription.updated',
		'checkout.session.completed',
	]);
	const created = control.events().find(({ type }) => type === 'customer.subscription.created');
	expect(created?.data.object).toMatchObject({ status: 'incomplete' });
});

test('an invoice has pages to read and is found by the payment that paid it', async () => {
	const { subscription } = await givenSubscription(stripe);
	const invoice = (await invoicesOf(subscription.id))[0]!;
	const { data } = await stripe.invoicePayments.list({ invoice: invoice.id });
	const paymentIntent = idOf(data[0]!.payment.payment_intent);
	const payment = { type: 'payment_intent', payment_intent: paymentIntent } as const;
	expect(data[0]).toMatchObject({ status: 'paid', amount_paid: 3000, payment: { type: 'payment_intent' } });
	expect((await stripe.invoicePayments.list({ payment })).data.map((one) => one.invoice)).toEqual([invoice.id]);
	const expanded = await stripe.invoices.retrieve(invoice.id, { expand: ['payments', 'lines', 'customer'] });
	expect(expanded.payments?.data.map(({ id }) => id)).toEqual([data[0]!.id]);

	const page = await fetch(invoice.hosted_invoice_url!);
	expect(await page.text()).toContain('1 × Solo (at €30.00 / month): €30.00');
	const pdf = await fetch(invoice.invoice_pdf!);
	expect(pdf.headers.get('content-type')).toBe('application/pdf');
	const file = Buffer.from(await pdf.arrayBuffer()).toString('latin1');
	expect(file).toMatch(/^%PDF-1\.4\n[^]*startxref\n\d+\n%%EOF\n$/);
	expect(file.slice(Number(/startxref\n(\d+)/.exec(file)![1]))).toMatch(/^xref\n/);
	expect(file).toContain(`(Invoice ${invoice.number})`);
});

test('renewals keep the day of the month, or the last day of a shorter one', async () => {
	control.advanceClock({ to: secondsOf('2027-01-31T10:00:00Z') });
	const { subscription } = await givenSubscription(stripe);
	const anchor = subscription.billing_cycle_anchor;
	const time = (anchor % DAY) - (secondsOf('2027-01-31T10:00:00Z') % DAY);

	control.advanceClock({ to: secondsOf('2027-05-01T10:00:00Z') + time });

	const invoices = await invoicesOf(subscription.id);
	const startsOf = invoices
		.toReversed()
		.map(({ lines }) => new Date(lines.data[0]!.period.start * 1000).toISOString().slice(0, 10));
	expect(startsOf).toEqual(['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']);
	expect(
		invoices.slice(0, 3).map(({ billing_reason, status, amount_paid }) => [billing_reason, status, amount_paid]),
	).toEqual(Array.from({ length: 3 }, () => ['subscription_cycle', 'paid', 3000]));
	const { items } = await stripe.subscriptions.retrieve(subscription.id);
	expect(new Date(items.data[0]!.current_period_end * 1000).toISOString().slice(0, 10)).toBe('2027-05-31');
	expect(invoices[0]!.created).toBe(invoices[0]!.lines.data[0]!.period.start);
	expect((await stripe.paymentIntents.list({ limit: 100 })).data).toHaveLength(4);
});

test('a renewal is announced a week before, with what it will cost', async () => {
	const { subscription } = await givenSubscription(stripe);
	const end = subscription.items.data[0]!.current_period_end;
	control.advanceClock({ to: end - 7 * DAY - 1 });
	expect(typesSince(0)).not.toContain('invoice.upcoming');
	control.advanceClock({ to: end - 1 });
	const upcoming = control.events().filter(({ type }) => type === 'invoice.upcoming');
	expect(upcoming.map(({ created, data }) => [created, data.object])).toMatchObject([
		[end - 7 * DAY, { amount_due: 3000, billing_reason: 'upcoming', next_payment_attempt: end }],
	]);
	expect(await invoicesOf(subscription.id)).toHaveLength(1);
});

test('a renewal that is declined leaves the subscription past due until a retry is paid', async () => {
	const { subscription, customer } = await givenSubscription(stripe);
	const end = subscription.items.data[0]!.current_period_end;
	control.failNextRenewal({ id: subscription.id });
	const before = control.events().length;
	control.advanceClock({ to: end });

	const [open] = await invoicesOf(subscription.id);
	expect(open).toMatchObject({
		status: 'open',
		attempt_count: 1,
		amount_remaining: 3000,
		next_payment_attempt: end + 3 * DAY,
	});
	expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
	expect((await stripe.subscriptions.list({ customer: customer.id, status: 'past_due' })).data).toHaveLength(1);
	expect(typesSince(before)).toEqual([
		'invoice.upcoming',
		'invoice.created',
		'invoice.finalized',
		'payment_intent.created',
		'charge.failed',
		'payment_intent.payment_failed',
		'invoice.payment_failed',
		'customer.updated',
		'customer.subscription.updated',
	]);

	control.advanceClock({ seconds: 3 * DAY });

	expect((await invoicesOf(subscription.id))[0]).toMatchObject({ id: open!.id, status: 'paid', attempt_count: 2 });
	expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test.each([
	['cancel', 'canceled'],
	['mark_unpaid', 'unpaid'],
	['leave_past_due', 'past_due'],
] as const)('after the last retry the account’s choice %s makes it %s', async (afterLastRetry, status) => {
	control.set({ afterLastRetry });
	const { subscription, customer } = await givenSubscription(stripe);
	const end = subscription.items.data[0]!.current_period_end;
	for (const wait of [0, 3, 8, 15]) {
		control.failNextRenewal({ id: customer.id });
		control.advanceClock({ to: end + wait * DAY });
	}
	const ended = await stripe.subscriptions.retrieve(subscription.id);
	expect(ended.status).toBe(status);
	expect((await invoicesOf(subscription.id))[0]).toMatchObject({
		status: 'open',
		attempt_count: 4,
		next_payment_attempt: null,
	});
	control.advanceClock({ seconds: 31 * DAY });
	const statuses = {
		canceled: ['open', 'paid'],
		unpaid: ['draft', 'open', 'paid'],
		past_due: ['paid', 'open', 'paid'],
	};
	expect((await invoicesOf(subscription.id)).map((invoice) => invoice.status)).toEqual(statuses[status]);
	expect(ended.cancellation_details?.reason).toBe(status === 'canceled' ? 'payment_failed' : null);
});

test('an open invoice is paid by a call, out of band, or given up', async () => {
	const { subscription } = await givenSubscription(stripe);
	const failOnce = () => {
		control.failNextRenewal({ id: subscription.id });
		control.advanceClock({ seconds: 31 * DAY });
	};
	failOnce();
	const [first] = await invoicesOf(subscription.id);
	control.failNextRenewal({ id: subscription.id });
	await expect(stripe.invoices.pay(first!.id)).rejects.toMatchObject({
		statusCode: 402,
		type: 'StripeCardError',
		code: 'card_declined',
		decline_code: 'generic_decline',
	});
	expect(await stripe.invoices.pay(first!.id)).toMatchObject({ status: 'paid' });
	expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
	await expect(stripe.invoices.pay(first!.id)).rejects.toMatchObject({ code: 'invoice_already_paid' });

	failOnce();
	const [second] = await invoicesOf(subscription.id);
	const before = control.events().length;
	expect(await stripe.invoices.pay(second!.id, { paid_out_of_band: true })).toMatchObject({ status: 'paid' });
	expect(typesSince(before)).toContain('invoice.paid');
	expect(typesSince(before)).not.toContain('invoice.payment_succeeded');

	failOnce();
	const [third] = await invoicesOf(subscription.id);
	expect(await stripe.invoices.voidInvoice(third!.id)).toMatchObject({ status: 'void' });
	expect(typesSince(0).at(-1)).toBe('invoice.voided');
});

test('an upgrade is invoiced at once: the rest of the old price back, the rest of the new one due', async () => {
	const { subscription, price } = await givenSubscription(stripe);
	const studio = await givenPrice(stripe, { name: 'Studio', cents: 9000, interval: 'month' });
	control.advanceClock({ seconds: 10 * DAY });
	const [item] = subscription.items.data;
	const before = control.events().length;

	const upgraded = await stripe.subscriptions.update(subscription.id, {
		items: [{ id: item!.id, price: studio.id }],
		proration_behavior: 'always_invoice',
	});

	const [invoice] = await invoicesOf(subscription.id);
	const { start: at, end } = invoice!.lines.data[0]!.period;
	const share = (end - at) / (end - item!.current_period_start);
	const [credit, debit] = [-Math.round(3000 * share), Math.round(9000 * share)];
	expect(at - item!.current_period_start).toBeGreaterThanOrEqual(10 * DAY);
	expect(at - item!.current_period_start).toBeLessThan(10 * DAY + 60);
	expect(invoice).toMatchObject({
		billing_reason: 'subscription_update',
		total: credit + debit,
		amount_paid: credit + debit,
		status: 'paid',
	});
	const [paidLine] = (await stripe.invoices.listLineItems(idOf(subscription.latest_invoice))).data;
	expect(invoice!.lines.data).toMatchObject([
		{
			amount: credit,
			pricing: { price_details: { price: price.id } },
			parent: {
				subscription_item_details: {
					proration: true,
					proration_details: {
						credited_items: { invoice: subscription.latest_invoice, invoice_line_items: [paidLine!.id] },
					},
				},
			},
		},
		{
			amount: debit,
			pricing: { price_details: { price: studio.id } },
			parent: { subscription_item_details: { proration: true } },
		},
	]);
	expect(upgraded.items.data).toMatchObject([
		{ id: item!.id, price: { id: studio.id }, current_period_end: item!.current_period_end },
	]);
	expect(typesSince(before).filter((type) => type.startsWith('customer.subscription'))).toEqual([
		'customer.subscription.updated',
	]);
	const updated = control.events().findLast(({ type }) => type === 'customer.subscription.updated');
	expect(updated?.data.previous_attributes).toMatchObject({ items: { data: [{ price: { id: price.id } }] } });
});

test('prorations wait for the renewal, are left out, or become a balance when they are a credit', async () => {
	const { subscription, customer, price } = await givenSubscription(stripe);
	const studio = await givenPrice(stripe, { name: 'Studio', cents: 9000, interval: 'month' });
	const [item] = subscription.items.data;
	const move = (to: string, proration_behavior: 'always_invoice' | 'create_prorations' | 'none') =>
		stripe.subscriptions.update(subscription.id, { items: [{ id: item!.id, price: to }], proration_behavior });

	await move(studio.id, 'none');
	await move(price.id, 'none');
	expect(await invoicesOf(subscription.id)).toHaveLength(1);
	await move(studio.id, 'create_prorations');
	expect(await invoicesOf(subscription.id)).toHaveLength(1);
	control.advanceClock({ to: item!.current_period_end });
	const [renewal] = await invoicesOf(subscription.id);
	expect(renewal!.lines.data.map(({ parent }) => parent?.subscription_item_details?.proration)).toEqual([
		true,
		true,
		false,
	]);
	expect(renewal!.total).toBeGreaterThan(9000 + 5900);
	expect(renewal!.total).toBeLessThanOrEqual(9000 + 6000);

	await move(price.id, 'always_invoice');
	const [downgrade] = await invoicesOf(subscription.id);
	expect(downgrade).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0 });
	expect(downgrade!.total).toBeLessThan(-5900);
	expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: downgrade!.total });
	control.advanceClock({ seconds: 32 * DAY });
	const [covered] = await invoicesOf(subscription.id);
	expect(covered).toMatchObject({ total: 3000, amount_due: 0, status: 'paid', starting_balance: downgrade!.total });
});

test('an upgrade that the card does not pay makes it past due, or changes nothing when so asked', async () => {
	const { subscription, price } = await givenSubscription(stripe);
	const studio = await givenPrice(stripe, { name: 'Studio', cents: 9000, interval: 'month' });
	const items = [{ id: subscription.items.data[0]!.id, price: studio.id }];
	control.failNextRenewal({ id: subscription.id });
	await expect(
		stripe.subscriptions.update(subscription.id, {
			items,
			proration_behavior: 'always_invoice',
			payment_behavior: 'error_if_incomplete',
		}),
	).rejects.toMatchObject({ statusCode: 402, code: 'card_declined' });
	const same = await stripe.subscriptions.retrieve(subscription.id);
	expect([same.status, same.items.data[0]!.price.id]).toEqual(['active', price.id]);
	expect(await invoicesOf(subscription.id)).toHaveLength(1);

	control.failNextRenewal({ id: subscription.id });
	const upgraded = await stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice' });
	expect([upgraded.status, upgraded.items.data[0]!.price.id]).toEqual(['past_due', studio.id]);
	expect((await invoicesOf(subscription.id))[0]).toMatchObject({ status: 'open', attempt_count: 1 });
});

test('another interval begins a new period at once', async () => {
	const { subscription } = await givenSubscription(stripe);
	const yearly = await givenPrice(stripe, { name: 'Solo, a year', cents: 30_000, interval: 'year' });
	control.advanceClock({ seconds: 5 * DAY });
	const { items, billing_cycle_anchor: anchor } = await stripe.subscriptions.update(subscription.id, {
		items: [{ id: subscription.items.data[0]!.id, price: yearly.id }],
	});
	const [item] = items.data;
	expect(item!.current_period_start).toBe(anchor);
	expect(new Date(item!.current_period_end * 1000).getUTCFullYear()).toBe(new Date(anchor * 1000).getUTCFullYear() + 1);
	const [invoice] = await invoicesOf(subscription.id);
	expect(invoice!.lines.data.map(({ amount }) => Math.sign(amount))).toEqual([-1, 1]);
	expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid' });
});

test('a price without its item’s id adds a second item, as at Stripe', async () => {
	const { subscription } = await givenSubscription(stripe);
	const extra = await givenPrice(stripe, { name: 'Seat', cents: 500, interval: 'month' });
	const two = await stripe.subscriptions.update(subscription.id, { items: [{ price: extra.id, quantity: 2 }] });
	expect(two.items.data.map(({ quantity, price }) => [price.unit_amount, quantity])).toEqual([
		[3000, 1],
		[500, 2],
	]);
	const one = await stripe.subscriptions.update(subscription.id, {
		items: [{ id: two.items.data[1]!.id, deleted: true }],
	});
	expect(one.items.data).toHaveLength(1);
	await expect(
		stripe.subscriptions.update(subscription.id, { items: [{ id: 'si_none', quantity: 1 }] }),
	).rejects.toMatchObject({
		code: 'resource_missing',
	});
});

test('a subscription ends at the end of its period, is kept after all, or ends at once', async () => {
	const { subscription, customer } = await givenSubscription(stripe);
	const end = subscription.items.data[0]!.current_period_end;
	const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
	expect(ending).toMatchObject({ status: 'active', cancel_at_period_end: true, cancel_at: end });
	const kept = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
	expect(kept).toMatchObject({ cancel_at_period_end: false, cancel_at: null, canceled_at: null });

	await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
	control.advanceClock({ to: end + DAY });
	expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'canceled', ended_at: end });
	expect(await invoicesOf(subscription.id)).toHaveLength(1);
	expect(typesSince(0).at(-1)).toBe('customer.subscription.deleted');
	expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([]);
	expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toHaveLength(1);
	await expect(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })).rejects.toMatchObject({
		statusCode: 400,
	});

	const other = await givenSubscription(stripe);
	const canceled = await stripe.subscriptions.cancel(other.subscription.id, {
		cancellation_details: { comment: 'Too dear.' },
	});
	expect(canceled).toMatchObject({ status: 'canceled', cancellation_details: { comment: 'Too dear.' } });
	await expect(stripe.subscriptions.cancel(other.subscription.id)).rejects.toMatchObject({ code: 'resource_missing' });
});

test('a card that is declined at checkout makes no subscription', async () => {
	const price = await givenPrice(stripe, { interval: 'month' });
	const line_items = [{ price: price.id, quantity: 1 }];
	const session = await stripe.checkout.sessions.create({ ...URLS, mode: 'subscription', line_items });
	expect(await pay(session, { card_number: '4000000000000341' })).toBe(402);
	expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([]);
	expect(await pay(session)).toBe(303);
	const { data } = await stripe.subscriptions.list();
	expect(data).toHaveLength(1);
	expect(await stripe.customers.retrieve(idOf(data[0]!.customer))).toMatchObject({ email: 'ada@practice.test' });
});

test('the clock does not go back', () => {
	expect(() => control.advanceClock({ to: control.now() - 10 })).toThrow(RangeError);
});
