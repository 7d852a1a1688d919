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
	| 'photo_deleted';

export function log(event: LogEvent, fields: Record<string, string | number | boolean | null> = {}): void {
	console.log(JSON.stringify({ event, ...fields }));
}

/** For bugs: the stack is kept, the message of an unknown error stays inside. */
export function logError(event: LogEvent, error: unknown, fields: Record<string, string | number | null> = {}): void {
	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	console.error(JSON.stringify({ event, ...fields, detail }));
}
