import { Stripe } from 'stripe';
import { LOCAL_STRIPE } from '../../../emulators/stripe/clients';
import { type EmulatorOptions, startEmulators } from '../../../emulators/start-emulators';

/** The stand-in with the SDK, unchanged, speaking to it: only the address is another. */
export async function startStripe(options: EmulatorOptions = {}) {
	const emulators = await startEmulators({ stripe: { secretKey: LOCAL_STRIPE.secretKey }, ...options });
	const base = `${emulators.origin}/stripe`;
	const stripe = sdkFor(base);
	return { emulators, base, stripe, control: emulators.stripe };
}

export function sdkFor(base: string, key: string = LOCAL_STRIPE.secretKey, config: Stripe.StripeConfig = {}): Stripe {
	const here: typeof fetch = (input, init) => {
		const address = input instanceof Request ? input.url : input.toString();
		return fetch(address.replace('https://api.stripe.com', base), init);
	};
	const httpClient = Stripe.createFetchHttpClient(here);
	return new Stripe(key, { httpClient, maxNetworkRetries: 0, ...config });
}

export const VISA = { card_number: '4242 4242 4242 4242', card_expiry: '12/40', card_cvc: '123', name: 'Ada Lovelace' };
export const DECLINED = { ...VISA, card_number: '4000000000000002' };
export const FAILS_LATER = { ...VISA, card_number: '4000000000000341' };

/** Posts what the page's form would post. */
export function submit(url: string, form: Record<string, string>): Promise<Response> {
	return fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
}

/** Pays on a session's page by Visa, or as the form has it; the answer's status. */
export async function pay(session: { url: string | null }, form: Record<string, string> = {}): Promise<number> {
	const { status } = await submit(session.url!, { method: 'card', email: 'ada@practice.test', ...VISA, ...form });
	return status;
}

/** A product with a price: 10 euros once, or so much in cents every `interval`. */
export async function givenPrice(stripe: Stripe, { name = 'Credits', cents = 1000, interval }: PriceGiven = {}) {
	const product = await stripe.products.create({ name });
	return stripe.prices.create({
		product: product.id,
		currency: 'eur',
		unit_amount: cents,
		...(interval && { recurring: { interval } }),
	});
}
interface PriceGiven {
	name?: string;
	cents?: number;
	interval?: 'month' | 'year';
}

/** Of a field that is not expanded, or is. */
export function idOf(field: string | { id: string } | null | undefined): string {
	if (!field) throw new Error('The field is empty.');
	return typeof field === 'string' ? field : field.id;
}

export const URLS = {
	success_url: 'http://afterglow.test/bought?session={CHECKOUT_SESSION_ID}',
	cancel_url: 'http://afterglow.test/credits',
};

/** A customer who bought once: the session, its payment intent's id and the customer's. */
export async function givenPayment(stripe: Stripe, form: Record<string, string> = {}) {
	const price = await givenPrice(stripe);
	const customer = await stripe.customers.create({ email: 'ada@practice.test' });
	const line_items = [{ price: price.id, quantity: 2 }];
	const open = await stripe.checkout.sessions.create({ ...URLS, mode: 'payment', customer: customer.id, line_items });
	await pay(open, form);
	const session = await stripe.checkout.sessions.retrieve(open.id);
	return { session, customer, price, paymentIntent: idOf(session.payment_intent) };
}

/** A customer with a running subscription at this price. */
export async function givenSubscription(
	stripe: Stripe,
	given: PriceGiven = { cents: 3000, interval: 'month', name: 'Solo' },
) {
	const price = await givenPrice(stripe, given);
	const customer = await stripe.customers.create({ email: 'ada@practice.test', name: 'Ada' });
	const session = await stripe.checkout.sessions.create({
		...URLS,
		mode: 'subscription',
		customer: customer.id,
		line_items: [{ price: price.id, quantity: 1 }],
		subscription_data: { metadata: { account: 'acc_1' } },
	});
	await pay(session);
	const { data } = await stripe.subscriptions.list({ customer: customer.id });
	return { price, customer, subscription: data[0]!, session: await stripe.checkout.sessions.retrieve(session.id) };
}
