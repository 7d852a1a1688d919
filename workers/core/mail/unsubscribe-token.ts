import { OPTIONAL_CLASSES, type OptionalClass } from './mail-class';
import { hmacOf, sealingKey } from './mail-keys';

/*
 * A synthetic IV: the HMAC of what is sealed is the nonce it is sealed with. So the same person and class have the same link, equal nonces
 * mean equal contents, and nobody who sees a link learns whose it is.
 */
const IV_PURPOSE = 'afterglow unsubscribe iv v1';
const SEAL_PURPOSE = 'afterglow unsubscribe seal v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** More than any id and class take; a longer word is no token. */
const TOKEN_LENGTH_MAX = 200;

/** Whose mail of which class a link stops. */
export interface Unsubscribing {
	userId: string;
	mailClass: OptionalClass;
}

/**
 * What a link in a mail names its reader by: opaque, the same each time, good for as long as the key is (RFC 8058, 3.1). Whoever has it can
 * refuse this class for this person, and nothing else.
 */
export async function unsubscribeToken(mailKey: string, { userId, mailClass }: Unsubscribing): Promise<string> {
	const words = `${mailClass} ${userId}`;
	const iv = await ivOf(mailKey, words);
	const key = await sealingKey(mailKey, SEAL_PURPOSE);
	const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(words));
	return Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url');
}

/** Null for what `unsubscribeToken` did not make with this key. */
export async function readUnsubscribeToken(mailKey: string, token: string): Promise<Unsubscribing | null> {
	if (token.length > TOKEN_LENGTH_MAX) return null;
	const bytes = Uint8Array.from(Buffer.from(token, 'base64url'));
	// One way to write it: what a decoder would overlook makes another word.
	if (bytes.length <= IV_BYTES + TAG_BYTES || Buffer.from(bytes).toString('base64url') !== token) return null;
	const iv = bytes.subarray(0, IV_BYTES);
	const key = await sealingKey(mailKey, SEAL_PURPOSE);
	const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.subarray(IV_BYTES)).catch(() => null);
	if (opened === null) return null;
	const [name, userId] = new TextDecoder().decode(opened).split(' ');
	const mailClass = OPTIONAL_CLASSES.find((each) => each === name);
	return mailClass === undefined || userId === undefined ? null : { userId, mailClass };
}

async function ivOf(mailKey: string, words: string): Promise<Uint8Array<ArrayBuffer>> {
	return (await hmacOf(mailKey, IV_PURPOSE, words)).slice(0, IV_BYTES);
}
