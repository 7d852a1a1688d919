import { auth } from 'hono/utils/basic-auth';
import type { StripeAccount } from '../clients';
import { type Refusal, StripeRefusal } from './errors';

const NO_KEY =
	"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";

const SECRET_TEST_KEY = /^(sk|rk)_test_\w{4,}$/;

/** Refuses a request without the account's secret key, as Bearer or as the user of Basic. */
export function authenticate(request: Request, { secretKey }: StripeAccount): void {
	const given = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? auth(request)?.username;
	if (given === undefined || given === '') throw new StripeRefusal(unauthorized(NO_KEY));
	if (given.startsWith('pk_')) {
		const message = 'This API call cannot be made with a publishable API key. Please use a secret API key.';
		throw new StripeRefusal({ ...unauthorized(message), code: 'secret_key_required' });
	}
	const isRight = secretKey === undefined ? SECRET_TEST_KEY.test(given) : given === secretKey;
	if (!isRight) throw new StripeRefusal(unauthorized(`Invalid API Key provided: ${masked(given)}`));
}

function unauthorized(message: string): Refusal {
	return { status: 401, type: 'invalid_request_error', message };
}

function masked(key: string): string {
	return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}
