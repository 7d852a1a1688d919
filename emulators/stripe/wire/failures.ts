import { z } from 'zod';

/**
 * How calls fail on demand. `status` answers so and does nothing; `timeout` never answers and does nothing; `reset` cuts the
 * connection and does nothing; `after` does it and cuts the connection instead of answering; `slow` does it at once and answers
 * after `delayMs`, the idempotency key being in use until then.
 */
export const StripeFailure = z.strictObject({
	kind: z.enum(['status', 'timeout', 'reset', 'after', 'slow']),
	/** The beginning of the paths it concerns, `/v1/refunds`; all of them when absent. */
	path: z.string().startsWith('/').optional(),
	method: z.enum(['GET', 'POST', 'DELETE']).optional(),
	/** Of `status`. */
	status: z.int().min(400).max(599).default(500),
	/** Of `slow`. */
	delayMs: z.int().min(0).max(60_000).default(300),
	times: z.int().min(1).max(1000).default(1),
});
export type StripeFailure = z.output<typeof StripeFailure>;
export type StripeFailureInput = z.input<typeof StripeFailure>;

export interface Failures {
	add(failure: StripeFailureInput): void;
	/** The next failure that concerns this call, used up. */
	take(call: { method: string; path: string }): StripeFailure | undefined;
	reset(): void;
}

export function createFailures(): Failures {
	let waiting: StripeFailure[] = [];
	return {
		add(input) {
			const failure = StripeFailure.parse(input);
			waiting.push(...Array.from({ length: failure.times }, () => failure));
		},
		take({ method, path }) {
			const index = waiting.findIndex(
				(failure) => (failure.method ?? method) === method && path.startsWith(failure.path ?? '/'),
			);
			return index < 0 ? undefined : waiting.splice(index, 1)[0];
		},
		reset() {
			waiting = [];
		},
	};
}
