import { Stripe } from 'stripe';

import { AppError, ConfigError } from '../../errors';

/**
 * Stripe understood and refused. Its sentence is left out: it may quote what somebody typed. What is in here says nothing
 * about a person, and finds the request in Stripe's own log.
 */
export class StripeRefusal extends Error {
	override readonly name = 'StripeRefusal';
	readonly status: number | null;
	/** Such as `resource_missing`; null where Stripe gives none. */
	readonly code: string | null;
	readonly param: string | null;

	constructor(error: Stripe.errors.StripeError) {
		const { rawType = 'error', code = null, param = null, statusCode = null, requestId = 'no request id' } = error;
		super([rawType, code ?? 'no code', param ?? 'no parameter', requestId].join(' '));
		this.status = statusCode;
		this.code = code;
		this.param = param;
	}

	get isMissing(): boolean {
		return this.status === 404 || this.code === 'resource_missing';
	}
}

/**
 * What Stripe answers, or one of three failures: `upstream_unavailable`, when the same call may succeed in a while; ConfigError,
 * when the key is not what it should be; `StripeRefusal` for all else that Stripe said no to.
 */
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (error) {
		throw error instanceof Stripe.errors.StripeError ? failureOf(error) : error;
	}
}

/** The same for reads: null for what Stripe does not know. */
export async function askingFor<T>(ask: () => Promise<T>): Promise<T | null> {
	try {
		return await asking(ask);
	} catch (error) {
		if (error instanceof StripeRefusal && error.isMissing) return null;
		throw error;
	}
}

function failureOf(error: Stripe.errors.StripeError): Error {
	const { StripeAuthenticationError, StripePermissionError, StripeConnectionError, StripeRateLimitError } =
		Stripe.errors;
	if (error instanceof StripeAuthenticationError) return new ConfigError('Stripe does not know STRIPE_SECRET_KEY.');
	if (error instanceof StripePermissionError) {
		return new ConfigError('STRIPE_SECRET_KEY lacks a permission: docs/operations.md lists them.');
	}
	const isUnreached = error instanceof StripeConnectionError || error instanceof StripeRateLimitError;
	// An answer that was no JSON has no status.
	const status = error.statusCode ?? 500;
	// 409: another request with this key, or about this object, is under way.
	if (isUnreached || status >= 500 || status === 409) {
		return new AppError(
			'upstream_unavailable',
			'Stripe, which takes the payments, does not answer at the moment. Try again in a minute.',
			{ cause: error },
		);
	}
	return new StripeRefusal(error);
}
