import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
	ClockMove,
	DebitOutcome,
	DisputeChange,
	DisputeOrder,
	EndpointInput,
	Named,
	RefundOutcome,
	SecretRoll,
	Settings,
	type StripeControl,
} from './control';
import { StripeFailure } from './wire/failures';
import { WebhookSwitches } from './webhooks/webhook-switches';

const EventName = z.strictObject({ event: z.string().min(1) });
const Nothing = z.unknown();

/** `StripeControl` over HTTP. A wrong body, and an object that is not there, are answered 400 with the reason. */
export function stripeControlRoutes(stripe: StripeControl): Hono {
	return new Hono()
		.get('/requests', (c) => c.json({ requests: stripe.requests() }))
		.get('/events', (c) => c.json({ events: stripe.events() }))
		.get('/deliveries', (c) => c.json({ deliveries: stripe.deliveries() }))
		.get('/clock', (c) => c.json({ now: stripe.now() }))
		.post(
			'/fail-next',
			told(StripeFailure, (failure) => stripe.failNext(failure)),
		)
		.post(
			'/endpoints',
			told(EndpointInput, (endpoint) => stripe.registerEndpoint(endpoint)),
		)
		.post(
			'/roll-secret',
			told(SecretRoll, (roll) => stripe.rollSecret(roll)),
		)
		.post(
			'/webhooks',
			told(WebhookSwitches.partial(), (change) => stripe.webhookFaults(change)),
		)
		.post(
			'/release',
			told(Nothing, () => stripe.release()),
		)
		.post(
			'/resend',
			told(EventName, ({ event }) => stripe.resend(event)),
		)
		.post(
			'/settled',
			told(Nothing, () => stripe.settled()),
		)
		.post(
			'/advance-clock',
			told(ClockMove, (move) => ({ now: stripe.advanceClock(move) })),
		)
		.post(
			'/settle-bank-debit',
			told(DebitOutcome, (outcome) => stripe.settleBankDebit(outcome)),
		)
		.post(
			'/fail-next-renewal',
			told(Named, (of) => stripe.failNextRenewal(of)),
		)
		.post(
			'/settings',
			told(Settings, (settings) => stripe.set(settings)),
		)
		.post(
			'/settle-refund',
			told(RefundOutcome, (outcome) => stripe.settleRefund(outcome)),
		)
		.post(
			'/disputes',
			told(DisputeOrder, (order) => stripe.openDispute(order)),
		)
		.post(
			'/disputes/status',
			told(DisputeChange, (change) => stripe.setDispute(change)),
		)
		.post(
			'/name-next',
			told(Named, ({ id }) => stripe.nameNext(id)),
		)
		.post(
			'/reset',
			told(Nothing, () => stripe.reset()),
		);
}

function told<Schema extends z.ZodType>(schema: Schema, tell: (input: z.output<Schema>) => unknown) {
	return async (c: Context) => {
		const input = schema.safeParse(await c.req.json().catch(() => ({})));
		if (!input.success) return c.json({ error: z.prettifyError(input.error) }, 400);
		try {
			const answer: unknown = await tell(input.data);
			return c.json(answer ?? { ok: true });
		} catch (error) {
			if (error instanceof RangeError) return c.json({ error: error.message }, 400);
			throw error;
		}
	};
}
