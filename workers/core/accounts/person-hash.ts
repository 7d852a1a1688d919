/** Gmail reads all of these as one mailbox. */
const DOTS_MEAN_NOTHING = new Set(['gmail.com', 'googlemail.com']);

/**
 * An address as the mailbox behind it: lower case, without what stands behind a plus sign, and at Gmail without dots. Only
 * for telling whether two addresses are one person's; mail goes to the address as it was typed.
 */
export function mailboxOf(email: string): string {
	const lower = email.trim().toLowerCase();
	const at = lower.lastIndexOf('@');
	const domain = lower.slice(at + 1);
	const [name = ''] = lower.slice(0, at).split('+', 1);
	if (!DOTS_MEAN_NOTHING.has(domain)) return `${name}@${domain}`;
	return `${name.replaceAll('.', '')}@gmail.com`;
}

/** Who somebody is as far as their address tells, without telling it: what a welcome is kept under (BD-11). */
export function personHashOf(lookupKey: string, email: string): Promise<string> {
	return lookupHash(lookupKey, 'person', mailboxOf(email));
}

/** HMAC-SHA256 of words under the Worker's key, base64url: tells equals apart without holding what they are. */
export async function lookupHash(lookupKey: string, ...words: readonly string[]): Promise<string> {
	const bytes = new TextEncoder();
	const key = await crypto.subtle.importKey('raw', bytes.encode(lookupKey), { name: 'HMAC', hash: 'SHA-256' }, false, [
		'sign',
	]);
	const digest = await crypto.subtle.sign('HMAC', key, bytes.encode(JSON.stringify(words)));
	return Buffer.from(digest).toString('base64url');
}
