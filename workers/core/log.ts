/**
 * One line of JSON an event, from a closed set. Fields are ids, counts and codes: never prompts, tokens,
 * addresses, names or payloads.
 */
export type LogEvent =
	| 'unhandled_error'
	| 'message_failed'
	| 'message_dead'
	| 'render_settled'
	| 'stage_failed'
	| 'processor_residue'
	| 'sweep_finished'
	| 'sweep_failed'
	| 'webhook_refused'
	| 'mail_failed'
	| 'conversion_refused'
	| 'mail_suppressed'
	| 'mail_event_unmatched'
	| 'key_use_unnoted'
	| 'photo_deleted'
	| 'erasure_requested'
	| 'erasure_blocked'
	| 'erasure_certified'
	| 'erasure_replayed'
	| 'erasure_replay_refused'
	| 'objects_unnamed'
	| 'hold_placed'
	| 'hold_released'
	| 'statutory_purged'
	| 'log_inconsistent'
	| 'log_forked'
	| 'log_head_forged'
	| 'policy_seen'
	| 'policy_text_changed'
	| 'policy_in_force'
	| 'policy_use_unnoted'
	| 'promise_near'
	| 'promise_broken'
	| 'stripe_mismatch'
	| 'reconciled'
	| 'reconcile_failed'
	| 'incident_unreported'
	| 'rights_due_soon'
	| 'breached_list_unavailable';

export function log(event: LogEvent, fields: Record<string, string | number | boolean | null> = {}): void {
	console.log(JSON.stringify({ event, ...fields }));
}

/**
 * For bugs: what kind of error, where it arose, and what caused it. No message is printed, for messages carry values: a
 * failed query's holds every parameter, and with them names, addresses and session tokens. Five things of an error
 * say nothing about a person and are kept: the code of a refusal of ours, the fields a schema refuses, what a wrong
 * configuration is, D1's own line, Stripe's code and request id.
 */
export function logError(event: LogEvent, error: unknown, fields: Record<string, string | number | null> = {}): void {
	console.error(JSON.stringify({ event, ...fields, detail: describe(error) }));
}

const CAUSES_MAX = 5;

/** What of an error may be told: its kind, the words that say nothing about a person, and where it arose. */
export interface ReadError {
	name: string;
	words: string[];
	/** As a stack's lines. */
	frames: string[];
}

/** The error and what caused it, outermost first; five at most. */
export function readError(error: unknown): ReadError[] {
	const read: ReadError[] = [];
	for (let each = error; each != null && read.length < CAUSES_MAX;) {
		if (!(each instanceof Error)) {
			read.push({ name: `thrown ${typeof each}`, words: [], frames: [] });
			break;
		}
		read.push({ name: each.name, words: safeWords(each), frames: frames(each) });
		each = each.cause;
	}
	return read;
}

function describe(error: unknown): string {
	return readError(error)
		.flatMap(({ name, words, frames: places }) => [[name, ...words].join(' '), ...places])
		.join('\n');
}

function safeWords(error: Error): string[] {
	if (error.message.startsWith('D1_ERROR')) return [error.message.split('\n', 1)[0] ?? ''];
	if (['ConfigError', 'StripeRefusal', 'EgressRefused'].includes(error.name)) return [error.message];
	if (error.name === 'AppError' && 'code' in error) return [String(error.code)];
	// `$ZodError` is what zod/mini throws.
	if (/^\$?ZodError$/.test(error.name) && 'issues' in error && Array.isArray(error.issues)) {
		return error.issues.map(fieldOf);
	}
	return [];
}

/** Where a schema refused and by which rule, such as `AUTH_SECRET:too_small`; for a rule of our own, its sentence. */
function fieldOf(issue: { path?: readonly unknown[]; code?: unknown; message?: unknown }): string {
	return `${issue.path?.join('.') ?? ''}:${String(issue.code === 'custom' ? issue.message : issue.code)}`;
}

/** The stack below its message; nothing when it cannot be told where the message ends. */
function frames({ message, stack = '' }: Error): string[] {
	const start = stack.indexOf(message);
	if (start === -1) return [];
	const below = stack.slice(start + message.length).split('\n');
	return below.filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
}
