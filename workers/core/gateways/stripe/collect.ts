import type Stripe from 'stripe';

import { asking } from './asking';

/** A day of a studio is some hundreds; beyond this a comparison is not what is needed. */
const OBJECTS_MAX = 10_000;

/** Every page of a list. Throws beyond ten thousand objects rather than answering a part as the whole. */
export function collect<T>(list: Stripe.ApiListPromise<T>): Promise<T[]> {
	return asking(async () => {
		const all: T[] = [];
		for await (const each of list) {
			all.push(each);
			if (all.length > OBJECTS_MAX) throw new Error(`Stripe lists more than ${OBJECTS_MAX} objects.`);
		}
		return all;
	});
}
