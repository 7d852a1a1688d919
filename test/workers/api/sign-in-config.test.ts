import { expect, test } from 'vitest';

import { signInVars } from '../../../scripts/edge/sign-in-clients';
import { signInGatewaysOf, type SignInBindings } from '../../../workers/api/sign-in-config';

const WHOLE = {
	ENVIRONMENT: 'production',
	GOOGLE_CLIENT_ID: 'g',
	GOOGLE_CLIENT_SECRET: 's',
	APPLE_CLIENT_ID: 'a',
	APPLE_TEAM_ID: 't',
	APPLE_KEY_ID: 'k',
	APPLE_PRIVATE_KEY: 'p',
	GITHUB_CLIENT_ID: 'h',
	GITHUB_CLIENT_SECRET: 's',
} satisfies SignInBindings;

function idsOf(bindings: SignInBindings): string[] {
	return signInGatewaysOf(bindings, fetch).map(({ id }) => id);
}

test('a provider is there when its client id is', () => {
	expect(idsOf(WHOLE)).toEqual(['google', 'apple', 'github']);
	expect(idsOf({ ...WHOLE, GOOGLE_CLIENT_ID: '', APPLE_CLIENT_ID: '' })).toEqual(['github']);
	expect(idsOf({ ENVIRONMENT: 'production' })).toEqual([]);
});

test.each([
	['GOOGLE_CLIENT_SECRET', 'GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not.'],
	['APPLE_TEAM_ID', 'APPLE_CLIENT_ID is set, and APPLE_TEAM_ID is not.'],
	['APPLE_KEY_ID', 'APPLE_CLIENT_ID is set, and APPLE_KEY_ID is not.'],
	['APPLE_PRIVATE_KEY', 'APPLE_CLIENT_ID is set, and APPLE_PRIVATE_KEY is not.'],
	['GITHUB_CLIENT_SECRET', 'GITHUB_CLIENT_ID is set, and GITHUB_CLIENT_SECRET is not.'],
] as const)('a client without its %s is refused by name', (name, sentence) => {
	expect(() => signInGatewaysOf({ ...WHOLE, [name]: '' }, fetch)).toThrow(sentence);
});

test.each(['GOOGLE', 'APPLE', 'GITHUB'] as const)(
	'a stand-in for %s is refused anywhere but on one’s own machine',
	(provider) => {
		const url = { [`${provider}_EMULATOR_URL`]: 'http://127.0.0.1:9/x' };
		for (const environment of ['production', 'preview']) {
			expect(() => signInGatewaysOf({ ...WHOLE, ENVIRONMENT: environment, ...url }, fetch)).toThrow(
				'a stand-in lets anybody in',
			);
			// Also where the provider itself is not offered.
			expect(() => signInGatewaysOf({ ENVIRONMENT: environment, ...url }, fetch)).toThrow('a stand-in lets anybody in');
		}
		expect(idsOf({ ...WHOLE, ENVIRONMENT: 'local', ...url })).toHaveLength(3);
	},
);

test('the local edge signs in at the stand-ins, and at the provider whose client stands in .dev.vars', () => {
	const emulators = 'http://127.0.0.1:9';
	const local = signInVars({ emulators, realKeys: {} });
	expect(Object.keys(local.clients).toSorted()).toEqual([
		'APPLE_CLIENT_ID',
		'APPLE_KEY_ID',
		'APPLE_TEAM_ID',
		'GITHUB_CLIENT_ID',
		'GOOGLE_CLIENT_ID',
	]);
	expect(local.emulatorUrls).toEqual({
		GOOGLE_EMULATOR_URL: `${emulators}/google`,
		APPLE_EMULATOR_URL: `${emulators}/apple`,
		GITHUB_EMULATOR_URL: `${emulators}/github`,
	});

	const real = signInVars({ emulators, realKeys: { GOOGLE_CLIENT_ID: 'real', GOOGLE_CLIENT_SECRET: 's' } });
	expect(real.clients['GOOGLE_CLIENT_ID']).toBe('real');
	expect(real.emulatorUrls).not.toHaveProperty('GOOGLE_EMULATOR_URL');
	expect(signInVars({ emulators: undefined, realKeys: {} })).toEqual({ clients: {}, emulatorUrls: {} });
});
