import { z } from 'zod';

const Jwks = z.object({ keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })) });

const LEEWAY_SECONDS = 300;

/** A caller's check of a fal webhook, written from fal's description alone so that it can judge the stand-in. */
export async function verifyWebhook(
	webhook: { readonly headers: Headers; readonly body: string },
	jwks: unknown,
	nowSeconds: number,
): Promise<boolean> {
	const header = (name: string) => webhook.headers.get(`x-fal-webhook-${name}`) ?? '';
	const timestamp = Number(header('timestamp'));
	if (!(Math.abs(nowSeconds - timestamp) <= LEEWAY_SECONDS)) return false;
	if (!/^[0-9a-f]{128}$/.test(header('signature'))) return false;
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(webhook.body));
	const parts = [header('request-id'), header('user-id'), header('timestamp'), Buffer.from(digest).toString('hex')];
	const message = new TextEncoder().encode(parts.join('\n'));
	const signature = new Uint8Array(Buffer.from(header('signature'), 'hex'));
	for (const { kty, crv, x } of Jwks.parse(jwks).keys) {
		const jwk = { kty, crv, x: x.replace(/=+$/, '') };
		const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
		if (await crypto.subtle.verify('Ed25519', key, signature, message)) return true;
	}
	return false;
}
