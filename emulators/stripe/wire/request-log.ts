import type { FormRecord } from './form-body';

/** One call as it came, so that a test can count and compare. */
export interface LoggedRequest {
	/** `req_…`, as in the header `request-id`. */
	readonly id: string;
	readonly method: string;
	/** `/v1/…`, without the query. */
	readonly path: string;
	readonly idempotencyKey: string | undefined;
	/** Of the query and the body. */
	readonly params: FormRecord;
	readonly at: string;
	/** What was answered; undefined while it is under way and when no answer left. */
	status: number | undefined;
	/** The answer was the saved one of an earlier request with the same key. */
	isReplay: boolean;
}

/** The oldest leave first, so a long-running stand-in does not grow without end. */
const REQUESTS_MAX = 5000;

export interface RequestLog {
	add(request: LoggedRequest): void;
	all(): LoggedRequest[];
	reset(): void;
}

export function createRequestLog(): RequestLog {
	let requests: LoggedRequest[] = [];
	return {
		add(request) {
			requests = [...requests.slice(1 - REQUESTS_MAX), request];
		},
		all: () => structuredClone(requests),
		reset() {
			requests = [];
		},
	};
}
