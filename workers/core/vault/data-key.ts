import { z } from 'zod';

import { AppError } from '../errors';
import { isErased } from './tombstone';
import type { SealingVault, Vault, WrappingSecrets } from './vault';

const IV_BYTES = 12;
const KEY_BYTES = 32;
const PURPOSE = 'afterglow vault v1';
const ERASED_OWNER = 'This was erased, and nothing can be added to it.';

/** A data key as it lies in the vault. `wrap` names the secret that wrapped it, so that a rotation knows what is left to do. */
export const WrappedKey = z.strictObject({ v: z.literal(1), wrap: z.string(), sealed: z.string() });
export type WrappedKey = z.infer<typeof WrappedKey>;

/** Below it lie the data keys. */
export const KEYS = 'keys/';

/** Where the data key of `owner` lies: the id of a person, account, subject, ticket or request. */
export function keyName(owner: string): string {
	return `${KEYS}${owner}`;
}

/** The data key of `owner`; null when there is none (any more). */
export function findDataKey({ vault }: { vault: Vault }, owner: string): Promise<CryptoKey | null> {
	const known = vault.opened.get(owner);
	if (known !== undefined) return known;
	const found = readDataKey(vault, owner);
	vault.opened.set(owner, found);
	// A read that failed is made again by whoever asks next.
	found.catch(() => vault.opened.delete(owner));
	return found;
}

/**
 * The data key of `owner`, made when there is none. Two that make one at once end with the same: the second finds the first's.
 * Refuses (`conflict`) for an owner who was erased.
 */
export async function requireDataKey({ vault }: { vault: SealingVault }, owner: string): Promise<CryptoKey> {
	const found = await findDataKey({ vault }, owner);
	if (found !== null) return found;
	if (await isErased({ vault }, owner)) throw new AppError('conflict', ERASED_OWNER);
	const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
	const wrapped = await wrapKey(vault.wrapping.current, owner, raw);
	const isMine = await vault.store.create(keyName(owner), JSON.stringify(wrapped), wrapped.wrap);
	vault.opened.delete(owner);
	// An erasure writes its tombstone before it deletes the key: either it is seen here, or it deletes what was just made.
	if (await isErased({ vault }, owner)) {
		await destroyDataKey({ vault }, owner);
		throw new AppError('conflict', ERASED_OWNER);
	}
	const made = isMine ? await importDataKey(raw) : await findDataKey({ vault }, owner);
	if (made === null) throw new AppError('upstream_unavailable', 'This could not be stored now. Try it again.');
	vault.opened.set(owner, Promise.resolve(made));
	return made;
}

/** Deletes the data key: what was sealed with it can never be read again, wherever a copy of it lies. */
export async function destroyDataKey({ vault }: { vault: Vault }, owner: string): Promise<void> {
	vault.opened.delete(owner);
	await vault.store.remove([keyName(owner)]);
}

export async function wrapKey(secret: string, owner: string, raw: Uint8Array<ArrayBuffer>): Promise<WrappedKey> {
	const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
	const { key, id } = await wrappingKey(secret);
	const sealed = await crypto.subtle.encrypt(algorithm(iv, owner), key, raw);
	return { v: 1, wrap: id, sealed: Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url') };
}

/** The raw data key; throws when neither secret wrapped it. */
export async function unwrapKey(
	wrapping: WrappingSecrets,
	owner: string,
	wrapped: WrappedKey,
): Promise<Uint8Array<ArrayBuffer>> {
	const secrets = [wrapping.current, ...(wrapping.before === null ? [] : [wrapping.before])];
	for (const secret of secrets) {
		const { key, id } = await wrappingKey(secret);
		if (id !== wrapped.wrap) continue;
		const bytes = Uint8Array.from(Buffer.from(wrapped.sealed, 'base64url'));
		const iv = bytes.subarray(0, IV_BYTES);
		return new Uint8Array(await crypto.subtle.decrypt(algorithm(iv, owner), key, bytes.subarray(IV_BYTES)));
	}
	throw new Error('a data key was wrapped with a secret that is not configured');
}

async function readDataKey({ store, wrapping }: Vault, owner: string): Promise<CryptoKey | null> {
	const text = await store.read(keyName(owner));
	if (text === null) return null;
	const raw = await unwrapKey(wrapping, owner, WrappedKey.parse(JSON.parse(text)));
	return importDataKey(raw);
}

function importDataKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
	return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function algorithm(iv: Uint8Array<ArrayBuffer>, owner: string) {
	return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(owner) };
}

/** The key that HKDF-SHA-256 makes of the secret, and eight hexadecimal digits that name it without telling it. */
export async function wrappingKey(secret: string): Promise<{ key: CryptoKey; id: string }> {
	const text = new TextEncoder();
	const material = await crypto.subtle.importKey('raw', text.encode(secret), 'HKDF', false, ['deriveBits']);
	// Without a salt: the secret is random already, and both Workers have to come to the same key.
	const derive = (info: string, bits: number) =>
		crypto.subtle.deriveBits(
			{ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text.encode(info) },
			material,
			bits,
		);
	const [bits, name] = await Promise.all([derive(PURPOSE, 256), derive(`${PURPOSE} name`, 32)]);
	const key = await crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt']);
	return { key, id: Buffer.from(name).toString('hex') };
}
