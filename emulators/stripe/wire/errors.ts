/** How a request is refused: `type`, `code` and the rest travel as the `error` of the body. */
export interface Refusal {
	readonly status: number;
	readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error' | 'rate_limit_error';
	readonly message: string;
	readonly code?: string | undefined;
	readonly param?: string | undefined;
	/** Of `card_error` alone. */
	readonly decline_code?: string | undefined;
	readonly charge?: string | undefined;
	readonly payment_intent?: object | undefined;
}

/** Thrown by whatever answers a request, and turned into Stripe's envelope in one place. */
export class StripeRefusal extends Error {
	constructor(readonly refusal: Refusal) {
		super(refusal.message);
	}
}

export function invalid(message: string, { param, code }: { param?: string; code?: string } = {}): StripeRefusal {
	return new StripeRefusal({ status: 400, type: 'invalid_request_error', message, param, code });
}

/** 404 where the path names the object, 400 where a parameter does. */
export function noSuch(kind: string, id: string, param: string, status: 400 | 404 = 404): StripeRefusal {
	const message = `No such ${kind}: '${id}'`;
	return new StripeRefusal({ status, type: 'invalid_request_error', code: 'resource_missing', message, param });
}

/** The body of a refusal. `status` is of the response alone. */
export function errorBody({ status: _status, ...error }: Refusal, requestId: string) {
	const docUrl =
		error.code === undefined ? {} : { doc_url: `https://docs.stripe.com/error-codes/${hyphens(error.code)}` };
	const log = `https://dashboard.stripe.com/test/logs/${requestId}`;
	return { error: { ...error, ...docUrl, request_log_url: log } };
}

function hyphens(code: string): string {
	return code.replaceAll('_', '-');
}
