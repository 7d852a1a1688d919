/**
 * The bucket of data keys. It has no history, unlike the database: a key that is deleted here is gone, and with it whatever was
 * sealed with it in rows that somebody could bring back (N10).
 */
export interface VaultStore {
	/** Writes what is not there yet; false, and nothing written, where something is. A listing tells its `label`. */
	create(name: string, text: string, label?: string): Promise<boolean>;
	read(name: string): Promise<string | null>;
	/** Writes in place of exactly `before`; false, and nothing written, where something else lies, or nothing. */
	replace(name: string, before: string, text: string): Promise<boolean>;
	remove(names: readonly string[]): Promise<void>;
	/** A page of what lies below a prefix, in the order of names, of 1,000 at most; `cursor` is null at the end. */
	list(
		prefix: string,
		cursor: string | null,
		limit?: number,
	): Promise<{ objects: { name: string; label: string | null }[]; cursor: string | null }>;
}

export interface SealingVaultStore extends VaultStore {
	/**
	 * Writes in place of what is there what `make` makes of it; false, and nothing written, where nothing is, or where it was
	 * deleted or changed in between.
	 */
	change(name: string, make: (text: string) => Promise<{ text: string; label: string }>): Promise<boolean>;
}

/** What wraps data keys. `before` opens what was wrapped until the last rotation, and wraps nothing. */
export interface WrappingSecrets {
	current: string;
	before: string | null;
}

/** Opens, erases and says so: what the jobs Worker holds. */
export interface Vault {
	store: VaultStore;
	wrapping: WrappingSecrets;
	/** Data keys that this request has unwrapped, by owner. Never longer: an erased key must not live on in memory. */
	opened: Map<string, Promise<CryptoKey | null>>;
}

/** Seals as well: what the api Worker holds. */
export interface SealingVault extends Vault {
	store: SealingVaultStore;
}

/** R2 lists at most so many names at once. */
const LIST_MAX = 1_000;

export function createVault(bucket: R2Bucket, wrapping: WrappingSecrets): SealingVault {
	return { store: vaultStore(bucket), wrapping, opened: new Map() };
}

function vaultStore(bucket: R2Bucket): SealingVaultStore {
	return {
		read: async (name) => (await (await bucket.get(name))?.text()) ?? null,
		replace: async (name, before, text) => {
			const found = await bucket.get(name);
			if (found === null || (await found.text()) !== before) return false;
			return (await bucket.put(name, text, { onlyIf: { etagMatches: found.etag } })) !== null;
		},
		remove: (names) => bucket.delete([...names]),
		list: async (prefix, cursor, limit = LIST_MAX) => {
			const page = await bucket.list({
				prefix,
				limit,
				include: ['customMetadata'],
				...(cursor === null ? {} : { cursor }),
			});
			const objects = page.objects.map((one) => ({ name: one.key, label: one.customMetadata?.['label'] ?? null }));
			return { objects, cursor: page.truncated ? page.cursor : null };
		},
		create: async (name, text, label) => {
			const onlyIf = { etagDoesNotMatch: '*' };
			const told = label === undefined ? {} : { customMetadata: { label } };
			return (await bucket.put(name, text, { onlyIf, ...told })) !== null;
		},
		change: async (name, make) => {
			const found = await bucket.get(name);
			if (found === null) return false;
			const { text, label } = await make(await found.text());
			const onlyIf = { etagMatches: found.etag };
			return (await bucket.put(name, text, { onlyIf, customMetadata: { label } })) !== null;
		},
	};
}
