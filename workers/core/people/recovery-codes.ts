import { createHmac } from 'node:crypto';

import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { z } from 'zod';

import type { AuthSecrets } from '../accounts/create-auth';
import type { AccessDeps } from '../deps';

type CodeDeps = Pick<AccessDeps, 'lookupKey'> & { authSecrets: AuthSecrets };

export const RECOVERY_CODES = 10;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 100 bits. */
const LENGTH = 20;
const GROUP = 5;

/** Ten codes to show once, such as `3f9kq-…`, and what is stored of them: hashes, encrypted as better-auth keeps its own. */
export async function newRecoveryCodes(deps: CodeDeps): Promise<{ codes: string[]; stored: string }> {
	const codes = Array.from({ length: RECOVERY_CODES }, newCode);
	const hashes = codes.map((code) => recoveryHash(deps, code));
	return { codes, stored: await encrypt(deps, JSON.stringify(hashes)) };
}

/** How many are left. */
export async function countRecoveryCodes(deps: CodeDeps, stored: string): Promise<number> {
	const hashes = await decrypt(deps, stored);
	return z.array(z.string()).parse(JSON.parse(hashes)).length;
}

/** What better-auth compares: it knows the hash as the code. Typed in capitals or without its lines it is the same code. */
export function recoveryHash({ lookupKey }: CodeDeps, code: string): string {
	const plain = code.toLowerCase().replaceAll(/[^\da-z]/g, '');
	return createHmac('sha256', lookupKey)
		.update(JSON.stringify(['recovery code', plain]))
		.digest('base64url');
}

export function encrypt({ authSecrets }: CodeDeps, text: string): Promise<string> {
	return symmetricEncrypt({ key: authSecrets.authSecret, data: text });
}

export function decrypt({ authSecrets }: { authSecrets: AuthSecrets }, text: string): Promise<string> {
	return symmetricDecrypt({ key: authSecrets.authSecret, data: text });
}

function newCode(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
	const code = [...bytes].map((byte) => ALPHABET.charAt(byte & 31)).join('');
	return code.replaceAll(new RegExp(`.{${GROUP}}(?!$)`, 'g'), '$&-');
}
