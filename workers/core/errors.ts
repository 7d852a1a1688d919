/**
 * A refusal we chose: its message is safe to show and says what happened, why and what to do.
 * Everything else that is thrown is a bug: logged whole, answered as a plain 500.
 */
export const STATUS_BY_CODE = {
	invalid_input: 400,
	bad_signature: 400,
	not_signed_in: 401,
	insufficient_credits: 402,
	not_allowed: 403,
	reauthentication_required: 403,
	account_required: 403,
	statement_required: 403,
	processing_restricted: 403,
	publish_refused: 403,
	challenge_required: 403,
	not_found: 404,
	conflict: 409,
	idempotency_conflict: 409,
	price_above_limit: 409,
	upload_incomplete: 409,
	gone: 410,
	payload_too_large: 413,
	unsupported_media_type: 415,
	consent_required: 422,
	policy_not_accepted: 428,
	too_many_requests: 429,
	upstream_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS_BY_CODE;

export type ErrorDetails = Record<string, string | number | boolean | readonly string[]>;

export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: ErrorCode;
	readonly details: ErrorDetails | undefined;
	/** A queue consumer gives the message back only for these; a refusal stays a refusal. */
	readonly isRetryable: boolean;

	constructor(
		code: ErrorCode,
		message: string,
		options: { cause?: unknown; details?: ErrorDetails; isRetryable?: boolean } = {},
	) {
		super(message, 'cause' in options ? { cause: options.cause } : undefined);
		this.code = code;
		this.details = options.details;
		this.isRetryable = options.isRetryable ?? code === 'upstream_unavailable';
	}
}

/** A configuration that cannot be right. Its message names variables, never their values, so it may be logged. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
}

/** The one wire shape of every refusal (design §4). */
export function toErrorBody(error: AppError) {
	return {
		error: {
			code: error.code,
			message: error.message,
			...(error.details === undefined ? {} : { details: error.details }),
		},
	};
}

/** What belongs to somebody else answers exactly what does not exist answers. */
export function notFound(what: string): AppError {
	return new AppError('not_found', `There is no such ${what}, or it is not yours.`);
}

/** Whether D1 refused a write because of this named CHECK, or `table.column` of a UNIQUE or PRIMARY KEY. */
export function violates(cause: unknown, constraint: string): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		const match = /(?:UNIQUE|CHECK) constraint failed: ([^:]+)/.exec(error.message);
		if (match?.[1]?.split(',').some((name) => name.trim().startsWith(constraint)) === true) return true;
	}
	return false;
}

/** Whether D1 refused a write because this `table.column` would have been null: how a statement in a batch says that it may not be. */
export function lacks(cause: unknown, column: string): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes(`NOT NULL constraint failed: ${column}`)) return true;
	}
	return false;
}

/** Whether D1 refused a row because what it refers to does not exist. */
export function violatesReference(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes('FOREIGN KEY constraint failed')) return true;
	}
	return false;
}
