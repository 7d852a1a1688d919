import { CheckoutAnswer, OpenedCheckout, PurchaseList } from '../../../workers/api/contract/billing';
import type { Practice } from './practice';
import { until } from './until';

/** What somebody types at Stripe's till, and what may be found nowhere here. */
export const TYPED = {
	email: 'accounts-payable@till.example',
	name: 'Theodora Quillfeather',
	country: 'DE',
	postal_code: '99817',
	tax_id: 'DE811234567',
	card_number: '4242424242424242',
	card_expiry: '11/39',
	card_cvc: '731',
	method: 'card',
};

/** Sends the form of a till. */
export function pay(url: string, typed: Partial<typeof TYPED> = {}): Promise<Response> {
	return fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...TYPED, ...typed }) });
}

export function openTill(practice: Practice, item: string) {
	return practice.call(OpenedCheckout, 'POST', '/v1/billing/checkout', { body: { item } });
}

export function purchasesOf(practice: Practice) {
	return practice.call(PurchaseList, 'GET', '/v1/billing/purchases');
}

/** Until a webhook has told that it is paid. */
export function untilPaid(practice: Practice, checkoutId: string) {
	return until('the order is paid', async () => {
		const order = await practice.call(CheckoutAnswer, 'GET', `/v1/billing/checkouts/${checkoutId}`);
		return order.state === 'paid' ? order : undefined;
	});
}

/** A pack that was paid for at the till, with its order and its invoice. */
export async function givenPurchase(practice: Practice): Promise<{ checkout: string; purchase: string }> {
	const { id, url } = await openTill(practice, 'pack.100');
	const paid = await pay(url);
	if (paid.status !== 303) throw new Error(`the till answered ${paid.status}`);
	await untilPaid(practice, id);
	const { items } = await purchasesOf(practice);
	if (items[0] === undefined) throw new Error('nothing was bought');
	return { checkout: id, purchase: items[0].id };
}
