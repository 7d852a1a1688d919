// Every way a request can fail, with fal's status and body.

/** fal's infrastructure errors: flat bodies, the kind repeated in a header, and whether its queue would try again. */
const STATUS_BY_INFRASTRUCTURE_KIND = {
	request_timeout: 504,
	startup_timeout: 504,
	runner_scheduling_failure: 503,
	runner_connection_timeout: 503,
	runner_disconnected: 503,
	runner_connection_refused: 503,
	runner_connection_error: 503,
	runner_incomplete_response: 502,
	runner_server_error: 500,
	client_disconnected: 499,
	client_cancelled: 499,
	bad_request: 400,
	internal_error: 500,
} as const;

/** Refusals by the model itself, in the shape of a validation error. */
const MESSAGE_BY_MODEL_KIND = {
	content_policy_violation: 'The content could not be processed because it was flagged by a content checker.',
	image_too_small: 'The image is too small.',
	image_too_large: 'The image is too large.',
	file_download_error: 'The file could not be downloaded.',
	generation_timeout: 'The generation took too long.',
	downstream_service_error: 'A service the model depends on failed.',
} as const;

export type InfrastructureKind = keyof typeof STATUS_BY_INFRASTRUCTURE_KIND;
export type ModelKind = keyof typeof MESSAGE_BY_MODEL_KIND;

/** Failures of the submit call: what the caller sees, and whether a job runs all the same. */
export const SUBMIT_KINDS = [
	'rate_limited',
	'submit_unavailable',
	'submit_reset_before_start',
	'submit_reset_after_start',
] as const;
export type SubmitKind = (typeof SUBMIT_KINDS)[number];

/** Failures of the run, then of the delivery (`payload_error`: the job is fine, its webhook carries no payload). */
export const RUN_KINDS = [
	...objectKeys(STATUS_BY_INFRASTRUCTURE_KIND),
	...objectKeys(MESSAGE_BY_MODEL_KIND),
	'payload_error',
] as const;
export type RunKind = InfrastructureKind | ModelKind | 'payload_error';

export const FAILURE_KINDS = [...SUBMIT_KINDS, ...RUN_KINDS] as const;
export type FailureKind = SubmitKind | RunKind;

/** What GET result answers, and what the webhook carries as payload. */
export interface Outcome {
	readonly status: number;
	readonly body: unknown;
	readonly headers: Readonly<Record<string, string>>;
}

export interface ValidationDetail {
	readonly loc: readonly (string | number)[];
	readonly msg: string;
	readonly type: string;
	readonly input?: unknown;
}

export function failureOutcome(kind: InfrastructureKind | ModelKind): Outcome {
	if (isInfrastructure(kind)) {
		const status = STATUS_BY_INFRASTRUCTURE_KIND[kind];
		return {
			status,
			body: { detail: `The request failed: ${kind.replaceAll('_', ' ')}.`, error_type: kind },
			headers: { 'x-fal-error-type': kind, 'x-fal-retryable': String(status >= 500) },
		};
	}
	return validationOutcome([{ loc: ['body'], msg: MESSAGE_BY_MODEL_KIND[kind], type: kind }]);
}

export function validationOutcome(detail: readonly ValidationDetail[]): Outcome {
	return { status: 422, body: { detail }, headers: { 'x-fal-retryable': 'false' } };
}

export function isSubmitKind(kind: FailureKind): kind is SubmitKind {
	return SUBMIT_KINDS.some((known) => known === kind);
}

function isInfrastructure(kind: InfrastructureKind | ModelKind): kind is InfrastructureKind {
	return Object.hasOwn(STATUS_BY_INFRASTRUCTURE_KIND, kind);
}

function objectKeys<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
	return Object.keys(record).filter((key): key is Key => Object.hasOwn(record, key));
}
