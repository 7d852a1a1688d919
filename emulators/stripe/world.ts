import type Stripe from 'stripe';
import { z } from 'zod';
import type { Clock } from './clock';
import type { Store } from './store';
import type { Ids } from './wire/ids';

export const API_VERSION = '2026-10-28.endive';

/** All that an operation of the stand-in works with. */
export interface World {
	readonly store: Store;
	readonly clock: Clock;
	readonly ids: Ids;
	/** Records an event with a copy of `object` as it is now, and has it delivered. */
	readonly emit: (type: Stripe.Event['type'], object: object, previousAttributes?: object) => void;
	/** `{origin}/stripe` */
	readonly baseOf: () => string;
	readonly settings: Settings;
}

/** What an account chooses in the Dashboard. */
export const Settings = z.strictObject({
	/** What becomes of a subscription whose renewal failed for the last time. */
	afterLastRetry: z.enum(['cancel', 'mark_unpaid', 'leave_past_due']).optional(),
	/** New refunds wait for `settleRefund` instead of succeeding at once. */
	refundsArePending: z.boolean().optional(),
});
export type Settings = Required<z.output<typeof Settings>>;

export function defaultSettings(): Settings {
	return { afterLastRetry: 'cancel', refundsArePending: false };
}

/**
 * Lets `work` change `object` and then tells of it, with the former values of what did change. Nothing changed tells nothing; a
 * refusal in between undoes nothing, so check before.
 */
export function changing<Result>(
	{ emit }: Pick<World, 'emit'>,
	type: Stripe.Event['type'],
	object: object,
	work: () => Result,
): Result {
	const before = structuredClone(object);
	const result = work();
	const former = new Map(Object.entries(before));
	const differing = Object.entries(object).filter(
		([name, value]) => JSON.stringify(former.get(name)) !== JSON.stringify(value),
	);
	if (differing.length === 0) return result;
	emit(type, object, Object.fromEntries(differing.map(([name]) => [name, former.get(name) ?? null])));
	return result;
}

/** Writes what is defined of `patch` into `object` and tells of it as `changing` does. */
export function change<T extends object>(
	world: Pick<World, 'emit'>,
	type: Stripe.Event['type'],
	object: T,
	patch: { [Key in keyof T]?: T[Key] | undefined },
): void {
	changing(world, type, object, () => {
		Object.assign(object, Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)));
	});
}
