import { hmacOf } from './mail-keys';

const PURPOSE = 'afterglow mail address v1';

/**
 * A fingerprint of an address, by which what bounced or was complained about is known without keeping the address. The same for one
 * mailbox however its letters are written; a guess needs the key.
 */
export async function addressHashOf(mailKey: string, address: string): Promise<string> {
	return Buffer.from(await hmacOf(mailKey, PURPOSE, address.trim().toLowerCase())).toString('base64url');
}
