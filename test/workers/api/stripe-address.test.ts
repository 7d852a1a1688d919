import { expect, test } from 'vitest';

import { apiDeps, type ApiBindings } from '../../../workers/api/bindings';

const WORDS = 'In production Stripe is spoken to at its own address';

function refusalOf(told: Partial<ApiBindings>): string {
	const SECRET = 'a secret of more than thirty-two characters';
	const vars: Partial<ApiBindings> = {
		ENVIRONMENT: 'production',
		STUDIO: 'dental',
		POLICY_DRAFT_ALLOWED: 'yes',
		AUTH_SECRET: SECRET,
		PASSWORD_PEPPER: SECRET,
		LOOKUP_KEY: SECRET,
		MAIL_SEALING_KEY: SECRET,
		WEBHOOK_TOKEN_KEY: SECRET,
		STATEMENT_SIGNING_KEY: SECRET,
		RECEIPT_PUBLIC_KEY: 'key',
		FAL_REST_URL: 'https://rest.fal.ai',
		BREACHED_PASSWORDS_URL: 'https://api.pwnedpasswords.com',
		TURNSTILE_SITE_KEY: 'site',
		TURNSTILE_SECRET: 'secret',
		TURNSTILE_URL: 'https://challenges.cloudflare.com/turnstile',
		STRIPE_SECRET_KEY: 'rk_live_key',
		STRIPE_WEBHOOK_SECRET: SECRET,
		RESEND_WEBHOOK_SECRET: SECRET,
		STRIPE_AUTOMATIC_TAX: 'on',
		SENTRY_DSN: '',
		...told,
	};
	try {
		apiDeps(vars as ApiBindings);
		return '';
	} catch (error) {
		return String(error);
	}
}

test.each([
	'https://api.stripe.com/',
	'https://api.stripe.com/v1',
	'https://api.openai.com',
	'http://127.0.0.1:8790/stripe',
])('in production the api takes no %s for Stripe', (address) => {
	expect(refusalOf({ STRIPE_API_URL: address })).toContain(WORDS);
	expect(refusalOf({ STRIPE_API_URL: address, ENVIRONMENT: 'local' })).not.toContain(WORDS);
});

test('in production the api takes Stripe’s own address', () => {
	expect(refusalOf({ STRIPE_API_URL: 'https://api.stripe.com' })).not.toContain(WORDS);
});

test('in production the api does not start with a policy that nobody has read, unless it is told to', () => {
	const draft = 'The policy is a draft. Have it read';
	const told = { STRIPE_API_URL: 'https://api.stripe.com' };
	expect(refusalOf({ ...told, POLICY_DRAFT_ALLOWED: 'no' })).toContain(draft);
	expect(refusalOf({ ...told, POLICY_DRAFT_ALLOWED: 'yes' })).not.toContain(draft);
	expect(refusalOf({ ...told, POLICY_DRAFT_ALLOWED: 'no', ENVIRONMENT: 'local' })).not.toContain(draft);
});
