import { expect, test } from 'vitest';

import { missingValues, type DeployedConfig } from '../../scripts/deploy/missing-values';
import { DEPLOYABLE_IDS, readWranglerConfig, type Deployable } from '../../scripts/edge/workers';

type Configs = Record<Deployable, DeployedConfig>;

/** The repository's own configs with every example replaced by a real value, and then changed by `change`. */
function filledIn(change: (configs: Configs) => void = () => undefined): Configs {
	const configs: Configs = {
		app: structuredClone(readWranglerConfig('app')),
		api: structuredClone(readWranglerConfig('api')),
		media: structuredClone(readWranglerConfig('media')),
		jobs: structuredClone(readWranglerConfig('jobs')),
	};
	for (const deployable of DEPLOYABLE_IDS) {
		const config = configs[deployable];
		if ('APP_ORIGIN' in config.vars) config.vars['APP_ORIGIN'] = 'https://app.smiles.health';
		if ('MEDIA_ORIGIN' in config.vars) config.vars['MEDIA_ORIGIN'] = 'https://media.smiles.health';
		for (const database of config.d1_databases) database.database_id = '6f1c2a52-8d0b-4f57-9a41-3f8f0f6f2b11';
	}
	configs.api.vars['RECEIPT_PUBLIC_KEY'] = 'MCowBQYDK2VwAyEA';
	configs.api.vars['TURNSTILE_SITE_KEY'] = '0x4AAAAAAAexample';
	configs.jobs.vars['MAIL_FROM'] = 'Dental Diffusion <hello@smiles.health>';
	configs.media.routes = [{ pattern: 'media.smiles.health', custom_domain: true }];
	change(configs);
	return configs;
}

function vaultOf(config: DeployedConfig) {
	return config.r2_buckets.find(({ binding }) => binding === 'VAULT')!;
}

test('four filled-in configs may be deployed', () => {
	expect(missingValues(filledIn())).toEqual([]);
});

test('the repository as it is cloned may not: every example is named', () => {
	const cloned = filledIn((configs) => {
		for (const deployable of DEPLOYABLE_IDS) configs[deployable] = readWranglerConfig(deployable);
	});
	const missing = missingValues(cloned).join('\n');
	for (const words of [
		'names no database',
		'APP_ORIGIN = "https://app.example.com"',
		'RECEIPT_PUBLIC_KEY',
		'TURNSTILE_SITE_KEY',
		'MAIL_FROM = "Dental Diffusion <hello@example.com>"',
		'no route',
	]) {
		expect(missing).toContain(words);
	}
});

test.each<[string, (configs: Configs) => void, string]>([
	['another studio in jobs', ({ jobs }) => (jobs.vars['STUDIO'] = 'image'), 'STUDIO differs'],
	[
		'another app host in media',
		({ media }) => (media.vars['APP_ORIGIN'] = 'https://old.smiles.health'),
		'APP_ORIGIN differs',
	],
	['another database in jobs', ({ jobs }) => (jobs.d1_databases[0]!.database_id = 'other'), 'different databases'],
	['another vault in jobs', ({ jobs }) => (vaultOf(jobs).bucket_name = 'other'), 'different vaults'],
	[
		'the pictures’ bucket as the vault',
		({ api, jobs, media }) => {
			for (const config of [api, jobs]) vaultOf(config).bucket_name = media.r2_buckets[0]!.bucket_name!;
		},
		"the pictures' bucket as its vault",
	],
	['no receipt key', ({ api }) => (api.vars['RECEIPT_PUBLIC_KEY'] = ''), 'RECEIPT_PUBLIC_KEY'],
	['no Turnstile widget', ({ api }) => (api.vars['TURNSTILE_SITE_KEY'] = ''), 'TURNSTILE_SITE_KEY'],
	[
		'mail from an example',
		({ jobs }) => (jobs.vars['MAIL_FROM'] = 'Smiles <hello@mail.example.org>'),
		'Resend has verified',
	],
	[
		'payments at a stand-in',
		({ jobs }) => (jobs.vars['STRIPE_API_URL'] = 'http://127.0.0.1:8790/stripe'),
		'STRIPE_API_URL',
	],
	['media at no address', ({ media }) => (media.routes = []), 'no route'],
])('%s is refused with one sentence', (_what, change, words) => {
	expect(missingValues(filledIn(change))).toEqual([expect.stringContaining(words)]);
});

test('an origin without TLS is refused for each config that has it', () => {
	const missing = missingValues(
		filledIn((configs) => {
			for (const deployable of DEPLOYABLE_IDS) {
				const { vars } = configs[deployable];
				if ('APP_ORIGIN' in vars) vars['APP_ORIGIN'] = 'http://app.smiles.health';
			}
		}),
	);
	expect(missing).toHaveLength(4);
	for (const sentence of missing) expect(sentence).toContain('https origin');
});
