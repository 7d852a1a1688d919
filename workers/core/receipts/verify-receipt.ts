import { canonicalJson } from './canonical-json';
import { SignedReceipt, type ReceiptBody } from './receipt-facts';
import { fromBase64, toHex, type PublicKeySet } from './receipt-key';

export type Verdict = { isValid: true; body: ReceiptBody } | { isValid: false; problem: string };

/**
 * Checks one receipt against published keys, without a database or a network. The key inside the receipt is not
 * trusted: it has to be one of `keys`.
 */
export async function verifyReceipt(receipt: unknown, keys: PublicKeySet): Promise<Verdict> {
	const parsed = SignedReceipt.safeParse(receipt);
	if (!parsed.success) return refused('it is not in the form of a receipt');
	const { body, hash, signature, ...repeated } = parsed.data;

	const doesRepeat =
		repeated.seq === body.seq &&
		repeated.previousHash === body.previousHash &&
		repeated.keyId === body.keyId &&
		repeated.publicKey === body.publicKey;
	if (!doesRepeat) return refused('its outer fields differ from the signed ones');

	const key = keys.keys.find(({ kid }) => kid === body.keyId);
	if (key === undefined) return refused(`its key ${body.keyId} is not among the published keys`);
	if (key.x !== body.publicKey) return refused('its key differs from the published one');

	const bytes = new TextEncoder().encode(canonicalJson(body));
	if (toHex(await crypto.subtle.digest('SHA-256', bytes)) !== hash) return refused('its hash does not fit its text');
	if (!(await isSignedBy(key.x, signature, bytes))) return refused('its signature does not fit its text');
	return { isValid: true, body };
}

/** Whether the holder of this raw Ed25519 key, base64url, signed these bytes. */
export async function isSignedBy(
	publicKey: string,
	signature: string,
	bytes: ReturnType<TextEncoder['encode']>,
): Promise<boolean> {
	const key = await crypto.subtle.importKey('raw', fromBase64(publicKey), 'Ed25519', false, ['verify']);
	return crypto.subtle.verify('Ed25519', key, fromBase64(signature), bytes);
}

function refused(problem: string): Verdict {
	return { isValid: false, problem };
}
