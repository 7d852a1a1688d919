import { z } from 'zod';

import { ConfigError } from '../core/errors';
import { createApple } from '../core/gateways/sign-in/apple';
import { createGitHub } from '../core/gateways/sign-in/github';
import { createGoogle } from '../core/gateways/sign-in/google';
import type { SignInGateway } from '../core/gateways/sign-in/sign-in-gateway';

const text = z.string().default('');

const SignInConfig = z.object({
	ENVIRONMENT: z.string(),
	GOOGLE_CLIENT_ID: text,
	GOOGLE_CLIENT_SECRET: text,
	GOOGLE_EMULATOR_URL: z.url().optional(),
	APPLE_CLIENT_ID: text,
	APPLE_TEAM_ID: text,
	APPLE_KEY_ID: text,
	APPLE_PRIVATE_KEY: text,
	APPLE_EMULATOR_URL: z.url().optional(),
	GITHUB_CLIENT_ID: text,
	GITHUB_CLIENT_SECRET: text,
	GITHUB_EMULATOR_URL: z.url().optional(),
});
type SignInConfig = z.output<typeof SignInConfig>;

/** As they are bound: a provider whose client id is empty is not offered, and needs nothing else. */
export type SignInBindings = z.input<typeof SignInConfig>;

/**
 * The providers that are configured. Refused by name: a client id without what belongs to it, and, anywhere but on a machine of
 * its own, a stand-in, which would let everybody in as anybody.
 */
export function signInGatewaysOf(bindings: SignInBindings, fetcher: typeof fetch): SignInGateway[] {
	const config = SignInConfig.parse(bindings);
	const gateways: SignInGateway[] = [];
	if (isConfigured(config, 'GOOGLE', ['GOOGLE_CLIENT_SECRET'])) {
		gateways.push(
			createGoogle(
				{
					clientId: config.GOOGLE_CLIENT_ID,
					clientSecret: config.GOOGLE_CLIENT_SECRET,
					emulatorUrl: config.GOOGLE_EMULATOR_URL,
				},
				fetcher,
			),
		);
	}
	if (isConfigured(config, 'APPLE', ['APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY'])) {
		gateways.push(
			createApple(
				{
					clientId: config.APPLE_CLIENT_ID,
					teamId: config.APPLE_TEAM_ID,
					keyId: config.APPLE_KEY_ID,
					privateKey: config.APPLE_PRIVATE_KEY,
					emulatorUrl: config.APPLE_EMULATOR_URL,
				},
				fetcher,
			),
		);
	}
	if (isConfigured(config, 'GITHUB', ['GITHUB_CLIENT_SECRET'])) {
		gateways.push(
			createGitHub(
				{
					clientId: config.GITHUB_CLIENT_ID,
					clientSecret: config.GITHUB_CLIENT_SECRET,
					emulatorUrl: config.GITHUB_EMULATOR_URL,
				},
				fetcher,
			),
		);
	}
	return gateways;
}

function isConfigured(
	config: SignInConfig,
	provider: 'GOOGLE' | 'APPLE' | 'GITHUB',
	needed: readonly (keyof SignInConfig)[],
): boolean {
	if (config[`${provider}_EMULATOR_URL`] !== undefined && config.ENVIRONMENT !== 'local') {
		throw new ConfigError(`${provider}_EMULATOR_URL is for one's own machine alone: a stand-in lets anybody in.`);
	}
	if (config[`${provider}_CLIENT_ID`] === '') return false;
	const missing = needed.filter((name) => config[name] === '' || config[name] === undefined);
	if (missing.length === 0) return true;
	throw new ConfigError(`${provider}_CLIENT_ID is set, and ${missing.join(', ')} is not.`);
}
