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
