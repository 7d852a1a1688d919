import { eachAtOnce } from './each-at-once';
import { KEYS, unwrapKey, wrapKey, WrappedKey, wrappingKey } from './data-key';
import type { SealingVault } from './vault';

/** A key is read and written, and an invocation has a thousand calls for everything. */
export const KEYS_AT_ONCE_MAX = 200;

export interface Rotated {
	/** How many keys were looked at. */
	looked: number;
	/** How many of them were wrapped anew. */
	rewrapped: number;
	/** How many of them are under a secret that is not configured, and cannot be opened. */
	unknown: number;
	/** Where to go on; null at the end. */
	cursor: string | null;
}

/**
 * Wraps a page of data keys with the newest secret: those that the one before it wrapped. The keys themselves stay, and with them
 * everything that is sealed. What is new already is left, so it is safe to break off and to repeat. A key that is erased meanwhile
 * stays erased: only what is still there as it was read is written.
 */
export async function rotateKeys(
	{ vault }: { vault: SealingVault },
	{ cursor }: { cursor: string | null },
): Promise<Rotated> {
	const { store, wrapping } = vault;
	const newest = (await wrappingKey(wrapping.current)).id;
	const before = wrapping.before === null ? null : (await wrappingKey(wrapping.before)).id;
	const page = await store.list(KEYS, cursor, KEYS_AT_ONCE_MAX);
	const old = page.objects.filter(({ label }) => label !== newest);
	const openable = old.filter(({ label }) => label === before);
	const written = await eachAtOnce(openable, async ({ name }) => {
		const owner = name.slice(KEYS.length);
		return store.change(name, async (text) => {
			const wrapped = await wrapKey(
				wrapping.current,
				owner,
				await unwrapKey(wrapping, owner, WrappedKey.parse(JSON.parse(text))),
			);
			return { text: JSON.stringify(wrapped), label: wrapped.wrap };
		});
	});
	return {
		looked: page.objects.length,
		rewrapped: written.filter(Boolean).length,
		unknown: old.length - openable.length,
		cursor: page.cursor,
	};
}
