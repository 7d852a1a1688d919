import { z } from 'zod';
import { FAILURE_KINDS, type FailureKind } from './failures';

const FailureKindSchema = z.enum(FAILURE_KINDS);

const FailNext = z.object({
	kind: FailureKindSchema,
	times: z.int().min(1).max(1000).default(1),
	/** Only for this endpoint; every endpoint when absent. */
	endpoint: z.string().optional(),
});

const WebhookModeSchema = z.enum([
	'once',
	'duplicate',
	'late',
	'reordered',
	'lost',
	'wrong_signature',
	'stale_timestamp',
	'before_submit_returns',
]);

const OutputSchema = z.enum(['right', 'wrong_type', 'missing', 'huge', 'redirect', 'foreign_host']);

const WebhookFault = z.object({
	mode: WebhookModeSchema,
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
	output: OutputSchema.default('right'),
	/** Jobs start and never end. */
	neverAnswer: z.boolean().default(false),
	/** Added to the time that webhooks are signed with, for callers whose own clock was moved. */
	clockOffsetMs: z.int().default(0),
});
export type FalFaults = z.infer<typeof FalFaults>;
export type FalFaultsInput = z.input<typeof FalFaults>;
export type WebhookMode = z.infer<typeof WebhookModeSchema>;
export type OutputFault = z.infer<typeof OutputSchema>;

/**
 * The switches as they stand. Counted ones are used up by `takeFailure` and `takeWebhookMode`.
 * A prompt overrules them for its own request by a marker with the word of a switch: `[emulator:runner_server_error]`,
 * `[emulator:lost]`, `[emulator:wrong_type]`, `[emulator:never_answer]`.
 */
export interface FaultSwitches {
	current(): FalFaults;
	/** Changes the named switches and leaves the others. Unknown names and values throw. */
	set(change: FalFaultsInput): FalFaults;
	reset(): void;
	takeFailure(endpoint: string, prompt: string, isWanted: (kind: FailureKind) => boolean): FailureKind | undefined;
	webhookMode(prompt: string): WebhookMode;
	takeWebhookMode(prompt: string): WebhookMode;
	output(prompt: string): OutputFault;
	isNeverAnswered(prompt: string): boolean;
}

function markersOf(prompt: string): string[] {
	return [...prompt.matchAll(/\[emulator:(\w+)\]/g)].flatMap(([, word]) => word ?? []);
}

/** The first marker of the prompt that is a word of this switch. */
function markedWord<Word extends string>(schema: z.ZodType<Word>, prompt: string): Word | undefined {
	return markersOf(prompt)
		.map((marker) => schema.safeParse(marker).data)
		.find((word) => word !== undefined);
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
			const marked = markedWord(FailureKindSchema, prompt);
			if (marked && isWanted(marked)) return marked;
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
		webhookMode: (prompt) => markedWord(WebhookModeSchema, prompt) ?? faults.webhook.mode,
		takeWebhookMode(prompt) {
			const marked = markedWord(WebhookModeSchema, prompt);
			if (marked) return marked;
			const { mode, times } = faults.webhook;
			if (times !== undefined) {
				faults = { ...faults, webhook: times > 1 ? { mode, times: times - 1 } : { mode: 'once' } };
			}
			return mode;
		},
		output: (prompt) => markedWord(OutputSchema, prompt) ?? faults.output,
		isNeverAnswered: (prompt) => faults.neverAnswer || markersOf(prompt).includes('never_answer'),
	};
}
