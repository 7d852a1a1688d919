import type { JobDeps } from '../deps';

/**
 * Where an attempt's output lies: unguessable without the signing key, and the same each time, so that a crash between
 * storing and writing leaves nothing that cannot be found and removed.
 */
export async function outputKeyOf(
	{ urlSigningKey }: Pick<JobDeps, 'urlSigningKey'>,
	accountId: string,
	attemptId: string,
): Promise<string> {
	const encoder = new TextEncoder();
	const secret = encoder.encode(urlSigningKey);
	const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`output:${attemptId}`)));
	const name = Array.from(mac.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `out/${accountId}/${name}`;
}
