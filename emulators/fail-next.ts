import { z } from 'zod';

/** The body of a control that makes a stand-in fail: which way, and how often before it works again. */
export function failureSchema<Kind extends string>(kinds: readonly Kind[]) {
	return z.strictObject({ kind: z.enum(kinds), times: z.int().min(1).max(1000).default(1) });
}

export interface Failure<Kind extends string> {
	readonly kind: Kind;
	/** For so many requests; 1 when absent. */
	readonly times?: number | undefined;
}

/** The failures that a stand-in was told to have, used up one a request in the order they were asked for. */
export interface FailNext<Kind extends string> {
	add(failure: Failure<Kind>): void;
	/** The next failure of one of these kinds, or undefined. Other kinds stay for the requests they concern. */
	take<Wanted extends Kind>(...wanted: readonly Wanted[]): Wanted | undefined;
	reset(): void;
}

export function createFailNext<Kind extends string>(): FailNext<Kind> {
	let waiting: Kind[] = [];
	return {
		add({ kind, times = 1 }) {
			waiting.push(...Array.from({ length: times }, () => kind));
		},
		take(...wanted) {
			const index = waiting.findIndex((kind) => wanted.some((one) => one === kind));
			const [taken] = index < 0 ? [] : waiting.splice(index, 1);
			return wanted.find((one) => one === taken);
		},
		reset() {
			waiting = [];
		},
	};
}
