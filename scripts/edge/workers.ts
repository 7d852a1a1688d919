import { unstable_readConfig, type Unstable_Config } from 'wrangler';

import { fromRoot } from '../root';

/**
 * The four deployables: where each is configured and which secrets it holds (design §1). A secret that a Worker is not
 * listed with never reaches it, wherever it was written down.
 */
export const DEPLOYABLES = {
	app: { name: 'afterglow', config: 'wrangler.toml', secrets: [] },
	api: {
		name: 'afterglow-api',
		config: 'workers/api/wrangler.toml',
		secrets: [
			'URL_SIGNING_KEY',
			'AUTH_SECRET',
			'PASSWORD_PEPPER',
			'LOOKUP_KEY',
			'MAIL_SEALING_KEY',
			'TURNSTILE_SECRET',
			'GOOGLE_CLIENT_SECRET',
			'APPLE_PRIVATE_KEY',
			'GITHUB_CLIENT_SECRET',
			'WEBHOOK_TOKEN_KEY',
			'STRIPE_SECRET_KEY',
			'STRIPE_WEBHOOK_SECRET',
			'RESEND_WEBHOOK_SECRET',
			'OPERATOR_KEY',
			'VAULT_KEY',
			'VAULT_KEY_BEFORE',
			'STATEMENT_SIGNING_KEY',
			'PROVENANCE_KEY',
			'PROVENANCE_CERTIFICATES',
		],
	},
	media: { name: 'afterglow-media', config: 'workers/media/wrangler.toml', secrets: ['URL_SIGNING_KEY'] },
	jobs: {
		name: 'afterglow-jobs',
		config: 'workers/jobs/wrangler.toml',
		secrets: [
			'FAL_KEY',
			'OPENAI_KEY',
			'RESEND_KEY',
			'META_ACCESS_TOKEN',
			'STRIPE_SECRET_KEY',
			'URL_SIGNING_KEY',
			'MAIL_SEALING_KEY',
			'WEBHOOK_TOKEN_KEY',
			'RECEIPT_SIGNING_KEY',
			'VAULT_KEY',
			'VAULT_KEY_BEFORE',
		],
	},
} as const satisfies Record<string, { name: string; config: string; secrets: readonly string[] }>;

/** Secrets that a Worker starts without. */
export const OPTIONAL_SECRETS: readonly string[] = ['VAULT_KEY_BEFORE', 'PROVENANCE_KEY', 'PROVENANCE_CERTIFICATES'];

export type Deployable = keyof typeof DEPLOYABLES;

export const DEPLOYABLE_IDS: readonly Deployable[] = ['app', 'api', 'media', 'jobs'];

/** The config as wrangler reads it; what it refuses is refused here too. */
export function readWranglerConfig(deployable: Deployable): Unstable_Config {
	return unstable_readConfig({ config: fromRoot(DEPLOYABLES[deployable].config) }, { hideWarnings: true });
}
