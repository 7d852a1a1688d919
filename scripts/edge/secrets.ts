import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { z } from 'zod';

import { LOCAL_RESEND } from '../../emulators/mail/clients';
import { LOCAL_GITHUB, LOCAL_GOOGLE } from '../../emulators/sign-in/clients';
import { LOCAL_STRIPE } from '../../emulators/stripe/clients';
import { LOCAL_TURNSTILE } from '../../emulators/turnstile/tokens';
import { fromHome } from '../root';
import { generateCredentialSecrets } from './credential-secrets';

export type Secrets = Record<string, string>;

/** Keys that switch one processor from its emulator to the real service. */
export const PROCESSOR_KEYS = ['FAL_KEY', 'OPENAI_KEY', 'RESEND_KEY', 'STRIPE_SECRET_KEY'] as const;

const DUMMY_KEYS: Secrets = {
	FAL_KEY: 'local-emulator:no-secret',
	OPENAI_KEY: 'local-emulator-no-secret',
	RESEND_KEY: 're_local_emulator_no_secret',
	// Empty: Meta is told nothing. A start with trackers puts the stand-in's here.
	META_ACCESS_TOKEN: '',
	STRIPE_SECRET_KEY: LOCAL_STRIPE.secretKey,
	STRIPE_WEBHOOK_SECRET: LOCAL_STRIPE.webhookSecret,
	RESEND_WEBHOOK_SECRET: LOCAL_RESEND.webhookSecret,
	TURNSTILE_SECRET: LOCAL_TURNSTILE.secret,
	GOOGLE_CLIENT_SECRET: LOCAL_GOOGLE.clientSecret,
	GITHUB_CLIENT_SECRET: LOCAL_GITHUB.clientSecret,
};

function random(): string {
	return randomBytes(32).toString('base64url');
}

async function generateSecrets(): Promise<Secrets> {
	const { privateKey } = generateKeyPairSync('ed25519');
	const { privateKey: statementKey } = generateKeyPairSync('ed25519');
	const { privateKey: appleKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return {
		URL_SIGNING_KEY: random(),
		AUTH_SECRET: random(),
		PASSWORD_PEPPER: random(),
		LOOKUP_KEY: random(),
		MAIL_SEALING_KEY: random(),
		WEBHOOK_TOKEN_KEY: random(),
		OPERATOR_KEY: random(),
		VAULT_KEY: random(),
		APPLE_PRIVATE_KEY: appleKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
		STATEMENT_SIGNING_KEY: statementKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
		...(await generateCredentialSecrets()),
		RECEIPT_SIGNING_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
	};
}

/**
 * Made once a state directory: sessions, signed URLs and receipts of an earlier start stay valid after the next. A secret that a
 * later version needs is added to those that are there.
 */
export async function localSecrets(stateDir: string): Promise<Secrets> {
	const path = join(stateDir, 'secrets.json');
	const kept = existsSync(path)
		? z.record(z.string(), z.string()).parse(JSON.parse(await readFile(path, 'utf8')))
		: undefined;
	const secrets = { ...(await generateSecrets()), ...kept };
	if (kept === undefined || Object.keys(secrets).length > Object.keys(kept).length) {
		await mkdir(stateDir, { recursive: true });
		await writeFile(path, `${JSON.stringify(secrets, null, '\t')}\n`, { mode: 0o600 });
	}
	return { ...DUMMY_KEYS, ...secrets };
}

/** The root `.dev.vars`; empty when there is none. */
export async function devVars(): Promise<Secrets> {
	const path = fromHome('.dev.vars');
	if (!existsSync(path)) return {};
	const vars: Secrets = {};
	for (const [name, value] of Object.entries(parseEnv(await readFile(path, 'utf8')))) {
		if (value !== undefined && value !== '') vars[name] = value;
	}
	return vars;
}

/** What the api may know of the receipt key: enough to show, not to sign. Base64 of the SPKI form. */
export function receiptPublicKey(secrets: Secrets): string {
	const pkcs8 = secrets['RECEIPT_SIGNING_KEY'];
	if (pkcs8 === undefined) throw new Error('RECEIPT_SIGNING_KEY is missing, so no receipt could be signed.');
	const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
	return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
