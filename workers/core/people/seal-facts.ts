import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { z } from 'zod';

/*
 * AES-256-GCM under a key that HKDF-SHA-256 makes of the secret, as mails are sealed (`seal-mail.ts`), but at once: a drizzle
 * statement that comes out of a promise has run.
 */
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'afterglow facts of a code v1';

const Facts = z.record(z.string(), z.string());
export type Facts = Readonly<z.output<typeof Facts>>;

/** Names, addresses and hashes that wait beside a code, as base64url text that only this code's id and the key open. */
export function sealFacts(lookupKey: string, id: string, facts: Facts): string {
	const iv = randomBytes(IV_BYTES);
	const cipher = createCipheriv(CIPHER, keyOf(lookupKey), iv).setAAD(Buffer.from(id));
	const sealed = Buffer.concat([cipher.update(JSON.stringify(facts), 'utf8'), cipher.final()]);
	return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Throws for what `sealFacts` did not make with this key for this id. */
export function openFacts(lookupKey: string, id: string, sealed: string): Facts {
	const bytes = Buffer.from(sealed, 'base64url');
	const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
	const decipher = createDecipheriv(CIPHER, keyOf(lookupKey), bytes.subarray(0, IV_BYTES), {
		authTagLength: TAG_BYTES,
	});
	decipher.setAAD(Buffer.from(id)).setAuthTag(tag);
	const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
	return Facts.parse(JSON.parse(opened.toString('utf8')));
}

function keyOf(lookupKey: string): Buffer {
	// Without a salt: the secret is random already.
	return Buffer.from(hkdfSync('sha256', lookupKey, '', PURPOSE, KEY_BYTES));
}
