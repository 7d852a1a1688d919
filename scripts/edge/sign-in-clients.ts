import { createPublicKey } from 'node:crypto';

import { LOCAL_APPLE, LOCAL_GITHUB, LOCAL_GOOGLE } from '../../emulators/sign-in/clients';
import type { Secrets } from './secrets';

/** What `.dev.vars` names of a provider's real client, beside its secret. */
const CLIENT_VARS = {
	google: ['GOOGLE_CLIENT_ID'],
	apple: ['APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID'],
	github: ['GITHUB_CLIENT_ID'],
} as const;

const LOCAL: Readonly<Record<keyof typeof CLIENT_VARS, Readonly<Record<string, string>>>> = {
	google: { GOOGLE_CLIENT_ID: LOCAL_GOOGLE.clientId },
	apple: {
		APPLE_CLIENT_ID: LOCAL_APPLE.clientId,
		APPLE_TEAM_ID: LOCAL_APPLE.teamId,
		APPLE_KEY_ID: LOCAL_APPLE.keyId,
	},
	github: { GITHUB_CLIENT_ID: LOCAL_GITHUB.clientId },
};

/**
 * The clients that people sign in by: the real one of each provider that `.dev.vars` names, else the stand-in's, else none.
 * `emulatorUrls` exist on this machine only.
 */
export function signInVars({ emulators, realKeys }: { emulators: string | undefined; realKeys: Secrets }): {
	clients: Record<string, string>;
	emulatorUrls: Record<string, string>;
} {
	const clients: Record<string, string> = {};
	const emulatorUrls: Record<string, string> = {};
	for (const provider of ['google', 'apple', 'github'] as const) {
		const [clientId] = CLIENT_VARS[provider];
		if (clientId in realKeys) {
			for (const name of CLIENT_VARS[provider]) clients[name] = realKeys[name] ?? '';
		} else if (emulators !== undefined) {
			Object.assign(clients, LOCAL[provider]);
			emulatorUrls[`${provider.toUpperCase()}_EMULATOR_URL`] = `${emulators}/${provider}`;
		}
	}
	return { clients, emulatorUrls };
}

/** Lets the stand-in for Apple check what this edge signs with its own key. Nothing to do where Apple itself is asked. */
export async function registerAppleKey(
	emulators: string | undefined,
	{ secrets, realKeys }: { secrets: Secrets; realKeys: Secrets },
): Promise<void> {
	const pem = secrets['APPLE_PRIVATE_KEY'];
	if (emulators === undefined || pem === undefined || 'APPLE_CLIENT_ID' in realKeys) return;
	const publicKey = createPublicKey(pem).export({ format: 'pem', type: 'spki' });
	const answer = await fetch(`${emulators}/control/apple/register-key`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...LOCAL_APPLE, publicKey }),
	});
	if (!answer.ok) throw new Error(`The stand-in for Apple refused the key: ${await answer.text()}`);
}
