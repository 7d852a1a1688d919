import { z } from 'zod';
import { found, newestFirst } from '../store';
import { invalid } from '../wire/errors';
import { listOperation, type Operation, operation } from '../wire/operation';
import { bool, text } from '../wire/params';
import type { StripeEvent } from '../wire/stored';
import type { World } from '../world';
import type { WebhookSender } from './webhook-sender';

const TYPES_MAX = 20;

const filters = {
	delivery_success: bool.optional(),
	type: text.optional(),
	types: z.array(text).max(TYPES_MAX).optional(),
};

export function eventOperations({ store }: World, { deliveries }: Pick<WebhookSender, 'deliveries'>): Operation[] {
	return [
		operation('GET', '/v1/events/:id', {}, (_, id) => found(store.events, 'event', id)),
		listOperation('/v1/events', filters, ({ delivery_success: isDelivered, type, types }) => {
			if (type !== undefined && types) throw invalid('You may only specify one of these parameters: type, types.');
			const open = new Set(deliveries().flatMap(({ event, state }) => (state === 'delivered' ? [] : [event])));
			return newestFirst(store.events).filter(
				(event) =>
					(type === undefined || isOfType(event, type)) &&
					(types?.some((one) => isOfType(event, one)) ?? true) &&
					(isDelivered === undefined || open.has(event.id) !== isDelivered),
			);
		}),
	];
}

/** `charge.*` stands for every type that begins so. */
function isOfType({ type }: StripeEvent, wanted: string): boolean {
	return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
