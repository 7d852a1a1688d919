import type { Clock } from '../clock';
import type { Store } from '../store';
import type { Ids } from '../wire/ids';
import type { StripeEvent } from '../wire/stored';
import { API_VERSION } from '../world';

interface Cause {
	readonly id: string | null;
	readonly idempotency_key: string | null;
}

const NOBODY: Cause = { id: null, idempotency_key: null };

export interface EventLog {
	/** Records what happened to `object`, as it is now. */
	record(type: string, object: object, previousAttributes?: object): StripeEvent;
	/** Events of `work` name this request as their cause. */
	during<T>(cause: Cause, work: () => T): T;
}

/** Keeps every event; what happens outside a request was caused by nobody. */
export function createEventLog(store: Store, clock: Clock, ids: Ids): EventLog {
	let cause = NOBODY;
	return {
		record(type, object, previousAttributes) {
			const event: StripeEvent = {
				id: ids.next('evt'),
				object: 'event',
				api_version: API_VERSION,
				created: clock.now(),
				data: {
					object: structuredClone(object),
					...(previousAttributes && { previous_attributes: structuredClone(previousAttributes) }),
				},
				livemode: false,
				pending_webhooks: 0,
				request: cause,
				type,
			};
			store.events.set(event.id, event);
			return event;
		},
		during(request, work) {
			const before = cause;
			cause = request;
			try {
				return work();
			} finally {
				cause = before;
			}
		},
	};
}
