import { z } from 'zod';

/**
 * An order's idempotency key is made with its form, so that sending the form twice, from two taps or a reload, orders
 * once. One key stands for one wish.
 */
export function newOrderKey(): string {
	return crypto.randomUUID();
}

/**
 * The key of the next try after a refusal. It stays, since a try whose answer was lost may have placed the order, unless
 * another order is placed under it already: what is wished now is then a new one.
 */
export function keyAfter(refusalCode: string, key: string): string {
	return refusalCode === 'idempotency_conflict' ? newOrderKey() : key;
}

/** The key that a form brought, or a new one when it brought none that can be used. */
export function orderKeyOr(brought: unknown): string {
	return z.uuid().safeParse(brought).data ?? newOrderKey();
}
