import { expect, test } from 'vitest';

import { D1_TRIES_MAX, isTransientD1Error, withD1Retry } from '../../workers/core/d1-retry';
import { CONNECTION_LOST, OBJECT_RESET } from '../support/faulty-d1';

/** An action that fails `times` times, and the pauses asked for on the way. */
function failing(times: number, message: string) {
	const pauses: number[] = [];
	let calls = 0;
	const action = async () => {
		calls += 1;
		if (calls <= times) throw new Error('Failed query', { cause: new Error(message) });
		return calls;
	};
	const options = {
		sleep: async (ms: number) => {
			pauses.push(ms);
		},
		jitter: () => 1,
	};
	return { action, options, pauses, calls: () => calls };
}

test('a transient error is tried again after growing pauses', async () => {
	const { action, options, pauses } = failing(4, CONNECTION_LOST);
	expect(await withD1Retry(action, options)).toBe(5);
	expect(pauses).toEqual([25, 50, 100, 200]);
});

test('the tries are bounded and the last error is shown', async () => {
	const { action, options, calls } = failing(Infinity, CONNECTION_LOST);
	await expect(withD1Retry(action, options)).rejects.toThrow('Failed query');
	expect(calls()).toBe(D1_TRIES_MAX);
});

test('jitter shortens a pause by half at most', async () => {
	const { action, options, pauses } = failing(2, CONNECTION_LOST);
	await withD1Retry(action, { ...options, jitter: () => 0 });
	expect(pauses).toEqual([12.5, 25]);
});

test.each([
	OBJECT_RESET,
	'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
	'D1_ERROR: UNIQUE constraint failed: credit_entries.id: SQLITE_CONSTRAINT',
	'some bug',
])('"%s" is not tried again', async (message) => {
	const { action, options, calls } = failing(1, message);
	await expect(withD1Retry(action, options)).rejects.toThrow('Failed query');
	expect(calls()).toBe(1);
});

test('what is no error is not transient', () => {
	expect(isTransientD1Error('Network connection lost')).toBe(false);
});
