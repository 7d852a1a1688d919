import { Hono } from 'hono';

import { AppError } from '../../core/errors';
import { receiveFalWebhook, WEBHOOK_BYTES_MAX } from '../../core/gateways/fal-webhook';
import { log } from '../../core/log';
import { readAttemptToken } from '../../core/renders/attempt-token';
import { recordFalNotice } from '../../core/renders/record-webhook';
import type { ApiEnv } from '../bindings';
import { limitBody } from '../limit-body';

/** Verified on the raw bytes, recorded, answered; what follows from it is done by the queue's consumer. */
export const webhookRoutes = new Hono<ApiEnv>().post(
	'/webhooks/fal/:token',
	limitBody(WEBHOOK_BYTES_MAX, 'This webhook is larger than any of fal.ai’s.'),
	async (c) => {
		const { deps } = c.var;
		// fal signs by the world's clock, which a clock moved forward for a look at tomorrow does not move.
		const nowMs = Date.now();
		try {
			const attemptId = await readAttemptToken(deps.webhookTokenKey, c.req.param('token'));
			const rawBody = new Uint8Array(await c.req.arrayBuffer());
			const notice = await receiveFalWebhook({
				headers: c.req.raw.headers,
				rawBody,
				keysUrl: deps.falKeysUrl,
				nowMs,
			});
			await recordFalNotice(deps, { attemptId, notice });
		} catch (error) {
			if (error instanceof AppError) log('webhook_refused', { code: error.code });
			throw error;
		}
		return c.json({ ok: true }, 200);
	},
);
