import { interceptD1, isWrite, type D1Call } from './intercepted-d1';

/** `before`: it never arrived. `after`: it was committed, and the reply was lost. */
export type D1Fault = 'before' | 'after';

/** The first is one that D1 asks to retry; after the second a caller has to come again by itself. */
export const CONNECTION_LOST = 'D1_ERROR: Network connection lost.';
export const OBJECT_RESET = 'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.';

/** A D1 that fails the calls for which `choose` names a fault. `happened` counts them. */
export function faultyD1(
	db: D1Database,
	choose: (call: D1Call) => D1Fault | null,
	message: string | (() => string) = CONNECTION_LOST,
): { db: D1Database; happened: Record<D1Fault, number> } {
	const happened = { before: 0, after: 0 };
	const faulty = interceptD1(db, async (call, run) => {
		const fault = choose(call);
		if (fault === null) return run();
		happened[fault] += 1;
		if (fault === 'after') await run();
		throw new Error(typeof message === 'string' ? message : message());
	});
	return { db: faulty, happened };
}

/** Fails the first `times` writes; reads pass. */
export function firstWrites(fault: D1Fault, times = 1): (call: D1Call) => D1Fault | null {
	let left = times;
	return (call) => {
		if (!isWrite(call) || left === 0) return null;
		left -= 1;
		return fault;
	};
}
