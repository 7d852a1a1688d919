import { Mail } from './mail';
import { sealingKey } from './mail-keys';

/*
 * AES-256-GCM under a key that HKDF-SHA-256 makes of the secret. Two mails in 2^32 would have to be sealed under one key before
 * random nonces of 96 bits are a risk (NIST SP 800-38D, 8.3).
 */
const IV_BYTES = 12;
const PURPOSE = 'afterglow mail v1';

/** Sealed under another key, of another mail, or changed since. Says nothing of what was inside. */
export class CannotOpenMail extends Error {
	override readonly name = 'CannotOpenMail';
}

/** Whom it goes to and what it says, as base64url text that only this mail's id and the key open. */
export async function sealMail(mailKey: string, mailId: string, mail: Mail): Promise<string> {
	const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
	const text = new TextEncoder().encode(JSON.stringify(mail));
	const sealed = await crypto.subtle.encrypt(algorithm(iv, mailId), await sealingKey(mailKey, PURPOSE), text);
	return Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url');
}

/** Throws `CannotOpenMail` for what `sealMail` did not make with this key for this id. */
export async function openMail(mailKey: string, mailId: string, sealed: string): Promise<Mail> {
	const bytes = Uint8Array.from(Buffer.from(sealed, 'base64url'));
	const iv = bytes.subarray(0, IV_BYTES);
	const key = await sealingKey(mailKey, PURPOSE);
	let text: ArrayBuffer;
	try {
		text = await crypto.subtle.decrypt(algorithm(iv, mailId), key, bytes.subarray(IV_BYTES));
	} catch {
		// Without its cause: what WebCrypto says of it differs by runtime and tells nothing more.
		throw new CannotOpenMail('This mail was sealed with another key, or for another id.');
	}
	return Mail.parse(JSON.parse(new TextDecoder().decode(text)));
}

function algorithm(iv: Uint8Array<ArrayBuffer>, mailId: string) {
	return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(mailId) };
}
