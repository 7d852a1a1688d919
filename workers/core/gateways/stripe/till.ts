import type Stripe from 'stripe';

import type { StripeGateway } from '../../billing/stripe-gateway';
import { AppError, ConfigError } from '../../errors';
import { asking, askingFor, StripeRefusal } from './asking';
import type { StripeConfig } from './connect';
import { findPortalConfiguration } from './portal-configuration';

type Till = Pick<StripeGateway, 'createCustomer' | 'openCheckout' | 'expireCheckout' | 'openPortal'>;

/** Where people pay: Stripe's own pages, in a window of their own. Nothing about a person is sent there; Stripe asks for it. */
export function createTill(stripe: Stripe, config: Pick<StripeConfig, 'studio' | 'hasAutomaticTax'>): Till {
	return {
		createCustomer: async ({ accountId, idempotencyKey }) => {
			const { id } = await asking(() =>
				stripe.customers.create({ metadata: { account: accountId } }, { idempotencyKey }),
			);
			return { id };
		},
		openCheckout: async (input) => {
			const price = await findPrice(stripe, input);
			const params = { ...checkoutParams(input, price), ...taxParams(config) };
			const { id, url } = await createSession(stripe, params, input.checkoutId);
			if (url === null) throw new Error('Stripe opened a till without an address.');
			return { id, url };
		},
		expireCheckout: (sessionId) => expireCheckout(stripe, sessionId),
		openPortal: (input) => openPortal(stripe, config, input),
	};
}

async function createSession(
	stripe: Stripe,
	params: Stripe.Checkout.SessionCreateParams,
	idempotencyKey: string,
): Promise<Stripe.Checkout.Session> {
	try {
		return await asking(() => stripe.checkout.sessions.create(params, { idempotencyKey }));
	} catch (error) {
		if (!(error instanceof StripeRefusal && error.isMissing && error.param === 'customer')) throw error;
		throw new AppError(
			'conflict',
			'Stripe deleted what it knew of this account, so it takes no payment for it. Write to whoever runs this studio.',
			{ cause: error },
		);
	}
}

/** The price behind the lookup key, which has to be the one that the studio shows. */
async function findPrice(
	stripe: Stripe,
	{ priceKey, unitCents, currency }: { priceKey: string; unitCents: number; currency: string },
): Promise<string> {
	const { data } = await asking(() => stripe.prices.list({ lookup_keys: [priceKey], active: true, limit: 1 }));
	const [price] = data;
	if (price === undefined)
		throw new ConfigError(`Stripe has no price ${priceKey}: run "npm run ops -- prepare-stripe".`);
	if (price.unit_amount !== unitCents || price.currency !== currency) {
		throw new ConfigError(`The price ${priceKey} at Stripe is not the studio's. Raise its version in studios/.`);
	}
	return price.id;
}

function checkoutParams(
	input: Parameters<StripeGateway['openCheckout']>[0],
	price: string,
): Stripe.Checkout.SessionCreateParams {
	const { checkoutId, customerId, mode, successUrl, cancelUrl } = input;
	// Of the payment and the subscription too: whoever looks at one at Stripe finds what it was for here.
	const metadata = { checkout: checkoutId };
	return {
		mode,
		line_items: [{ price, quantity: 1 }],
		success_url: successUrl,
		cancel_url: cancelUrl,
		client_reference_id: checkoutId,
		customer: customerId,
		metadata,
		...(mode === 'payment'
			? { payment_intent_data: { metadata }, invoice_creation: { enabled: true } }
			: { subscription_data: { metadata } }),
	};
}

/** A tax number is asked for either way: it belongs on a business's invoice. */
function taxParams({ hasAutomaticTax }: Pick<StripeConfig, 'hasAutomaticTax'>): Stripe.Checkout.SessionCreateParams {
	return {
		...(hasAutomaticTax ? { automatic_tax: { enabled: true } } : {}),
		tax_id_collection: { enabled: true },
		// Where the customer is one that Stripe knows, the till writes what was typed there only when it is told to.
		customer_update: { address: 'auto', name: 'auto' },
	};
}

/** Without a key, under which Stripe would answer a failure of its own again for a day. A till that is not open any more, or was never known, takes no money: there is nothing left to do. */
async function expireCheckout(stripe: Stripe, sessionId: string): Promise<void> {
	try {
		await asking(() => stripe.checkout.sessions.expire(sessionId));
	} catch (error) {
		if (!(error instanceof StripeRefusal)) throw error;
		const session = await askingFor(() => stripe.checkout.sessions.retrieve(sessionId));
		if (session?.status === 'open') throw error;
	}
}

async function openPortal(
	stripe: Stripe,
	{ studio }: Pick<StripeConfig, 'studio'>,
	{ customerId, returnUrl, flow }: Parameters<StripeGateway['openPortal']>[0],
): Promise<{ url: string }> {
	const configuration = await findPortalConfiguration(stripe, studio);
	if (configuration === null) {
		throw new ConfigError('Stripe has no portal for this studio: run "npm run ops -- prepare-stripe".');
	}
	const params: Stripe.BillingPortal.SessionCreateParams = {
		customer: customerId,
		return_url: returnUrl,
		configuration: configuration.id,
		...(flow === null ? {} : { flow_data: flowData(flow, returnUrl) }),
	};
	try {
		// A portal is open for minutes and changes nothing by being opened: each time is a new one.
		const { url } = await asking(() =>
			stripe.billingPortal.sessions.create(params, { idempotencyKey: crypto.randomUUID() }),
		);
		return { url };
	} catch (error) {
		if (!(error instanceof StripeRefusal) || flow?.kind !== 'cancel') throw error;
		throw new AppError('conflict', 'This plan has ended, or is about to. There is nothing left to end.', {
			cause: error,
		});
	}
}

function flowData(
	flow: NonNullable<Parameters<StripeGateway['openPortal']>[0]['flow']>,
	returnUrl: string,
): Stripe.BillingPortal.SessionCreateParams.FlowData {
	const after = { after_completion: { type: 'redirect', redirect: { return_url: returnUrl } } } as const;
	if (flow.kind === 'card') return { type: 'payment_method_update', ...after };
	return { type: 'subscription_cancel', subscription_cancel: { subscription: flow.subscriptionId }, ...after };
}
