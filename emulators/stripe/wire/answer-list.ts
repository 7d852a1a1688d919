import { z } from 'zod';
import { noSuch } from './errors';
import { int, type Range, range, text } from './params';

const LIMIT_DEFAULT = 10;

/** What every list takes. */
export const listParams = {
	limit: int.pipe(z.int().min(1).max(100)).default(LIMIT_DEFAULT),
	starting_after: text.optional(),
	ending_before: text.optional(),
	created: range.optional(),
};

export interface ListQuery {
	readonly limit: number;
	readonly starting_after?: string | undefined;
	readonly ending_before?: string | undefined;
	readonly created?: Range | undefined;
}

export interface StripeList<T> {
	readonly object: 'list';
	readonly data: T[];
	readonly has_more: boolean;
	readonly url: string;
}

/**
 * One page of `found`, which comes the newest first. A page before an object is the one that ends right before it, in the same
 * order.
 */
export function answerList<T extends { id: string }>(
	found: readonly T[],
	query: ListQuery,
	url: string,
): StripeList<T> {
	const wanted = found.filter((item) => isWithin(query.created, item));
	const after = query.starting_after === undefined ? 0 : indexOf(wanted, query.starting_after, 'starting_after') + 1;
	if (query.ending_before === undefined) {
		const rest = wanted.slice(after);
		return listOf(rest.slice(0, query.limit), url, rest.length > query.limit);
	}
	const before = wanted.slice(after, indexOf(wanted, query.ending_before, 'ending_before'));
	return listOf(before.slice(-query.limit), url, before.length > query.limit);
}

/** A list that holds all of it. */
export function listOf<T>(data: T[], url: string, hasMore = false): StripeList<T> {
	return { object: 'list', data, has_more: hasMore, url };
}

function indexOf(items: readonly { id: string }[], id: string, param: string): number {
	const index = items.findIndex((item) => item.id === id);
	if (index < 0) throw noSuch('object', id, param, 400);
	return index;
}

function isWithin(created: Range | undefined, item: object): boolean {
	const at = 'created' in item ? item.created : undefined;
	if (!created || typeof at !== 'number') return true;
	const { gt = -Infinity, lt = Infinity } = 'gt' in created || 'lt' in created ? created : {};
	return at > gt && at < lt && at >= (created.gte ?? -Infinity) && at <= (created.lte ?? Infinity);
}
