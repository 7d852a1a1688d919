import { createHmac } from 'node:crypto';

/**
 * The header `Stripe-Signature` for a raw body: one `v1` for each secret, which is more than one while a secret is rolled. The
 * whole `whsec_…` string is the key.
 */
export function signatureHeader(body: string, secrets: readonly string[], timestampSeconds: number): string {
	const signed = `${timestampSeconds}.${body}`;
	const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(signed, 'utf8').digest('hex')}`);
	return [`t=${timestampSeconds}`, ...signatures].join(',');
}
