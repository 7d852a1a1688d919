import { Stripe } from 'stripe';
import { z } from 'zod';

import { AppError } from '../../errors';

/** How far the time of a signature may lie from ours, either way. The SDK looks at the past alone (facts: protocols §2.6). */
const LEEWAY_SECONDS = 300;
/** An invoice with two hundred lines is half of it. */
export const STRIPE_WEBHOOK_BYTES_MAX = 512 * 1024;

const Event = z.object({
	id: z.string().startsWith('evt_').max(255),
	object: z.literal('event'),
	type: z.string().max(255),
	livemode: z.boolean(),
	// Some are about what has no id yet, such as an invoice to come.
	data: z.object({ object: z.object({ id: z.string().max(255).nullish() }) }),
});

/** All that is taken from an event: which object it is about. What it says of it is read at Stripe again. */
export interface StripeNotice {
	id: string;
	type: string;
	isLive: boolean;
	objectId: string | null;
}

/** The notice in a webhook whose raw body was signed with this secret in the last five minutes; refuses all else as one. */
export async function readStripeWebhook(input: {
	signature: string | null;
	rawBody: Uint8Array<ArrayBuffer>;
	/** `whsec_…`, of the endpoint. */
	secret: string;
	nowMs: number;
}): Promise<StripeNotice> {
	const { signature, rawBody, secret, nowMs } = input;
	if (!isFresh(signature ?? '', nowMs)) throw badSignature();
	let parsed: unknown;
	try {
		// As it came: a byte order mark that is taken away, or a byte that is replaced, is another body than what was signed.
		const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
		const provider = Stripe.createSubtleCryptoProvider();
		parsed = await Stripe.webhooks.constructEventAsync(text, signature ?? '', secret, LEEWAY_SECONDS, provider, nowMs);
	} catch {
		throw badSignature();
	}
	const event = Event.safeParse(parsed);
	if (!event.success) throw badSignature();
	const { id, type, livemode, data } = event.data;
	return { id, type, isLive: livemode, objectId: data.object.id ?? null };
}

/** One time, in plain digits, near ours. */
function isFresh(signature: string, nowMs: number): boolean {
	const times = signature.split(',').filter((part) => part.startsWith('t='));
	const seconds = /^t=(\d{1,12})$/.exec(times[0] ?? '')?.[1];
	if (times.length !== 1 || seconds === undefined) return false;
	return Math.abs(Math.floor(nowMs / 1000) - Number(seconds)) <= LEEWAY_SECONDS;
}

function badSignature(): AppError {
	return new AppError('bad_signature', 'This webhook is not signed as it should be.');
}
