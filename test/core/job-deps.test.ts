import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { createJobDeps, type JobBindings } from '../../workers/core/job-deps';
import { TEST_RECEIPT_SEED } from '../support/receipt-key';

const SECRET = 'a secret of the tests, 32 characters or more';

function bindings(changed: Partial<JobBindings> = {}): JobBindings {
	return {
		DB: env.DB,
		MEDIA: env.MEDIA,
		VAULT: env.VAULT,
		VAULT_KEY: SECRET,
		WORK: env.WORK,
		ENVIRONMENT: 'production',
		STUDIO: 'dental',
		APP_ORIGIN: 'https://app.test',
		MEDIA_ORIGIN: 'https://media.test',
		URL_SIGNING_KEY: SECRET,
		FAL_KEY: 'key:secret',
		FAL_QUEUE_URL: 'https://queue.fal.run',
		FAL_API_URL: 'https://api.fal.ai',
		FAL_FILE_HOSTS: 'v3.fal.media',
		OPENAI_BASE_URL: 'https://api.openai.com/v1',
		RESEND_KEY: 're_key',
		RESEND_BASE_URL: 'https://api.resend.com',
		STRIPE_SECRET_KEY: 'rk_live_key',
		STRIPE_API_URL: 'https://api.stripe.com',
		MAIL_FROM: 'Dental Diffusion <hello@smiles.health>',
		META_PIXEL_ID: '',
		META_API_URL: 'https://graph.facebook.com/v25.0',
		SENTRY_DSN: '',
		MAIL_SEALING_KEY: SECRET,
		WEBHOOK_TOKEN_KEY: SECRET,
		RECEIPT_SIGNING_KEY: TEST_RECEIPT_SEED,
		...changed,
	};
}

test('a whole configuration starts, without keys of processors that the studio does not use', async () => {
	expect((await createJobDeps(bindings())).studio.slug).toBe('dental');
});

test.each([
	['FAL_QUEUE_URL', 'http://127.0.0.1:8790/fal/queue'],
	['FAL_QUEUE_URL', 'https://queue.fal.run.example.com'],
	['FAL_API_URL', 'https://127.0.0.1:8790/fal/api'],
	['OPENAI_BASE_URL', 'http://localhost:8790/openai/v1'],
	['RESEND_BASE_URL', 'http://127.0.0.1:8790/resend'],
	['FAL_FILE_HOSTS', 'v3.fal.media,files.example.com'],
	['META_API_URL', 'http://127.0.0.1:8790/meta/v25.0'],
	['STRIPE_API_URL', 'http://127.0.0.1:8790/stripe'],
	['STRIPE_API_URL', 'https://api.stripe.com/'],
	['STRIPE_API_URL', 'https://api.openai.com'],
	['OPENAI_BASE_URL', 'https://api.stripe.com'],
] as const)('in production an emulator’s address in %s is refused', async (name, address) => {
	await expect(createJobDeps(bindings({ [name]: address }))).rejects.toThrow('at its own address');
	await expect(createJobDeps(bindings({ [name]: address, ENVIRONMENT: 'local' }))).resolves.toBeDefined();
});

test.each([
	[{ FAL_KEY: '' }, 'FAL_KEY is missing'],
	[{ META_ACCESS_TOKEN: 'a token' }, 'META_PIXEL_ID is not'],
	[{ META_ACCESS_TOKEN: 'a token', META_PIXEL_ID: '1', STUDIO: 'media' }, 'does not list Meta'],
	[{ SENTRY_DSN: 'https://key@o1.ingest.sentry.io/1' }, 'does not list Sentry'],
	[{ SENTRY_DSN: 'https://o1.ingest.sentry.io/1', STUDIO: 'media' }, 'SENTRY_DSN has to read like'],
	[{ STUDIO: 'image' }, 'OPENAI_KEY is missing'],
	[{ URL_SIGNING_KEY: 'short' }, 'URL_SIGNING_KEY needs 32 characters'],
	[{ WEBHOOK_TOKEN_KEY: 'short' }, 'WEBHOOK_TOKEN_KEY needs 32 characters'],
	[{ MAIL_SEALING_KEY: 'short' }, 'MAIL_SEALING_KEY needs 32 characters'],
	[{ RESEND_KEY: '' }, 'RESEND_KEY is missing'],
	[{ STRIPE_SECRET_KEY: '' }, 'STRIPE_SECRET_KEY has to begin with'],
	[{ STRIPE_SECRET_KEY: 'pk_live_key' }, 'STRIPE_SECRET_KEY has to begin with'],
	[{ STRIPE_SECRET_KEY: 'sk_test_key' }, 'STRIPE_SECRET_KEY is a live key'],
	[{ MAIL_FROM: 'hello@smiles.health' }, 'MAIL_FROM has to read like'],
	[{ RECEIPT_SIGNING_KEY: 'short' }, 'RECEIPT_SIGNING_KEY is too short'],
	[{ CLOCK_OFFSET_SECONDS: '3600' }, 'CLOCK_OFFSET_SECONDS is set in production'],
	[{ STUDIO: 'garden' }, 'Invalid option'],
])('a configuration that cannot be right is refused at start, by name', async (wrong, words) => {
	await expect(createJobDeps(bindings(wrong))).rejects.toThrow(words);
});
