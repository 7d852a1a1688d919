import { Hono, type Context } from 'hono';

import { recordStripeEvent } from '../../core/billing/record-event';
import { AppError } from '../../core/errors';
import { receiveFalWebhook, WEBHOOK_BYTES_MAX } from '../../core/gateways/fal-webhook';
import { RESEND_WEBHOOK_BYTES_MAX } from '../../core/gateways/resend-webhook';
import { STRIPE_WEBHOOK_BYTES_MAX } from '../../core/gateways/stripe/webhook';
import { log } from '../../core/log';
import { recordMailEvent } from '../../core/mail/record-mail-event';
import { readAttemptToken } from '../../core/renders/attempt-token';
import { recordFalNotice } from '../../core/renders/record-webhook';
import type { ApiEnv } from '../bindings';
import { limitBody } from '../limit-body';

/*
 * Verified on the raw bytes, recorded, answered; what follows is done by the queue's consumer. Senders sign by the world's clock,
 * which a clock moved forward for a look at tomorrow does not move.
 */
export const webhookRoutes = new Hono<ApiEnv>()
	.post(
		'/webhooks/fal/:token',
		limitBody(WEBHOOK_BYTES_MAX, 'This webhook is larger than any of fal.ai’s.'),
		async (c) => {
			const { deps } = c.var;
			await loggingRefusals(async () => {
				const attemptId = await readAttemptToken(deps.webhookTokenKey, c.req.param('token'));
				const webhook = {
					headers: c.req.raw.headers,
					rawBody: await rawBodyOf(c),
					keysUrl: deps.falKeysUrl,
					nowMs: Date.now(),
				};
				const notice = await receiveFalWebhook(webhook, deps.egress);
				await recordFalNotice(deps, { attemptId, notice });
			});
			return c.json({ ok: true }, 200);
		},
	)
	.post(
		'/webhooks/stripe',
		limitBody(STRIPE_WEBHOOK_BYTES_MAX, 'This webhook is larger than any of Stripe’s.'),
		async (c) => {
			const { deps } = c.var;
			await loggingRefusals(async () => {
				const event = {
					signature: c.req.raw.headers.get('stripe-signature'),
					rawBody: await rawBodyOf(c),
					secret: deps.stripeWebhookSecret,
					nowMs: Date.now(),
				};
				await recordStripeEvent(deps, event);
			});
			return c.json({ ok: true }, 200);
		},
	)
	.post(
		'/webhooks/resend',
		limitBody(RESEND_WEBHOOK_BYTES_MAX, 'This webhook is larger than any of Resend’s.'),
		async (c) => {
			const { deps } = c.var;
			await loggingRefusals(async () => {
				const notice = {
					headers: c.req.raw.headers,
					rawBody: await rawBodyOf(c),
					secret: deps.resendWebhookSecret,
					nowMs: Date.now(),
				};
				await recordMailEvent(deps, notice);
			});
			return c.json({ ok: true }, 200);
		},
	);

async function rawBodyOf(c: Context<ApiEnv>): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await c.req.arrayBuffer());
}

async function loggingRefusals(receive: () => Promise<void>): Promise<void> {
	try {
		await receive();
	} catch (error) {
		if (error instanceof AppError) log('webhook_refused', { code: error.code });
		throw error;
	}
}
