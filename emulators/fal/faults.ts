import { z } from 'zod';
import { FAILURE_KINDS, type FailureKind } from './failures';

const FailureKindSchema = z.enum(FAILURE_KINDS);

const FailNext = z.object({
	kind: FailureKindSchema,
	times: z.int().min(1).max(1000).default(1),
	/** Only for this endpoint; every endpoint when absent. */
	endpoint: z.string().optional(),
});

const WebhookFault = z.object({
	mode: z.enum([
		'once',
		'duplicate',
		'late',
		'reordered',
		'lost',
		'wrong_signature',
		'stale_timestamp',
		'before_submit_returns',
	]),
	/** For so many requests, then `once` again; for all when absent. */
	times: z.int().min(1).max(1000).optional(),
});

/** How fal misbehaves. The switches hold for every request until they are changed, but for the counted ones. */
export const FalFaults = z.object({
	/** Time in the queue before a job starts. */
	latencyMs: z.int().min(0).max(600_000).default(0),
	/** The least time a job is in progress, spread over its progress logs. */
	progressMs: z.int().min(0).max(600_000).default(0),
	failNext: z.array(FailNext).max(100).default([]),
	webhook: WebhookFault.default({ mode: 'once' }),
	/** How late a `late` webhook is, and how long a `reordered` one waits for another to overtake it. */
	lateMs: z.int().min(0).max(600_000).default(3000),
	/** What the result's file address leads to. */
	output: z.enum(['right', 'wrong_type', 'missing', 'huge', 'redirect', 'foreign_host']).default('right'),
	/** Jobs start and never end. */
	neverAnswer: z.boolean().default(false),
	/** Added to the time that webhooks are signed with, for callers whose own clock was moved. */
	clockOffsetMs: z.int().default(0),
});
export type FalFaults = z.infer<typeof FalFaults>;
export type FalFaultsInput = z.input<typeof FalFaults>;
export type WebhookMode = z.infer<typeof WebhookFault>['mode'];

/** The switches as they stand. Counted ones are used up by `takeFailure` and `takeWebhookMode`. */
export interface FaultSwitches {
	current(): FalFaults;
	/** Changes the named switches and leaves the others. Unknown names and values throw. */
	set(change: FalFaultsInput): FalFaults;
	reset(): void;
	takeFailure(endpoint: string, prompt: string, isWanted: (kind: FailureKind) => boolean): FailureKind | undefined;
	takeWebhookMode(): WebhookMode;
}

export function createFaultSwitches(initial: FalFaultsInput = {}): FaultSwitches {
	let faults = FalFaults.parse(initial);
	return {
		current: () => faults,
		set(change) {
			faults = FalFaults.strict().parse({ ...faults, ...change });
			return faults;
		},
		reset() {
			faults = FalFaults.parse(initial);
		},
		takeFailure(endpoint, prompt, isWanted) {
			const marked = FailureKindSchema.safeParse(/\[emulator:(\w+)\]/.exec(prompt)?.[1]);
			if (marked.success && isWanted(marked.data)) return marked.data;
			const taken = faults.failNext.find(
				(fault) => isWanted(fault.kind) && (fault.endpoint === undefined || fault.endpoint === endpoint),
			);
			if (!taken) return undefined;
			const failNext = faults.failNext.flatMap((fault) => {
				if (fault !== taken) return [fault];
				return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
			});
			faults = { ...faults, failNext };
			return taken.kind;
		},
		takeWebhookMode() {
			const { mode, times } = faults.webhook;
			if (times !== undefined) {
				faults = { ...faults, webhook: times > 1 ? { mode, times: times - 1 } : { mode: 'once' } };
			}
			return mode;
		},
	};
}
