import { afterAll, beforeEach, expect, test } from 'vitest';
import { inspect } from '../../e2e/support/inspect';
import { startClientSite } from '../client-site';
import { givenPrice, givenSubscription, startStripe, VISA, idOf } from './stripe-account';

const { emulators, stripe, control } = await startStripe();
const site = await startClientSite();
afterAll(() => Promise.all([emulators.close(), site.close()]));
beforeEach(() => control.reset());

test('the checkout page reads well at every width, first, declined and paid', async () => {
	const price = await givenPrice(stripe);
	const session = await stripe.checkout.sessions.create({
		mode: 'payment',
		line_items: [{ price: price.id, quantity: 2 }],
		success_url: `${site.origin}/back?session={CHECKOUT_SESSION_ID}`,
		cancel_url: `${site.origin}/left`,
		tax_id_collection: { enabled: true },
	});
	const page = await (await site.browser.newContext()).newPage();
	await page.goto(session.url!);
	await inspect(page, 'stand-in-checkout');
	expect(await page.getByRole('link', { name: 'Back' }).getAttribute('href')).toBe(`${site.origin}/left`);

	await page.getByLabel('E-mail address').fill('ada@practice.test');
	await page.getByLabel('Name').fill('Ada Lovelace');
	await page.getByLabel('Card number').fill('4000000000000002');
	await page.getByLabel('Expiry').fill(VISA.card_expiry);
	await page.getByLabel('Security code').fill(VISA.card_cvc);
	await page.getByRole('button', { name: 'Pay €20.00' }).click();
	await page.getByRole('alert').waitFor();
	expect(await page.getByRole('alert').textContent()).toContain('Your card was declined.');
	expect(await page.getByLabel('E-mail address').inputValue()).toBe('ada@practice.test');
	expect(await page.getByLabel('Card number').inputValue()).toBe('');
	await inspect(page, 'stand-in-checkout-declined');

	await page.getByLabel('Card number').fill(VISA.card_number);
	await page.getByLabel('Expiry').fill(VISA.card_expiry);
	await page.getByLabel('Security code').fill(VISA.card_cvc);
	await page.getByRole('button', { name: 'Pay €20.00' }).click();
	await page.waitForURL(`${site.origin}/back?session=${session.id}`);

	await page.goto(session.url!);
	await inspect(page, 'stand-in-checkout-paid');
	expect(await page.textContent('main')).toContain('This checkout is complete.');
	await page.context().close();
});

test('portal, invoice and receipt read well at every width', async () => {
	const { customer, price } = await givenSubscription(stripe);
	const studio = await givenPrice(stripe, { name: 'Studio', cents: 9000, interval: 'month' });
	await stripe.billingPortal.configurations.create({
		features: {
			invoice_history: { enabled: true },
			payment_method_update: { enabled: true },
			subscription_cancel: { enabled: true },
			subscription_update: {
				enabled: true,
				default_allowed_updates: ['price'],
				products: [price, studio].map(({ id, product }) => ({ product: idOf(product), prices: [id] })),
			},
		},
	});
	const { url } = await stripe.billingPortal.sessions.create({
		customer: customer.id,
		return_url: `${site.origin}/billing`,
	});
	const page = await (await site.browser.newContext()).newPage();
	await page.goto(url);
	await inspect(page, 'stand-in-portal');
	await page.getByRole('button', { name: 'Change to Studio, €90.00 every month' }).click();
	await page.getByRole('heading', { name: 'Studio, €90.00 every month' }).waitFor();
	await page.getByRole('button', { name: 'Cancel Studio' }).click();
	await page.getByRole('button', { name: 'Keep Studio' }).waitFor();
	await page.getByRole('button', { name: 'Change card' }).click();
	expect(await page.getByRole('alert').textContent()).toContain('Your card number is incomplete.');
	await inspect(page, 'stand-in-portal-refused');

	const [invoice] = (await stripe.invoices.list({ customer: customer.id })).data;
	await page.goto(invoice!.hosted_invoice_url!);
	await inspect(page, 'stand-in-invoice');
	const [charge] = (await stripe.charges.list({ customer: customer.id })).data;
	await page.goto(charge!.receipt_url!);
	await inspect(page, 'stand-in-receipt');
	await page.context().close();
});
