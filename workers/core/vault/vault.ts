/**
 * The bucket of data keys. It has no history, unlike the database: a key that is deleted here is gone, and with it whatever was
 * sealed with it in rows that somebody could bring back (N10).
 */
export interface VaultStore {
	read(name: string): Promise<string | null>;
	remove(names: readonly string[]): Promise<void>;
	/** A page of names below a prefix, in their order; `cursor` is null at the end. */
	list(prefix: string, cursor: string | null): Promise<{ names: string[]; cursor: string | null }>;
}

export interface SealingVaultStore extends VaultStore {
	/** Writes what is not there yet; false, and nothing written, where something is. */
	create(name: string, text: string): Promise<boolean>;
	replace(name: string, text: string): Promise<void>;
}

/** What wraps data keys. `before` opens what was wrapped until the last rotation, and wraps nothing. */
export interface WrappingSecrets {
	current: string;
	before: string | null;
}

/** Opens and erases: what the jobs Worker holds. */
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
		remove: (names) => bucket.delete([...names]),
		list: async (prefix, cursor) => {
			const page = await bucket.list({ prefix, limit: LIST_MAX, ...(cursor === null ? {} : { cursor }) });
			return { names: page.objects.map(({ key }) => key), cursor: page.truncated ? page.cursor : null };
		},
		create: async (name, text) =>
			(await bucket.put(name, text, { onlyIf: new Headers({ 'if-none-match': '*' }) })) !== null,
		replace: async (name, text) => {
			await bucket.put(name, text);
		},
	};
}
