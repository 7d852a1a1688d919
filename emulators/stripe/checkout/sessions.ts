import { z } from 'zod';
import { found, newestFirst } from '../store';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { mergeMetadata, metadata, text } from '../wire/params';
import type { CheckoutSession } from '../wire/stored';
import type { World } from '../world';
import { createSession } from './create-session';
import { expireSession } from './expire-session';
import { sessionParams } from './session-params';

const filters = {
	customer: text.optional(),
	customer_details: z.strictObject({ email: text }).optional(),
	payment_intent: text.optional(),
	status: z.enum(['open', 'complete', 'expired']).optional(),
	subscription: text.optional(),
};

export function checkoutSessionOperations(world: World): Operation[] {
	const { store } = world;
	const find = (id: string) => upToDate(world, found(store.checkoutSessions, 'checkout.session', id));
	return [
		operation('POST', '/v1/checkout/sessions', sessionParams, (params) => createSession(world, params)),
		operation('GET', '/v1/checkout/sessions/:id', {}, (_, id) => find(id)),
		operation('POST', '/v1/checkout/sessions/:id', { metadata: metadata.optional() }, (params, id) => {
			const session = find(id);
			session.metadata = mergeMetadata(session.metadata ?? {}, params.metadata);
			return session;
		}),
		operation('POST', '/v1/checkout/sessions/:id/expire', {}, (_, id) => {
			const session = find(id);
			expireSession(world, session);
			return session;
		}),
		listOperation('/v1/checkout/sessions/:id/line_items', {}, (_, id) => store.hidden.lineItems.get(find(id).id) ?? []),
		listOperation('/v1/checkout/sessions', filters, ({ customer_details: details, ...same }) =>
			newestFirst(store.checkoutSessions)
				.map((session) => upToDate(world, session))
				.filter(
					(session) => matches(same, session) && matches({ email: details?.email }, session.customer_details ?? {}),
				),
		),
	];
}

/** The session, expired first when its time is over. */
export function upToDate(world: World, session: CheckoutSession): CheckoutSession {
	if (session.status === 'open' && session.expires_at <= world.clock.now()) expireSession(world, session);
	return session;
}
