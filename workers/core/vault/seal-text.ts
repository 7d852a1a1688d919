import { findDataKey, requireDataKey } from './data-key';
import type { SealingVault, Vault } from './vault';

const IV_BYTES = 12;
const MARK = 'v1.';
/** The mark, and at least as much as an empty text makes: twelve bytes of IV, sixteen of tag. */
const SEALED = /^v1\.[\w-]{38,}$/;

/** Whose it is and where it stands. Both are bound into the seal, so that a value copied to another row does not open there. */
export interface SealPlace {
	/** The id of the person, account, subject, ticket or request whose key it is. */
	owner: string;
	/** Table and column: `subjects.reference`. */
	place: string;
}

/** `text` as AES-256-GCM under its owner's data key: `v1.` and base64url. Refuses (`conflict`) for an erased owner. */
export async function sealText(
	deps: { vault: SealingVault },
	{ owner, place, text }: SealPlace & { text: string },
): Promise<string> {
	const key = await requireDataKey(deps, owner);
	const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
	const sealed = await crypto.subtle.encrypt(algorithm(iv, { owner, place }), key, new TextEncoder().encode(text));
	return `${MARK}${Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url')}`;
}

/**
 * What was sealed; null once its key is gone, which is what an erasure leaves. Throws for what was sealed for another place or
 * changed since.
 */
export async function openText(
	deps: { vault: Vault },
	{ owner, place, sealed }: SealPlace & { sealed: string },
): Promise<string | null> {
	if (!isSealed(sealed)) throw new Error(`a value of ${place} is not sealed`);
	const key = await findDataKey(deps, owner);
	if (key === null) return null;
	const bytes = Uint8Array.from(Buffer.from(sealed.slice(MARK.length), 'base64url'));
	const iv = bytes.subarray(0, IV_BYTES);
	try {
		const text = await crypto.subtle.decrypt(algorithm(iv, { owner, place }), key, bytes.subarray(IV_BYTES));
		return new TextDecoder().decode(text);
	} catch (cause) {
		throw new Error(`a value of ${place} was not sealed there`, { cause });
	}
}

export function isSealed(value: string): boolean {
	return SEALED.test(value);
}

function algorithm(iv: Uint8Array<ArrayBuffer>, { owner, place }: SealPlace) {
	return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(`${owner}|${place}`) };
}
