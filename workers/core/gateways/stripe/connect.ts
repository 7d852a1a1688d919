import { Stripe } from 'stripe';

import { readAtMost } from '../read-at-most';

/** Stripe's own address: the only one in production. */
export const STRIPE_ADDRESS = 'https://api.stripe.com';

export interface StripeConfig {
	/** `sk_live_…`, `sk_test_…`, or a restricted `rk_…`. */
	key: string;
	/** `STRIPE_ADDRESS`, or the emulator's. */
	apiUrl: string;
	/** The studio's slug: whose portal configuration is used, where several share an account at Stripe. */
	studio: string;
	/** Whether Stripe computes tax, which takes setting up there (docs/operations.md). */
	hasAutomaticTax: boolean;
}

/** Somebody waits for the till; a message comes again. */
const TIMEOUT_MS = 15_000;
/** A hundred invoices with their lines are below two. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/**
 * The SDK, asking once: whoever calls knows whether somebody waits or a queue comes again, and both repeat under the same
 * idempotency key. No latency figures of ours go to Stripe. Its key goes to the configured address and is carried to no other.
 */
export function connectStripe({ key, apiUrl }: StripeConfig, fetcher: typeof fetch): Stripe {
	return new Stripe(key, {
		apiVersion: '2026-10-28.endive',
		httpClient: Stripe.createFetchHttpClient((input, init) =>
			askOnce(fetcher, addressOf(input).replace(STRIPE_ADDRESS, apiUrl), init),
		),
		maxNetworkRetries: 0,
		telemetry: false,
		timeout: TIMEOUT_MS,
	});
}

function addressOf(input: RequestInfo | URL): string {
	return input instanceof Request ? input.url : String(input);
}

/** The SDK repeats by itself what failed with the code of a closed connection, whatever it was told: errors without a code it does not. */
async function askOnce(fetcher: typeof fetch, url: string, init: RequestInit | undefined): Promise<Response> {
	let response: Response;
	let bytes: Uint8Array<ArrayBuffer> | null;
	try {
		response = await fetcher(url, { ...init, redirect: 'manual' });
		bytes = response.body === null ? new Uint8Array() : await readAtMost(response.body, ANSWER_BYTES_MAX);
	} catch {
		throw new Error('Stripe did not answer.');
	}
	if (bytes === null) throw new Error('Stripe answered more than an answer has.');
	const { status, headers } = response;
	return new Response(bytes.byteLength === 0 ? null : bytes, { status, headers });
}
