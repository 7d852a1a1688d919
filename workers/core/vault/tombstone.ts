import type { Vault } from './vault';

/** Below it lie the tombstones. */
export const TOMBS = 'tombs/';

/**
 * That an id was erased, kept where no restore of the database reaches: what comes late for it is refused, and rows of it that a
 * restore brings back are erased again (E5). The name is a hash, which tells nothing to whoever does not have the id. True when it
 * was not there before.
 */
export async function writeTombstone({ vault }: { vault: Vault }, id: string, nowMs: number): Promise<boolean> {
	return vault.store.create(await tombstoneName(id), JSON.stringify({ v: 1, atMs: nowMs }));
}

/** Takes back tombstones of ids whose erasure was refused after all: a replay would erase who is to stay. */
export async function removeTombstones({ vault }: { vault: Vault }, ids: readonly string[]): Promise<void> {
	if (ids.length > 0) await vault.store.remove(await Promise.all(ids.map(tombstoneName)));
}

export async function isErased({ vault }: { vault: Vault }, id: string): Promise<boolean> {
	return (await vault.store.read(await tombstoneName(id))) !== null;
}

export async function tombstoneName(id: string): Promise<string> {
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`afterglow tombstone|${id}`));
	return `${TOMBS}${Buffer.from(hash).toString('hex')}`;
}
