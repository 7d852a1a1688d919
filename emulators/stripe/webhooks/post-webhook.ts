import { isLoopback } from '../../loopback';
import type { StripeEvent, WebhookEndpoint } from '../wire/stored';
import { signatureHeader } from './signature';

export type AttemptStatus = number | 'unreachable' | 'timeout' | 'not_loopback';

/** One way in which a delivery is signed wrongly; undefined is right. */
export type SignatureFault = 'forged' | 'stale' | undefined;

const STALE_SECONDS = 900;

/** One attempt: what the receiver answered. Redirects are not followed. Nothing but loopback is ever asked. */
export async function postWebhook({
	event,
	endpoint,
	secrets,
	fault,
	timeoutMs,
	stop,
}: {
	event: StripeEvent;
	endpoint: WebhookEndpoint;
	secrets: readonly string[];
	fault: SignatureFault;
	timeoutMs: number;
	stop: AbortSignal;
}): Promise<AttemptStatus> {
	if (!isLoopback(endpoint.url)) return 'not_loopback';
	const body = JSON.stringify({ ...event, api_version: endpoint.api_version ?? event.api_version }, null, 2);
	// The receiver's clock is the real one, wherever the account's time has been moved to.
	const nowSeconds = Math.floor(Date.now() / 1000);
	const keys = fault === 'forged' ? ['whsec_that_nobody_has'] : secrets;
	const timeout = AbortSignal.timeout(timeoutMs);
	try {
		const answer = await fetch(endpoint.url, {
			method: 'POST',
			headers: {
				accept: '*/*; q=0.5, application/xml',
				'content-type': 'application/json; charset=utf-8',
				'stripe-signature': signatureHeader(body, keys, fault === 'stale' ? nowSeconds - STALE_SECONDS : nowSeconds),
				'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
			},
			body,
			redirect: 'manual',
			signal: AbortSignal.any([stop, timeout]),
		});
		await answer.body?.cancel();
		return answer.status;
	} catch {
		return timeout.aborted ? 'timeout' : 'unreachable';
	}
}
